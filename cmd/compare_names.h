/* compare_names.h - what the printers of a comparison call things. */
#ifndef PB_CMD_COMPARE_NAMES_H
#define PB_CMD_COMPARE_NAMES_H

#include "measure/text.h"
#include "results/compare.h"

/* For people: "saxpy f32 n=64 Ki simd avx512". */
void pb_compare_add_name(struct pb_text *out, const struct pb_point *point);
/* For programs: every part of the identity that is set, joined by '/', e.g.
 * "saxpy/f32/simd/avx512/x1/65536"; different points have different keys. */
void pb_compare_add_key(struct pb_text *out, const struct pb_point *point);

const char *pb_compare_mode_name(enum pb_compare_mode mode);         /* "paired" */
const char *pb_compare_result_name(enum pb_compare_result result);   /* "regression" */
const char *pb_crossing_change_name(enum pb_crossing_change change); /* "moved" */

/* "+5.2 % [+4.1 .. +6.4]"; "+5.2 %" without limits; "-" without an estimate. */
void pb_compare_add_change(struct pb_text *out, const struct pb_estimate *ratio);
/* "0.0005", "<0.0001", "-". */
void pb_compare_add_p(struct pb_text *out, double p);
/* One sentence about a row: "saxpy f32 n=64 Ki simd avx512 is slower: +5.2 % [..], p
 * 0.0005, 24 pairs: what to do". */
void pb_compare_add_sentence(struct pb_text *out, const struct pb_comparison *comparison,
                             const struct pb_row *row);
/* "2 slower, 1 unresolved, 9 same": what there is none of is left out. */
void pb_compare_add_tally(struct pb_text *out, const struct pb_compare_tally *tally);
/* "paired, up to 24 pairs, threshold 3 %". */
void pb_compare_add_conditions(struct pb_text *out,
                               const struct pb_comparison *comparison);

#endif

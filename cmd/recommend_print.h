/* recommend_print.h - the answers of `parbench recommend`, and their two printers, which
 * decide nothing. */
#ifndef PB_CMD_RECOMMEND_PRINT_H
#define PB_CMD_RECOMMEND_PRINT_H

#include "measure/error.h"
#include "results/recommend.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct pb_answers {
    const struct pb_record *record; /* borrowed, as all strings here */
    const char *kernel, *dtype, *cache;
    bool is_dtype_assumed;       /* --dtype was not given */
    const char *machine_differs; /* "": it is this machine */
    const char *build_differs;   /* "": it is this build */
    struct pb_advice *advices;   /* owned; by size, then by setting */
    size_t nsizes, nsettings;    /* advices has the product of these */
};

/* "always", "resident", "once:8"; buf of 32 bytes. Returns buf. */
const char *pb_setting_name(const struct pb_setting *setting, char *buf, size_t bytes);
/* "use", "either" or "unknown". */
const char *pb_advice_verdict(const struct pb_advice *advice);
/* Why the candidate's time is not known, to free(): "measured from 256 to 4 Mi", "its
 * result was wrong at 64 Ki". NULL when out of memory. */
char *pb_candidate_gap(const struct pb_candidate *candidate);
/* The same of an advice as a whole. NULL: something is known, or out of memory. */
char *pb_advice_gap(const struct pb_advice *advice);

void pb_recommend_print_text(const struct pb_answers *answers, FILE *out);
enum pb_status pb_recommend_print_json(const struct pb_answers *answers, FILE *out,
                                       struct pb_error *err);

#endif

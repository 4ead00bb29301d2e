/* sizes.h - the text of --size. */
#ifndef PB_CMD_SIZES_H
#define PB_CMD_SIZES_H

#include "measure/error.h"
#include "measure/plan.h"

/* Parses a --size text for one kernel: "4Ki", "64,128,256", "1Ki..64Mi*2" is one list for
 * all kernels; "saxpy=4Ki..64Mi*4,matmul=32..2048*2" one per kernel: pieces after a name
 * belong to it until the next name, and a kernel that is not named gets none. A range's
 * factor may be fractional ("*1.41") and is 2 where it is left out; the upper end is
 * included when the steps reach it. PB_ERR_USAGE quotes the piece. */
enum pb_status pb_sizes_parse(const char *text, const char *kernel, struct pb_sizes *out,
                              struct pb_error *err);

/* PB_ERR_USAGE where the text names a kernel that is not in names[0..count). */
enum pb_status pb_sizes_check_names(const char *text, const char *const *names,
                                    size_t count, struct pb_error *err);

#endif

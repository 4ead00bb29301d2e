/* variants.h - --variant: which of the kernels' ways to write the same computation, and
 * which of the backends' ways to have it done. */
#ifndef PB_CMD_VARIANTS_H
#define PB_CMD_VARIANTS_H

#include "measure/error.h"

#include <stdbool.h>
#include <stddef.h>

#define PB_VARIANTS_MAX 16

struct pb_wish;
struct pb_choice;

/* wish->variants: names, "default" and those of the chosen kernels' variants and of the
 * backends' for which one of the kernels has a form; "all": every one; NULL: "default",
 * and the yardsticks where the wish leaves it to parbench what to run. Fills
 * choice->variants with the kernels' and backends' own strings. PB_ERR_USAGE: there is no
 * such variant. */
enum pb_status pb_variants_choose(const struct pb_wish *wish, struct pb_choice *choice,
                                  struct pb_error *err);

/* Does a chosen backend's variant of that name lack something here? Then why says what,
 * and how to get it. */
bool pb_variants_lack(const char *name, const struct pb_choice *choice, char *why,
                      size_t why_bytes);

#endif

/* values.h - option values: text in, a number or a field out. pb_parse_count and
 * pb_nearest stand in options.h, for the commands. */
#ifndef PB_CMD_VALUES_H
#define PB_CMD_VALUES_H

#include "cmd/options.h"
#include "measure/error.h"

/* "10", "500ms", "1.5s", "2min", "1h": seconds > 0. PB_ERR_USAGE otherwise. */
enum pb_status pb_parse_seconds(const char *text, double *out, struct pb_error *err);
/* "2%" or "0.02" gives 0.02; > 0. A bare number from 1 on is refused: "2" is more likely
 * meant as 2% than as 200%. */
enum pb_status pb_parse_percent(const char *text, double *out, struct pb_error *err);

/* Sets the option's field of *into to false, NULL, 0 or the empty list. */
void pb_option_clear(const struct pb_option *option, void *into);
/* Sets the option's field from text (PB_FLAG: to true, text is not looked at), or appends
 * to a PB_TEXTS, whose fallback makes way. text is borrowed. PB_ERR_USAGE says
 * "--NAME: ..." and what was expected. */
enum pb_status pb_option_store(const struct pb_option *option, const char *text,
                               void *into, struct pb_error *err);

#endif

/* script.h - gnuplot text that cannot do anything but what it says.
 *
 * gnuplot runs commands from double-quoted strings, from a quote inside a string, from a
 * line break inside a string, and from file names that start with '<' or '|'. So a string
 * from a record only ever becomes a single-quoted string made here, and file names are
 * fixed ones. Variables that hold such strings are safe to use in templates.
 */
#ifndef PB_PLOTS_SCRIPT_H
#define PB_PLOTS_SCRIPT_H

#include "measure/text.h"

#include <stddef.h>

/* Appends str as a single-quoted string: a quote becomes a typographic one (U+2019),
 * because gnuplot 5.4 takes a doubled one at the start of a string for its end; control
 * bytes become blanks; what is not UTF-8 or not allowed in XML becomes '?'. Cut after
 * `most` characters with an ellipsis. NULL is the empty string. */
void pb_script_string(struct pb_text *script, const char *str, size_t most);
/* The same as "NAME = '...'" on a line of its own. name is the project's own. */
void pb_script_set(struct pb_text *script, const char *name, const char *str,
                   size_t most);
/* Appends str with every byte but A-Z a-z 0-9 _ - replaced by '_', at most 60 of
 * them: for file names. */
void pb_script_file_name(struct pb_text *name, const char *str);

#endif

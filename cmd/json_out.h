/* json_out.h - JSON as the output of a command: the option that asks for it, and the
 * printing. */
#ifndef PB_CMD_JSON_OUT_H
#define PB_CMD_JSON_OUT_H

#include "cmd/options.h"
#include "measure/error.h"
#include "results/json.h"

#include <stdbool.h>
#include <stdio.h>

/* Initialisers of --format for a command that can print text, its default, or JSON; it
 * adds .help. field_offset: of a const char *, for pb_json_is_wanted. */
#define PB_TEXT_OR_JSON(field_offset)                                                    \
    .name = "format", .kind = PB_CHOICE, .offset = (field_offset), .metavar = "F",       \
    .fallback = "text", .choices = pb_text_or_json
extern const char *const pb_text_or_json[];
bool pb_json_is_wanted(const char *format);

/* Prints the value and a line end, and frees the value in any case. is_whole: all of it
 * could be built; false, or json NULL: PB_ERR_MEMORY, and nothing is printed. Whether out
 * took the text is seen by who closes it (pb_finish). */
enum pb_status pb_json_put(struct pb_json *json, bool is_whole, FILE *out,
                           struct pb_error *err);

#endif

/* export_header.h - names and text inside the C header that export writes. */
#ifndef PB_CMD_EXPORT_HEADER_H
#define PB_CMD_EXPORT_HEADER_H

#include "measure/text.h"

#include <stdbool.h>

/* Appends name with every byte that no C identifier can hold as '_'; is_upper: in
 * capitals. */
void pb_header_add_name(struct pb_text *out, const char *name, bool is_upper);
/* Appends text so that it cannot end the comment it stands in, nor start one, nor end the
 * line. NULL: "unknown". */
void pb_header_add_comment(struct pb_text *out, const char *text);
/* Appends a string literal, or NULL where text is NULL. */
void pb_header_add_literal(struct pb_text *out, const char *text);

#endif

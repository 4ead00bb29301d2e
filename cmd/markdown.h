/* markdown.h - text from a file inside Markdown. */
#ifndef PB_CMD_MARKDOWN_H
#define PB_CMD_MARKDOWN_H

#include "measure/text.h"

/* Appends text so that it stays text: no table cell ends, no HTML starts, no user is
 * notified. */
void pb_markdown_add(struct pb_text *out, const char *text);

#endif

/* xml.h - strings from a record as text of XML and HTML. Pure functions. */
#ifndef PB_PLOTS_XML_H
#define PB_PLOTS_XML_H

#include "measure/text.h"

#include <stddef.h>

/* Appends str so that it is text and nothing else, between tags or between quotes of
 * either kind: & < > " ' become references, control characters blanks, bytes that are not
 * UTF-8 and characters that XML does not allow U+FFFD. NULL is the empty string. */
void pb_xml_text(struct pb_text *out, const char *str);
/* The same for the first `count` bytes of str. */
void pb_xml_bytes(struct pb_text *out, const char *str, size_t count);

#endif

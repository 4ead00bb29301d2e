/* json_number.h - numbers as JSON writes them: text to double and back, exactly.
 *
 * Pure functions. The program's locale does not matter.
 */
#ifndef PB_RESULTS_JSON_NUMBER_H
#define PB_RESULTS_JSON_NUMBER_H

#include <stddef.h>

#define PB_JSON_NUMBER_MAX 63 /* characters in a number: what the JSON library reads */

/* The double nearest to the number at text, which pb_json_check has accepted, as strtod
 * would give it: ties go to even, and what is beyond the doubles is infinite. *end is
 * behind it. */
double pb_json_parse_number(const char *text, const char **end);

/* The digits that read back as value, which is finite. bytes at least 32. */
void pb_json_print_number(char *text, size_t bytes, double value);

#endif

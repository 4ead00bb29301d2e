/* order_read.h - how orders and answers read their members. Private to order.c and
 * answer.c.
 */
#ifndef PB_MEASURE_ORDER_READ_H
#define PB_MEASURE_ORDER_READ_H

#include "measure/error.h"
#include "results/json.h"

#include <stdint.h>

/* Reads members one after another and remembers the first complaint. */
struct pb_reader {
    const struct pb_json_doc *doc;
    const struct pb_json *object;
    enum pb_status status;
    struct pb_error *err;
};

uint64_t pb_read_integer(struct pb_reader *r, const char *key, uint64_t max);
unsigned pb_read_unsigned(struct pb_reader *r, const char *key);
double pb_read_number(struct pb_reader *r, const char *key); /* NAN where it is absent */
/* Member "cpu"; PB_CPU_ANY where it says nothing. */
enum pb_status pb_read_cpu(const struct pb_json_doc *doc, const struct pb_json *object,
                           int *out, struct pb_error *err);

#endif

#include "measure/order_read.h"

#include "measure/order.h"

uint64_t pb_read_integer(struct pb_reader *r, const char *key, uint64_t max)
{
    uint64_t value = 0;
    if (!r->status)
        r->status =
            pb_json_get_integer_or(r->doc, r->object, key, 0, max, 0, &value, r->err);
    return value;
}

unsigned pb_read_unsigned(struct pb_reader *r, const char *key)
{
    return (unsigned)pb_read_integer(r, key, UINT32_MAX);
}

double pb_read_number(struct pb_reader *r, const char *key)
{
    double value = 0;
    if (!r->status)
        r->status = pb_json_get_number_or_nan(r->doc, r->object, key, &value, r->err);
    return value;
}

enum pb_status pb_read_cpu(const struct pb_json_doc *doc, const struct pb_json *object,
                           int *out, struct pb_error *err)
{
    double cpu;
    const enum pb_status status =
        pb_json_get_number_or_nan(doc, object, "cpu", &cpu, err);
    *out = !status && cpu >= 0 && cpu < PB_CPUS_MAX ? (int)cpu : PB_CPU_ANY;
    return status;
}

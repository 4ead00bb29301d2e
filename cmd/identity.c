#include "cmd/identity.h"

#include "measure/text.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

bool pb_identity_to_json(struct pb_json *object, const struct pb_point *point)
{
    return pb_json_add_string(object, "kernel", point->kernel) &&
           pb_json_add_string(object, "dtype", point->dtype) &&
           pb_json_add_number(object, "n", (double)point->n) &&
           pb_json_add_string(object, "backend", point->backend) &&
           pb_json_add_string(object, "isa", point->isa) &&
           pb_json_add_string(object, "device", point->device) &&
           pb_json_add_string(object, "device_type", point->device_type) &&
           pb_json_add_number(object, "workers", point->workers) &&
           pb_json_add_number(object, "threads_per_rank", point->threads_per_rank) &&
           pb_json_add_string(object, "variant", point->variant) &&
           pb_json_add_string(object, "residency", point->residency) &&
           pb_json_add_number(object, "reuse", point->reuse) &&
           pb_json_add_string(object, "host_memory", point->host_memory) &&
           pb_json_add_string(object, "cache", point->cache);
}

void pb_csv_text(const char *value, FILE *out)
{
    if (!value)
        return;
    const bool is_quoted = strpbrk(value, ",\"\r\n") != NULL;
    if (is_quoted)
        fputc('"', out);
    for (const char *c = value; *c; c++) {
        char byte[] = { *c, '\0' };
        if (*c == '"')
            fputc('"', out);
        fputs(pb_text_one_line(byte), out);
    }
    if (is_quoted)
        fputc('"', out);
}

void pb_csv_number(double value, FILE *out)
{
    fputc(',', out);
    if (isfinite(value))
        fprintf(out, "%.9g", value);
}

void pb_identity_to_csv(const struct pb_point *point, FILE *out)
{
    const char *const who[] = { point->backend, point->isa, point->device,
                                point->device_type };
    const char *const how[] = { point->variant, point->residency, point->host_memory,
                                point->cache };
    pb_csv_text(point->kernel, out);
    fputc(',', out);
    pb_csv_text(point->dtype, out);
    fprintf(out, ",%" PRIu64, point->n);
    for (size_t i = 0; i < sizeof who / sizeof who[0]; i++) {
        fputc(',', out);
        pb_csv_text(who[i], out);
    }
    fprintf(out, ",%u", point->workers);
    if (point->threads_per_rank > 1)
        fprintf(out, "x%u", point->threads_per_rank);
    fprintf(out, ",%u", point->reuse);
    for (size_t i = 0; i < sizeof how / sizeof how[0]; i++) {
        fputc(',', out);
        pb_csv_text(how[i], out);
    }
}

#include "results/record.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void pb_point_init(struct pb_point *point)
{
    const double unknown = (double)NAN;
    const struct pb_point_phases phases = { .first_call = unknown,
                                            .compile = unknown,
                                            .h2d = unknown,
                                            .launch = unknown,
                                            .kernel = unknown,
                                            .d2h = unknown };
    *point = (struct pb_point){
        .workers = 1,
        .threads_per_rank = 1,
        .reuse = 1,
        .max_error = unknown,
        .tolerance = unknown,
        .flops = unknown,
        .bytes = unknown,
        .moved = { unknown, unknown, unknown, unknown, unknown, unknown },
        .time = { .ns = { unknown, unknown, unknown }, .confidence = unknown },
        .phases = phases,
    };
}

void pb_invocation_release(struct pb_invocation *invocation)
{
    free(invocation->samples_ns);
    free(invocation->guards_ns);
    free(invocation->stopped);
    *invocation = (struct pb_invocation){ .first_call_ns = (double)NAN,
                                          .steal_ticks = -1,
                                          .involuntary_switches = -1 };
}

void pb_point_release(struct pb_point *point)
{
    char *const strings[] = {
        point->kernel,      point->dtype,          point->backend,     point->isa,
        point->device,      point->device_type,    point->worker_kind, point->variant,
        point->residency,   point->host_memory,    point->cache,       point->reason,
        point->phases.note, point->time.estimator, point->tuning,
    };
    for (size_t i = 0; i < sizeof strings / sizeof strings[0]; i++)
        free(strings[i]);
    for (size_t i = 0; i < point->ninvocations; i++)
        pb_invocation_release(&point->invocations[i]);
    free(point->invocations);
    pb_point_init(point);
}

enum pb_status pb_point_add(struct pb_point *point, struct pb_invocation *invocation,
                            struct pb_error *err)
{
    struct pb_invocation *list =
        realloc(point->invocations, (point->ninvocations + 1) * sizeof *list);
    if (!list) {
        pb_invocation_release(invocation);
        return pb_fail(err, PB_ERR_MEMORY, "out of memory for a measurement of %s",
                       point->kernel ? point->kernel : "a point");
    }
    point->invocations = list;
    list[point->ninvocations++] = *invocation;
    *invocation = (struct pb_invocation){ 0 }; /* its arrays have moved */
    pb_invocation_release(invocation);
    return PB_OK;
}

enum pb_status pb_point_copy_identity(struct pb_point *to, const struct pb_point *from,
                                      struct pb_error *err)
{
    const bool copied =
        pb_set(&to->kernel, from->kernel) && pb_set(&to->dtype, from->dtype) &&
        pb_set(&to->backend, from->backend) && pb_set(&to->isa, from->isa) &&
        pb_set(&to->device, from->device) &&
        pb_set(&to->device_type, from->device_type) &&
        pb_set(&to->worker_kind, from->worker_kind) &&
        pb_set(&to->variant, from->variant) && pb_set(&to->residency, from->residency) &&
        pb_set(&to->host_memory, from->host_memory) && pb_set(&to->cache, from->cache) &&
        pb_set(&to->tuning, from->tuning);
    if (!copied)
        return pb_fail(err, PB_ERR_MEMORY, "out of memory for a point of %s",
                       from->kernel ? from->kernel : "a kernel");
    to->n = from->n;
    to->workers = from->workers;
    to->threads_per_rank = from->threads_per_rank;
    to->reuse = from->reuse;
    to->flops = from->flops;
    to->bytes = from->bytes;
    to->moved = from->moved;
    return PB_OK;
}

/* NULL comes first. */
static int compare_text(const char *a, const char *b)
{
    if (!a || !b)
        return (a != NULL) - (b != NULL);
    return strcmp(a, b);
}

static int compare_count(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

int pb_point_compare_curve(const struct pb_point *a, const struct pb_point *b)
{
    int order = compare_text(a->kernel, b->kernel);
    if (!order)
        order = compare_text(a->dtype, b->dtype);
    if (!order)
        order = compare_text(a->backend, b->backend);
    if (!order)
        order = compare_text(a->isa, b->isa);
    if (!order)
        order = compare_text(a->device, b->device);
    if (!order)
        order = compare_count(a->workers, b->workers);
    if (!order)
        order = compare_count(a->threads_per_rank, b->threads_per_rank);
    if (!order)
        order = compare_text(a->variant, b->variant);
    if (!order)
        order = compare_text(a->residency, b->residency);
    if (!order)
        order = compare_count(a->reuse, b->reuse);
    if (!order)
        order = compare_text(a->host_memory, b->host_memory);
    if (!order)
        order = compare_text(a->cache, b->cache);
    return order;
}

int pb_point_compare(const struct pb_point *a, const struct pb_point *b)
{
    const int order = pb_point_compare_curve(a, b);
    return order ? order : compare_count(a->n, b->n);
}

bool pb_point_counts(const struct pb_point *point)
{
    const double estimate = point->time.ns.estimate;
    return point->status == PB_OUTCOME_OK && isfinite(estimate) && estimate > 0.0;
}

static bool is_text(const char *text, const char *wanted)
{
    return text && strcmp(text, wanted) == 0;
}

/* Appends to buf, cutting at its end. */
__attribute__((format(printf, 3, 4))) static void append(char *buf, size_t bytes,
                                                         const char *format, ...)
{
    const size_t used = strlen(buf);
    va_list args;
    va_start(args, format);
    (void)vsnprintf(buf + used, bytes - used, format, args);
    va_end(args);
}

static void append_workers(const struct pb_point *point, char *buf, size_t bytes)
{
    append(buf, bytes, " x%u", point->workers);
    if (point->threads_per_rank > 1)
        append(buf, bytes, "x%u", point->threads_per_rank);
}

/* What computes, where the backend's name does not say it: a device, how many workers, or
 * an ISA. */
static void append_worker(const struct pb_point *point, char *buf, size_t bytes)
{
    if (is_text(point->worker_kind, "device"))
        append(buf, bytes, " %s", point->device_type ? point->device_type : "device");
    else if (is_text(point->worker_kind, "thread") || is_text(point->worker_kind, "rank"))
        append_workers(point, buf, bytes);
    else if (point->isa && !is_text(point->backend, point->isa))
        append(buf, bytes, " %s", point->isa);
}

const char *pb_point_label(const struct pb_point *point, char *buf, size_t bytes)
{
    if (bytes == 0)
        return buf;
    (void)snprintf(buf, bytes, "%s", point->backend ? point->backend : "?");
    append_worker(point, buf, bytes);
    if (point->residency && !is_text(point->residency, "host"))
        append(buf, bytes, " %s", point->residency);
    if (is_text(point->residency, "once"))
        append(buf, bytes, ":%u", point->reuse);
    if (point->host_memory && !is_text(point->host_memory, "pageable"))
        append(buf, bytes, " %s", point->host_memory);
    if (is_text(point->cache, "cold"))
        append(buf, bytes, " cold");
    if (point->variant && !is_text(point->variant, "default"))
        append(buf, bytes, " (%s)", point->variant);
    return buf;
}

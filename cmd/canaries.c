#include "cmd/canaries.h"

#include "backends/registry.h"
#include "kernels/registry.h"
#include "measure/plan.h"
#include "results/canary.h"

#include <stddef.h>
#include <stdint.h>

/* Fixed for good: points of other sizes are other points, and could not be compared with
 * older files. The chains take about a millisecond, the triad 10 to 40: together some
 * tenths of a second per round, most of it to fill and to check the arrays. */
static const uint64_t sizes[PB_CANARY_COUNT] = {
    [PB_CANARY_FMA] = (uint64_t)1 << 18,
    [PB_CANARY_ISSUE] = (uint64_t)1 << 17,
    [PB_CANARY_TRIAD] = ((uint64_t)64 << 20) / (3 * sizeof(double)), /* 64 MiB in all */
};

/* Moves what the sorted record has not yet out of *more. */
static enum pb_status add_new(struct pb_record *record, struct pb_record *more,
                              struct pb_error *err)
{
    enum pb_status status = PB_OK;
    for (size_t i = 0; i < more->npoints && !status; i++) {
        if (pb_record_find(record, &more->points[i]))
            continue;
        status = pb_record_add(record, &more->points[i], err);
        pb_record_sort(record); /* the next look needs it sorted */
    }
    return status;
}

enum pb_status pb_canaries_plan(struct pb_record *record, struct pb_error *err)
{
    const struct pb_backend *scalar = pb_backend_find("scalar");
    char why[400];
    if (!scalar || !pb_backend_usable(scalar, why, sizeof why))
        return PB_OK;
    enum pb_status status = PB_OK;
    struct pb_record canaries;
    pb_record_init(&canaries);
    for (size_t i = 0; i < PB_CANARY_COUNT && !status; i++) {
        const struct pb_sizes size = { .n = { sizes[i] }, .count = 1 };
        const struct pb_plan_request request = {
            .kernel = pb_kernel_find(pb_canary_name((enum pb_canary)i)),
            .dtype = PB_DTYPE_f64,
            .sizes = &size,
            .backend = scalar,
            .isas = (const char *const[]){ "scalar" },
            .nisas = 1,
            .workers = (const unsigned[]){ 1 },
            .nworkers = 1,
            .residencies = 1u << PB_HOST,
        };
        if (request.kernel)
            status = pb_plan_add(&request, &canaries, err);
    }
    if (!status)
        status = add_new(record, &canaries, err);
    pb_record_release(&canaries);
    return status;
}

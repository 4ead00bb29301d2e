#include "cmd/verify_plan.h"

#include "backends/check.h"

#include <stdio.h>
#include <string.h>

/* Every `step`th of `count` sizes as --size would name them, in buf. */
static const char *name_sizes(const size_t *n, size_t count, size_t step, char *buf,
                              size_t bytes)
{
    buf[0] = '\0';
    for (size_t i = 0; i < count; i += step)
        (void)snprintf(buf + strlen(buf), bytes - strlen(buf), "%s%zu", i ? "," : "",
                       n[i]);
    return buf;
}

/* What differs in how data is moved does not depend on the size: a few will do, or an
 * OpenCL compiler would be busy for minutes. */
static enum pb_status plan_moves(const struct pb_choice *one, const struct pb_wish *wish,
                                 struct pb_record *record, struct pb_error *err)
{
    struct pb_choice once = *one, lent = *one;
    once.residencies = (struct pb_residencies){ .reuses = { 3 }, .nreuses = 1 };
    once.host_memories = 1u << PB_PAGEABLE | 1u << PB_PINNED | 1u << PB_MAPPED;
    lent.residencies = (struct pb_residencies){ .mask = 1u << PB_ALWAYS };
    lent.host_memories = 1u << PB_PINNED | 1u << PB_MAPPED;
    const enum pb_status status = pb_choice_plan(&once, wish, record, err);
    return status ? status : pb_choice_plan(&lent, wish, record, err);
}

static enum pb_status plan_kernel(const struct pb_choice *one, const struct pb_wish *wish,
                                  struct pb_record *record, struct pb_error *err)
{
    size_t n[PB_CHECK_SIZES_MAX];
    char text[PB_CHECK_SIZES_MAX * 21];
    const size_t count = pb_check_sizes(one->kernels[0], n);
    struct pb_wish awkward = *wish;
    awkward.sizes = name_sizes(n, count, 1, text, sizeof text);
    const enum pb_status status = pb_choice_plan(one, &awkward, record, err);
    if (status || wish->residencies || wish->host_memories)
        return status;
    awkward.sizes =
        name_sizes(n, count, count > 2 ? (count - 1) / 2 : 1, text, sizeof text);
    return plan_moves(one, &awkward, record, err);
}

enum pb_status pb_verify_plan(const struct pb_choice *choice, const struct pb_wish *wish,
                              struct pb_record *record, struct pb_error *err)
{
    if (wish->sizes)
        return pb_choice_plan(choice, wish, record, err);
    enum pb_status status = PB_OK;
    for (size_t k = 0; k < choice->nkernels && !status; k++) {
        struct pb_choice one = *choice;
        one.kernels[0] = choice->kernels[k];
        one.nkernels = 1;
        status = plan_kernel(&one, wish, record, err);
    }
    return status;
}

/* recommend_words.c - what the printers of a recommendation have in common. */
#include "cmd/recommend_print.h"
#include "measure/text.h"
#include "results/units.h"

#include <stdlib.h>
#include <string.h>

const char *pb_setting_name(const struct pb_setting *setting, char *buf, size_t bytes)
{
    if (strcmp(setting->residency, "once") == 0)
        (void)snprintf(buf, bytes, "once:%u", setting->reuse);
    else
        (void)snprintf(buf, bytes, "%s", setting->residency);
    return buf;
}

const char *pb_advice_verdict(const struct pb_advice *advice)
{
    if (advice->nequals == 0)
        return "unknown";
    return advice->nequals == 1 ? "use" : "either";
}

static char *describe_broken(const struct pb_point *point)
{
    char n[32];
    const char *what = point->status == PB_OUTCOME_WRONG ? "its result was wrong"
                       : point->status == PB_OUTCOME_TIMEOUT
                           ? "it ran into its time limit"
                           : "it failed";
    pb_units_count((double)point->n, n, sizeof n);
    return pb_text_format("%s at n = %s%s%s%s", what, n, point->reason ? " (" : "",
                          point->reason ? point->reason : "", point->reason ? ")" : "");
}

static char *describe_range(uint64_t from, uint64_t to)
{
    char first[32], last[32];
    pb_units_count((double)from, first, sizeof first);
    pb_units_count((double)to, last, sizeof last);
    return from == to ? pb_text_format("measured at n = %s only", first)
                      : pb_text_format("measured from n = %s to %s", first, last);
}

/* The sizes at which the curve's points count; false: there are none. */
static bool find_range(const struct pb_curve *curve, uint64_t *from, uint64_t *to)
{
    bool has_any = false;
    for (size_t i = 0; i < curve->npoints; i++) {
        if (!pb_point_counts(curve->points[i]))
            continue;
        *from = has_any ? *from : curve->points[i]->n;
        *to = curve->points[i]->n;
        has_any = true;
    }
    return has_any;
}

char *pb_candidate_gap(const struct pb_candidate *candidate)
{
    uint64_t from, to;
    if (candidate->time.gap == PB_GAP_BROKEN)
        return describe_broken(candidate->time.broken);
    if (find_range(candidate->curve, &from, &to))
        return describe_range(from, to);
    const struct pb_point *first = candidate->curve->points[0];
    return pb_text_format("no point counts: %s%s%s", pb_outcome_name(first->status),
                          first->reason ? ": " : "", first->reason ? first->reason : "");
}

char *pb_advice_gap(const struct pb_advice *advice)
{
    bool has_any = false;
    uint64_t first = 0, last = 0;
    if (advice->nequals)
        return NULL;
    for (size_t i = 0; i < advice->ncandidates; i++) {
        const struct pb_candidate *c = &advice->candidates[i];
        uint64_t from, to;
        if (c->time.gap == PB_GAP_BROKEN)
            return pb_candidate_gap(c);
        if (!find_range(c->curve, &from, &to))
            continue;
        first = has_any && first < from ? first : from;
        last = has_any && last > to ? last : to;
        has_any = true;
    }
    return has_any ? describe_range(first, last)
                   : pb_text_format("nothing that counts was measured");
}

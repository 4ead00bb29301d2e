#include "results/transfer.h"

#include "results/curves.h"
#include "results/link.h"

#include <math.h>
#include <string.h>

static const struct pb_estimate unknown = { (double)NAN, (double)NAN, (double)NAN };

/* ---- by which ways a point's data moves -------------------------------------------- */

/* Transfers of one kind: so many arrays with so many bytes together. */
struct load {
    const char *way;
    double arrays, bytes;
};
enum { LOADS_MAX = 3 };

static bool is_ranks(const struct pb_point *point)
{
    return point->worker_kind && strcmp(point->worker_kind, "rank") == 0;
}

static void list_loads(const struct pb_point *point, struct load loads[LOADS_MAX])
{
    const struct pb_moved *m = &point->moved;
    const bool ranks = is_ranks(point);
    loads[0] = (struct load){ ranks ? "scatter" : "h2d", m->in_arrays, m->in_bytes };
    loads[1] = (struct load){ ranks ? "gather" : "d2h", m->out_arrays, m->out_bytes };
    loads[2] = (struct load){ "bcast", m->shared_arrays, m->shared_bytes };
}

static const struct pb_link *link_of(const struct pb_machine *machine,
                                     const struct pb_point *point)
{
    const struct pb_link *link =
        pb_link_find(machine, point->backend, point->device, point->workers);
    return link && !link->reason ? link : NULL;
}

static const struct pb_link_path *path_of(const struct pb_link *link,
                                          const struct pb_point *point, const char *way)
{
    return pb_link_path_find(link, way, is_ranks(point) ? NULL : point->host_memory);
}

/* What an array costs beside its bytes: commands of a call stand in one queue
 * and are waited for together. Only where that was not measured, each is taken
 * to be waited for. */
static const struct pb_estimate *each_of(const struct pb_link_path *path)
{
    return isnan(path->queued_ns.estimate) ? &path->latency_ns : &path->queued_ns;
}

/* Arrays are taken to be of one size: those of a kernel mostly are. */
static double load_ns(const struct pb_link_path *path, const struct load *load)
{
    const double all_ns = pb_link_path_ns(path, load->bytes / load->arrays);
    const double bytes_ns = all_ns - path->latency_ns.estimate;
    return load->arrays *
           (each_of(path)->estimate + (bytes_ns < 0 ? 0 : bytes_ns)); /* NAN stays */
}

double pb_move_predict(const struct pb_machine *machine, const struct pb_point *point)
{
    struct load loads[LOADS_MAX];
    const struct pb_link *link = link_of(machine, point);
    double sum_ns = 0;
    list_loads(point, loads);
    for (size_t i = 0; i < LOADS_MAX; i++) {
        if (loads[i].arrays == 0)
            continue;
        const struct pb_link_path *path = path_of(link, point, loads[i].way);
        sum_ns += path ? load_ns(path, &loads[i]) : (double)NAN;
    }
    return sum_ns;
}

/* ---- the fixed cost ---------------------------------------------------------------- */

static void add_scaled(struct pb_estimate *sum, const struct pb_estimate *each,
                       double times)
{
    sum->estimate += times * each->estimate;
    sum->low += times * each->low;
    sum->high += times * each->high;
}

static struct pb_estimate copies_of(const struct pb_link *link,
                                    const struct pb_point *like)
{
    struct load loads[LOADS_MAX];
    struct pb_estimate sum = { 0, 0, 0 };
    list_loads(like, loads);
    for (size_t i = 0; i < LOADS_MAX; i++) {
        const struct pb_link_path *path = path_of(link, like, loads[i].way);
        if (loads[i].arrays != 0)
            add_scaled(&sum, path ? each_of(path) : &unknown, loads[i].arrays);
    }
    return sum;
}

/* Of two times measured together, ends by ends: too wide rather than too narrow. */
static struct pb_estimate beyond(const struct pb_estimate *whole,
                                 const struct pb_estimate *part)
{
    if (isnan(part->estimate))
        return *whole;
    return (struct pb_estimate){
        .estimate = fmax(0, whole->estimate - part->estimate),
        .low = fmax(0, whole->low - part->high),
        .high = fmax(0, whole->high - part->low),
    };
}

bool pb_fixed_cost_of(const struct pb_machine *machine, const struct pb_point *like,
                      struct pb_fixed_cost *out)
{
    const struct pb_link *link = link_of(machine, like);
    if (!link)
        return false;
    *out = (struct pb_fixed_cost){
        .host_memory = is_ranks(like) ? NULL : like->host_memory,
        .launch = link->enqueue_ns,
        .synchronise = beyond(&link->round_trip_ns, &link->enqueue_ns),
        .copies = copies_of(link, like),
    };
    const double parts[] = { out->launch.estimate, out->synchronise.estimate,
                             out->copies.estimate };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        out->total_ns += isnan(parts[i]) ? 0 : parts[i];
    return true;
}

/* ---- prediction -------------------------------------------------------------------- */

/* The same kernel, size and device with its data where it is computed on. */
static const struct pb_point *find_resident(const struct pb_record *record,
                                            const struct pb_point *point)
{
    char residency[] = "resident", host_memory[] = "pageable";
    struct pb_point like = *point; /* borrows all, and is not released */
    like.residency = residency;
    like.host_memory = host_memory;
    like.reuse = 1;
    const struct pb_point *found = pb_record_find(record, &like);
    return found && pb_point_counts(found) ? found : NULL;
}

static const char *why_not(const struct pb_record *record,
                           const struct pb_transfer_prediction *p)
{
    if (!p->resident)
        return "not measured with resident data";
    if (!link_of(&record->machine, p->point))
        return "its link was not measured";
    if (isnan(p->point->moved.in_bytes))
        return "the file does not tell what it moves";
    return isnan(p->move_ns) ? "the link's bandwidth is not clear" : NULL;
}

struct pb_transfer_prediction pb_transfer_predict(const struct pb_record *record,
                                                  const struct pb_point *point)
{
    struct pb_transfer_prediction p = {
        .point = point,
        .resident = find_resident(record, point),
        .move_ns = pb_move_predict(&record->machine, point),
        .predicted_ns = (double)NAN,
        .error = (double)NAN,
    };
    p.reason = why_not(record, &p);
    if (p.reason)
        return p;
    p.predicted_ns = p.resident->time.ns.estimate + p.move_ns / point->reuse;
    p.error = p.predicted_ns / point->time.ns.estimate - 1;
    return p;
}

/* ---- break-even -------------------------------------------------------------------- */

static const char *const verdict_names[] = {
    [PB_REUSE_FROM] = "from",
    [PB_REUSE_NEVER] = "never",
    [PB_REUSE_UNMEASURED] = "unmeasured",
};
_Static_assert(sizeof verdict_names / sizeof *verdict_names == PB_REUSE_VERDICTS,
               "a name for every verdict");

const char *pb_reuse_verdict_name(enum pb_reuse_verdict verdict)
{
    return verdict_names[verdict];
}

/* NAN: no number of calls is enough. Strictly less is asked for, so a quotient that comes
 * out even does not do. */
static double least_calls(double move_ns, double gain_ns)
{
    if (!(gain_ns > 0))
        return (double)NAN;
    return move_ns > 0 ? floor(move_ns / gain_ns) + 1 : 1;
}

void pb_break_even_solve(const struct pb_estimate *always,
                         const struct pb_estimate *resident,
                         const struct pb_estimate *cpu, struct pb_break_even *out)
{
    out->calls = least_calls(always->estimate - resident->estimate,
                             cpu->estimate - resident->estimate);
    out->low = least_calls(always->low - resident->high, cpu->high - resident->low);
    out->high = least_calls(always->high - resident->low, cpu->low - resident->high);
    out->verdict = isnan(out->calls) ? PB_REUSE_NEVER : PB_REUSE_FROM;
}

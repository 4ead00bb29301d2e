#include "cmd/load.h"

#include "results/bouts.h"
#include "results/codec.h"
#include "results/link.h"

#include <stdlib.h>
#include <string.h>

static const char *cpu_of(const struct pb_record *record)
{
    return record->machine.cpu ? record->machine.cpu : "unknown";
}

static enum pb_status check_machine(const struct pb_record *first, const char *first_file,
                                    const struct pb_record *more, const char *file,
                                    struct pb_error *err)
{
    if (!strcmp(cpu_of(first), cpu_of(more)))
        return PB_OK;
    return pb_fail(err, PB_ERR_INPUT,
                   "%s was measured on %s and %s on %s: times of different machines "
                   "cannot be joined, give the files one at a time",
                   first_file, cpu_of(first), file, cpu_of(more));
}

/* Moves the points of `more` that out has not, or has only as one that does not count. */
static enum pb_status join(struct pb_record *out, struct pb_record *more,
                           struct pb_error *err)
{
    enum pb_status status = PB_OK;
    pb_record_sort(out);
    const size_t before = out->npoints;
    for (size_t i = 0; !status && i < more->npoints; i++) {
        struct pb_record sorted = *out;
        sorted.npoints = before;
        struct pb_point *own = pb_record_find(&sorted, &more->points[i]);
        if (!own) {
            status = pb_record_add(out, &more->points[i], err);
        } else if (!pb_point_counts(own) && pb_point_counts(&more->points[i])) {
            const struct pb_point swap = *own;
            *own = more->points[i];
            more->points[i] = swap;
        }
    }
    return status;
}

/* The file not yet taken whose run has the most rounds: its points come before those of
 * hastier runs. Of equals the first. */
static size_t most_thorough(const struct pb_record *records, const bool *is_taken,
                            size_t count)
{
    size_t best = count;
    for (size_t i = 0; i < count; i++)
        if (!is_taken[i] && (best == count || records[i].rounds > records[best].rounds))
            best = i;
    return best;
}

/* The links that other files know of: of one machine, so they hold for all. */
static enum pb_status join_links(struct pb_record *into, struct pb_record *from,
                                 struct pb_error *err)
{
    struct pb_machine *machine = &from->machine;
    enum pb_status status = PB_OK;
    for (size_t i = 0; i < machine->nlinks && !status; i++) {
        struct pb_link *link = &machine->links[i];
        if (!pb_link_find(&into->machine, link->backend, link->device, link->workers))
            status = pb_link_add(&into->machine, link, err);
    }
    return status;
}

/* All points into *out, which has the facts of the first file. */
static enum pb_status join_all(struct pb_record *records, size_t count,
                               struct pb_record *out, struct pb_error *err)
{
    bool *is_taken = calloc(count, sizeof *is_taken);
    if (!is_taken)
        return pb_fail(err, PB_ERR_MEMORY, "out of memory while joining files");
    struct pb_record joined = { .points = NULL };
    enum pb_status status = PB_OK;
    for (size_t left = count; !status && left; left--) {
        const size_t next = most_thorough(records, is_taken, count);
        is_taken[next] = true;
        status = join(&joined, &records[next], err);
    }
    for (size_t i = 1; i < count && !status; i++)
        status = join_links(&records[0], &records[i], err);
    free(is_taken);
    if (status) {
        pb_record_release(&joined);
        return status;
    }
    *out = records[0];
    pb_record_init(&records[0]);
    for (size_t i = 0; i < out->npoints; i++)
        pb_point_release(&out->points[i]);
    free(out->points);
    out->points = joined.points;
    out->npoints = joined.npoints;
    out->points_capacity = joined.points_capacity;
    return PB_OK;
}

static enum pb_status read_all(const struct pb_load *load, struct pb_record *out,
                               struct pb_error *err)
{
    if (load->nfiles == 1)
        return pb_record_read(load->files[0], out, err);
    struct pb_record *records = calloc(load->nfiles, sizeof *records);
    if (!records)
        return pb_fail(err, PB_ERR_MEMORY, "out of memory while reading files");
    enum pb_status status = PB_OK;
    size_t count = 0;
    while (!status && count < load->nfiles) {
        status = pb_record_read(load->files[count], &records[count], err);
        if (!status)
            status = check_machine(&records[0], load->files[0], &records[count],
                                   load->files[count], err);
        count++;
    }
    if (!status)
        status = join_all(records, count, out, err);
    for (size_t i = 0; i < count; i++)
        pb_record_release(&records[i]);
    free(records);
    return status;
}

static void keep_wanted(struct pb_record *record, const struct pb_load *load)
{
    size_t kept = 0;
    for (size_t i = 0; i < record->npoints; i++) {
        if (!pb_load_wants(load, &record->points[i])) {
            pb_point_release(&record->points[i]);
            continue;
        }
        if (kept != i) {
            record->points[kept] = record->points[i];
            pb_point_init(&record->points[i]);
        }
        kept++;
    }
    record->npoints = kept;
}

enum pb_status pb_load_records(const struct pb_load *load, struct pb_record *out,
                               struct pb_error *err)
{
    enum pb_status status = read_all(load, out, err);
    if (status)
        return status;
    status = pb_load_check_names(load, out, err);
    if (status) {
        pb_record_release(out);
        return status;
    }
    pb_quiet_keep(out);
    keep_wanted(out, load);
    pb_record_sort(out);
    return PB_OK;
}

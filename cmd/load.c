#include "cmd/load.h"

#include "measure/text.h"
#include "results/canary.h"
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
                   "make no crossover, give the files one at a time",
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

typedef const char *field_fn(const struct pb_point *point);

static const char *kernel_of(const struct pb_point *point)
{
    return point->kernel;
}

static const char *dtype_of(const struct pb_point *point)
{
    return point->dtype;
}

static const char *backend_of(const struct pb_point *point)
{
    return point->backend;
}

/* Is value one of the comma-separated words of list? */
static bool is_listed(const char *list, const char *value)
{
    const size_t bytes = strlen(value);
    for (const char *word = list; word; word = strchr(word, ',')) {
        word += *word == ',';
        if (strcspn(word, ",") == bytes && !strncmp(word, value, bytes))
            return true;
    }
    return false;
}

/* The values that the file has, for a message: "matmul, saxpy". */
static char *known_values(const struct pb_record *record, field_fn *field)
{
    struct pb_text text = PB_TEXT_INIT;
    for (size_t i = 0; i < record->npoints; i++) {
        size_t before = 0;
        while (before < i &&
               strcmp(field(&record->points[before]), field(&record->points[i])) != 0)
            before++;
        if (before == i)
            pb_text_addf(&text, "%s%s", i ? ", " : "", field(&record->points[i]));
    }
    return pb_text_take(&text);
}

static enum pb_status check_known(const struct pb_record *record, const char *list,
                                  field_fn *field, const char *what, struct pb_error *err)
{
    for (const char *word = list; word; word = strchr(word, ',')) {
        word += *word == ',';
        const int bytes = (int)strcspn(word, ",");
        size_t i = 0;
        while (i < record->npoints &&
               (strlen(field(&record->points[i])) != (size_t)bytes ||
                strncmp(field(&record->points[i]), word, (size_t)bytes) != 0))
            i++;
        if (i < record->npoints)
            continue;
        char *known = known_values(record, field);
        const enum pb_status status =
            pb_fail(err, PB_ERR_USAGE, "no %s \"%.*s\" in the file: it has %s", what,
                    bytes, word, known && *known ? known : "no points at all");
        free(known);
        return status;
    }
    return PB_OK;
}

bool pb_load_wants(const struct pb_load *load, const struct pb_point *point)
{
    const bool has_kernel = load->kernels ? is_listed(load->kernels, point->kernel)
                                          : load->keeps_canaries || !pb_is_canary(point);
    return has_kernel && (!load->dtypes || is_listed(load->dtypes, point->dtype)) &&
           (!load->backends || is_listed(load->backends, point->backend));
}

enum pb_status pb_load_check_names(const struct pb_load *load,
                                   const struct pb_record *record, struct pb_error *err)
{
    enum pb_status status = check_known(record, load->kernels, kernel_of, "kernel", err);
    if (!status)
        status = check_known(record, load->dtypes, dtype_of, "data type", err);
    return status ? status
                  : check_known(record, load->backends, backend_of, "backend", err);
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
    keep_wanted(out, load);
    pb_record_sort(out);
    return PB_OK;
}

#include "results/record.h"

#include "results/link.h"
#include "results/peaks.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const outcome_names[] = {
    [PB_OUTCOME_OK] = "ok",           [PB_OUTCOME_WRONG] = "wrong",
    [PB_OUTCOME_FAILED] = "failed",   [PB_OUTCOME_TIMEOUT] = "timeout",
    [PB_OUTCOME_SKIPPED] = "skipped",
};
_Static_assert(sizeof outcome_names / sizeof outcome_names[0] == PB_OUTCOME_COUNT,
               "every outcome has a name");

const char *pb_outcome_name(enum pb_outcome outcome)
{
    return outcome_names[outcome];
}

bool pb_outcome_find(const char *name, enum pb_outcome *out)
{
    for (unsigned i = 0; i < PB_OUTCOME_COUNT; i++) {
        if (strcmp(name, outcome_names[i]) != 0)
            continue;
        *out = (enum pb_outcome)i;
        return true;
    }
    return false;
}

bool pb_set(char **field, const char *value)
{
    char *copy = value ? strdup(value) : NULL;
    free(*field); /* only now: value may be the field itself */
    *field = copy;
    return copy || !value;
}

/* ---- machine ----------------------------------------------------------------------- */

void pb_machine_release(struct pb_machine *machine)
{
    free(machine->cpu);
    free(machine->os);
    free(machine->governor);
    free(machine->mpi);
    free(machine->blas);
    for (size_t i = 0; i < machine->ndevices; i++) {
        free(machine->devices[i].name);
        free(machine->devices[i].type);
        free(machine->devices[i].driver);
    }
    free(machine->devices);
    for (size_t i = 0; i < machine->nlinks; i++)
        pb_link_release(&machine->links[i]);
    free(machine->links);
    for (size_t i = 0; i < machine->npeaks; i++)
        pb_peak_release(&machine->peaks[i]);
    free(machine->peaks);
    *machine = (struct pb_machine){ .clock_resolution_ns = (double)NAN };
}

void pb_fitness_facts_free(struct pb_fitness_fact *facts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(facts[i].id);
        free(facts[i].seen);
        free(facts[i].level);
    }
    free(facts);
}

/* ---- record ------------------------------------------------------------------------ */

void pb_record_init(struct pb_record *record)
{
    *record = (struct pb_record){ .machine = { .clock_resolution_ns = (double)NAN } };
}

void pb_record_release(struct pb_record *record)
{
    char *const strings[] = { record->version, record->git,        record->compiler,
                              record->cflags,  record->id,         record->started,
                              record->rigor,   record->paired_with };
    for (size_t i = 0; i < sizeof strings / sizeof strings[0]; i++)
        free(strings[i]);
    for (size_t i = 0; i < record->ncommand; i++)
        free(record->command[i]);
    free(record->command);
    for (size_t i = 0; i < record->nabsent; i++) {
        free(record->absent[i].backend);
        free(record->absent[i].reason);
    }
    free(record->absent);
    pb_fitness_facts_free(record->fitness, record->nfitness);
    for (size_t i = 0; i < record->npoints; i++)
        pb_point_release(&record->points[i]);
    free(record->points);
    pb_machine_release(&record->machine);
    pb_record_init(record);
}

enum pb_status pb_record_add(struct pb_record *record, struct pb_point *point,
                             struct pb_error *err)
{
    if (record->npoints >= record->points_capacity) {
        const size_t capacity = record->npoints < 8 ? 16 : record->npoints * 2;
        struct pb_point *points =
            realloc(record->points, capacity * sizeof *record->points);
        if (!points) {
            pb_point_release(point);
            return pb_fail(err, PB_ERR_MEMORY, "out of memory at point %zu of the result",
                           record->npoints + 1);
        }
        record->points = points;
        record->points_capacity = capacity;
    }
    record->points[record->npoints++] = *point;
    pb_point_init(point);
    return PB_OK;
}

static int compare_points(const void *a, const void *b)
{
    return pb_point_compare(a, b);
}

void pb_record_sort(struct pb_record *record)
{
    if (record->npoints > 1) /* qsort must not be given NULL */
        qsort(record->points, record->npoints, sizeof *record->points, compare_points);
}

struct pb_point *pb_record_find(const struct pb_record *record,
                                const struct pb_point *like)
{
    if (record->npoints == 0) /* bsearch must not be given NULL */
        return NULL;
    return bsearch(like, record->points, record->npoints, sizeof *record->points,
                   compare_points);
}

struct place { /* of a point in the file */
    const struct pb_point *point;
};

/* By identity, then by place in the file. */
static int compare_for_duplicates(const void *va, const void *vb)
{
    const struct place *a = va, *b = vb;
    const int order = pb_point_compare(a->point, b->point);
    return order ? order : (a->point > b->point) - (a->point < b->point);
}

size_t pb_record_find_duplicate(const struct pb_record *record)
{
    const size_t count = record->npoints;
    if (count < 2)
        return count;
    struct place *sorted = malloc(count * sizeof *sorted);
    if (!sorted)
        return SIZE_MAX;
    for (size_t i = 0; i < count; i++)
        sorted[i].point = &record->points[i];
    qsort(sorted, count, sizeof *sorted, compare_for_duplicates);
    size_t found = count;
    for (size_t i = 1; i < count && found == count; i++)
        if (pb_point_compare(sorted[i - 1].point, sorted[i].point) == 0)
            found = (size_t)(sorted[i].point - record->points);
    free(sorted);
    return found;
}

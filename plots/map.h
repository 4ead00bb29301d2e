/* map.h - who is the fastest at which size, as rows of cells: the numbers behind the
 * crossover map.
 *
 * A row is a kernel and data type under one setting: data that moves with every call (and
 * all that works in host memory), or data that stays on the device. Its cells reach from
 * the middle between two sizes measured to the next; neighbours with the same winner are
 * one cell, and where a crossing was found the cells meet there.
 */
#ifndef PB_PLOTS_MAP_H
#define PB_PLOTS_MAP_H

#include "results/crossover.h"
#include "results/curves.h"

#include <stdbool.h>
#include <stddef.h>

/* Of those that may be the fastest, at most so many are kept. */
enum { PB_MAP_EQUALS = 3 };

struct pb_map_cell {
    double from_n, to_n;
    size_t winners[PB_MAP_EQUALS]; /* indices into slice->curves, rising */
    size_t nwinners;               /* 1: certain; more: nobody can tell which of them */
    bool has_more;                 /* equals beyond those kept */
};

struct pb_map_row {
    const struct pb_slice *slice; /* borrowed */
    bool is_resident;
    struct pb_map_cell *cells; /* owned; n rising */
    size_t ncells;
    /* Owned array of borrowed crossings between the winners of cells. */
    const struct pb_crossover **marks;
    size_t nmarks;
};

struct pb_map {
    struct pb_map_row *rows; /* owned; first those of moving data, then the resident */
    size_t nrows;
};

/* Slices and report are of one record and outlive the map. Slices in which nothing counts
 * have no row; resident data has one only where a curve of it counts. */
enum pb_status pb_map_make(const struct pb_slices *slices,
                           const struct pb_crossover_report *report, struct pb_map *out,
                           struct pb_error *err);
void pb_map_release(struct pb_map *map);

#endif

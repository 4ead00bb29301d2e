/* history_words.c - what else changed with a run, and what a history leaves out. */
#include "measure/text.h"
#include "results/curves.h"
#include "results/history_parts.h"

#include <stdlib.h>
#include <string.h>

/* ---- what else changed ------------------------------------------------------------- */

static void add_change(struct pb_text *text, const char *what, const char *before,
                       const char *now)
{
    const bool is_known = before && *before && now && *now;
    if (is_known && strcmp(before, now) != 0)
        pb_text_addf(text, "%s%s %.80s -> %.80s", text->len ? ", " : "", what, before,
                     now);
}

static void add_drivers(struct pb_text *text, const struct pb_machine *before,
                        const struct pb_machine *now)
{
    for (size_t i = 0; i < now->ndevices; i++)
        for (size_t k = 0; k < before->ndevices; k++) {
            const struct pb_device_facts *a = &before->devices[k], *b = &now->devices[i];
            if (!a->name || !pb_text_same(a->name, b->name))
                continue;
            add_change(text, "driver", a->driver, b->driver);
            break;
        }
}

static char *changes(const struct pb_record *before, const struct pb_record *now)
{
    struct pb_text text = PB_TEXT_INIT;
    add_change(&text, "parbench", before->version, now->version);
    add_change(&text, "git", before->git, now->git);
    add_change(&text, "compiler", before->compiler, now->compiler);
    add_change(&text, "flags", before->cflags, now->cflags);
    add_change(&text, "system", before->machine.os, now->machine.os);
    add_change(&text, "governor", before->machine.governor, now->machine.governor);
    add_change(&text, "MPI", before->machine.mpi, now->machine.mpi);
    add_change(&text, "BLAS", before->machine.blas, now->machine.blas);
    add_drivers(&text, &before->machine, &now->machine);
    return pb_text_take(&text);
}

enum pb_status pb_history_say_changes(struct pb_history *history, struct pb_error *err)
{
    for (size_t i = 0; i < history->nruns; i++) {
        struct pb_history_run *run = &history->runs[i];
        size_t before = i;
        while (before > 0 && history->runs[before - 1].machine != run->machine)
            before--;
        if (before == 0)
            continue;
        run->changed = changes(&history->runs[before - 1].facts, &run->facts);
        if (!run->changed)
            return pb_history_out_of_memory(err);
        if (*run->changed)
            continue;
        free(run->changed);
        run->changed = NULL;
    }
    return PB_OK;
}

/* ---- what is left out -------------------------------------------------------------- */

static enum pb_status add_note(struct pb_history *history, char *note,
                               struct pb_error *err)
{
    char **grown =
        note ? realloc(history->notes, (history->nnotes + 1) * sizeof *grown) : NULL;
    if (!grown) {
        free(note);
        return pb_history_out_of_memory(err);
    }
    history->notes = grown;
    grown[history->nnotes++] = note;
    return PB_OK;
}

static enum pb_status note_machines(struct pb_history *history, struct pb_error *err)
{
    const size_t current = history->runs[history->nruns - 1].machine;
    enum pb_status status = PB_OK;
    for (size_t i = 0; !status && i < history->nmachines; i++) {
        const struct pb_history_machine *machine = &history->machines[i];
        if (i == current)
            continue;
        status = add_note(
            history,
            pb_text_format("%zu of %zu files %s of another machine (%.100s, %u usable "
                           "cores), which makes series of its own: not shown without "
                           "--all-machines",
                           machine->nruns, history->nruns,
                           machine->nruns == 1 ? "is" : "are",
                           machine->cpu ? machine->cpu : "unknown CPU", machine->cores),
            err);
    }
    return status;
}

/* Left out only for its driver, not for its machine. */
static bool has_old_driver(const struct pb_history *history,
                           const struct pb_series *series)
{
    return series->machine == history->runs[history->nruns - 1].machine &&
           !series->has_newest_driver;
}

static bool is_same_driver(const struct pb_series *a, const struct pb_series *b)
{
    return pb_text_same(a->point.device, b->point.device) &&
           pb_text_same(a->driver, b->driver);
}

/* Series from `first` on with its device and driver; 0: one before it has them too. */
static size_t count_driver(const struct pb_history *history, size_t first)
{
    const struct pb_series *series = &history->series[first];
    size_t count = 0;
    for (size_t i = 0; i < history->nseries; i++) {
        const struct pb_series *other = &history->series[i];
        if (!has_old_driver(history, other) || !is_same_driver(other, series))
            continue;
        if (i < first)
            return 0;
        count++;
    }
    return count;
}

static char *driver_note(const struct pb_series *series, size_t count)
{
    return pb_text_format(
        "%zu point%s of %.100s with its earlier driver (%.100s): series "
        "of %s own, not shown without --all-machines",
        count, count == 1 ? "" : "s", series->point.device,
        series->driver ? series->driver : "unknown", count == 1 ? "its" : "their");
}

static enum pb_status note_drivers(struct pb_history *history, struct pb_error *err)
{
    for (size_t i = 0; i < history->nseries; i++) {
        const struct pb_series *series = &history->series[i];
        if (!has_old_driver(history, series))
            continue;
        const size_t count = count_driver(history, i);
        enum pb_status status = PB_OK;
        if (count)
            status = add_note(history, driver_note(series, count), err);
        if (status)
            return status;
    }
    return PB_OK;
}

static enum pb_status note_undated(struct pb_history *history, struct pb_error *err)
{
    size_t count = 0;
    for (size_t i = 0; i < history->nruns; i++)
        count += !history->runs[i].facts.started || !*history->runs[i].facts.started;
    return count ? add_note(history,
                            pb_text_format("%zu file%s not when %s measured: taken as "
                                           "the oldest",
                                           count, count == 1 ? " says" : "s say",
                                           count == 1 ? "it was" : "they were"),
                            err)
                 : PB_OK;
}

enum pb_status pb_history_say_notes(struct pb_history *history, bool all_machines,
                                    struct pb_error *err)
{
    enum pb_status status = note_undated(history, err);
    if (!status && !all_machines)
        status = note_machines(history, err);
    if (!status && !all_machines)
        status = note_drivers(history, err);
    return status;
}

#include "tests/evidence/runs.h"

#include "measure/text.h"
#include "results/codec.h"
#include "tests/evidence/kept.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SUFFIX ".run"

static int is_run(const struct dirent *entry)
{
    const size_t len = strlen(entry->d_name), tail = strlen(SUFFIX);
    return len > tail && strcmp(entry->d_name + len - tail, SUFFIX) == 0;
}

/* The first line of NAME.run: "wall_s 12.3". */
static double read_wall(const char *file)
{
    FILE *stream = fopen(file, "r");
    char line[64] = "", *end = line;
    double wall_s = 0;
    if (!stream)
        pb_kept_fail("cannot read %s: %s", file, strerror(errno));
    if (fgets(line, sizeof line, stream) && strncmp(line, "wall_s ", 7) == 0)
        wall_s = strtod(line + 7, &end);
    (void)fclose(stream);
    if (*end != '\n' || !(wall_s >= 0))
        pb_kept_fail("%s: no wall_s: remove it to measure it again", file);
    return wall_s;
}

void pb_runs_read_record(const char *file, struct pb_record *out)
{
    struct pb_error err = { "" };
    pb_record_init(out);
    if (pb_record_read(file, out, &err))
        pb_kept_fail("%s", err.text);
    pb_record_sort(out);
}

static void read_run(const char *folder, const char *name, struct pb_kept_run *out)
{
    const int len = (int)(strlen(name) - strlen(SUFFIX));
    char *end = pb_text_format("%s/%s", folder, name),
         *record = pb_text_format("%s/%.*s.json", folder, len, name);
    if (!end || !record)
        pb_kept_fail("out of memory");
    out->wall_s = read_wall(end);
    pb_runs_read_record(record, &out->record);
    free(end);
    free(record);
}

void pb_runs_read(const char *folder, struct pb_runs *out)
{
    struct dirent **entries = NULL;
    const int count = scandir(folder, &entries, is_run, alphasort);
    if (count <= 0)
        pb_kept_fail("no runs in %s: %s", folder,
                     count < 0 ? strerror(errno)
                               : "make bench-crossover-.. measures them");
    *out = (struct pb_runs){ .items = calloc((size_t)count, sizeof *out->items),
                             .count = (size_t)count };
    if (!out->items)
        pb_kept_fail("out of memory");
    for (size_t i = 0; i < out->count; i++) {
        read_run(folder, entries[i]->d_name, &out->items[i]);
        free(entries[i]);
    }
    free(entries);
}

void pb_runs_release(struct pb_runs *runs)
{
    for (size_t i = 0; i < runs->count; i++)
        pb_record_release(&runs->items[i].record);
    free(runs->items);
    *runs = (struct pb_runs){ 0 };
}

/* ---- where and when ---------------------------------------------------------------- */

void pb_runs_note(struct pb_runs_facts *facts, const struct pb_record *record)
{
    const char *started = record->started ? record->started : "";
    char machine[sizeof facts->machine], day[sizeof facts->first];
    (void)snprintf(machine, sizeof machine, "%s, %u cores",
                   record->machine.cpu ? record->machine.cpu : "unknown CPU",
                   record->machine.cores);
    (void)snprintf(day, sizeof day, "%.10s", started);
    if (facts->machine[0] && strcmp(facts->machine, machine) != 0)
        pb_kept_fail("runs of two machines: %s; %s", facts->machine, machine);
    memcpy(facts->machine, machine, sizeof machine);
    if (!facts->first[0] || strcmp(day, facts->first) < 0)
        memcpy(facts->first, day, sizeof day);
    if (strcmp(day, facts->last) > 0)
        memcpy(facts->last, day, sizeof day);
}

void pb_runs_print(const struct pb_runs_facts *facts)
{
    const bool is_one_day = strcmp(facts->first, facts->last) == 0;
    printf("%s; measured %s%s%s.", facts->machine, facts->first, is_one_day ? "" : " .. ",
           is_one_day ? "" : facts->last);
}

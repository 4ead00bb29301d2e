#include "tests/evidence/kept.h"

#include "measure/text.h"
#include "results/canary.h"
#include "results/codec.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void pb_kept_fail(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    (void)fputs("evidence: ", stderr);
    (void)vfprintf(stderr, format, args);
    (void)fputc('\n', stderr);
    va_end(args);
    exit(2);
}

/* ---- the folder -------------------------------------------------------------------- */

#define SUFFIX ".session"

static int is_session(const struct dirent *entry)
{
    const size_t len = strlen(entry->d_name), tail = strlen(SUFFIX);
    return len > tail && strcmp(entry->d_name + len - tail, SUFFIX) == 0;
}

void pb_kept_open(const char *path, struct pb_kept_folder *out)
{
    *out = (struct pb_kept_folder){ .path = path };
    const int count = scandir(path, &out->entries, is_session, alphasort);
    if (count <= 0)
        pb_kept_fail("no sessions in %s: %s", path,
                     count < 0 ? strerror(errno) : "make bench-gate-.. measures them");
    out->count = (size_t)count;
}

void pb_kept_close(struct pb_kept_folder *folder)
{
    for (size_t i = 0; i < folder->count; i++)
        free(folder->entries[i]);
    free(folder->entries);
    *folder = (struct pb_kept_folder){ 0 };
}

/* ---- a session --------------------------------------------------------------------- */

/* FOLDER/NNNN + suffix, to free(). */
static char *file_of(const struct pb_kept_folder *folder, size_t index,
                     const char *suffix)
{
    const char *name = folder->entries[index]->d_name;
    char *file = pb_text_format("%s/%.*s%s", folder->path,
                                (int)(strlen(name) - strlen(SUFFIX)), name, suffix);
    if (!file)
        pb_kept_fail("out of memory");
    return file;
}

/* Of a line "NAME value\n"; NULL: another line. The value ends where the line does. */
static char *value_of(char *line, const char *name)
{
    const size_t len = strlen(name);
    if (strncmp(line, name, len) != 0 || line[len] != ' ')
        return NULL;
    line[strcspn(line, "\n")] = '\0';
    return line + len + 1;
}

/* "exit 0", "wall_s 23.4" and, where something was made slower, "planted saxpy:.." */
static void read_end(const char *file, struct pb_kept *out)
{
    FILE *stream = fopen(file, "r");
    char line[256], *value, *end;
    bool has_exit = false, has_wall = false;
    if (!stream)
        pb_kept_fail("cannot read %s: %s", file, strerror(errno));
    while (fgets(line, sizeof line, stream)) {
        if ((value = value_of(line, "exit"))) {
            out->exit_code = (int)strtol(value, &end, 10);
            has_exit = end > value && *end == '\0';
        } else if ((value = value_of(line, "wall_s"))) {
            out->wall_s = strtod(value, &end);
            has_wall = end > value && *end == '\0';
        } else if ((value = value_of(line, "planted"))) {
            (void)snprintf(out->planted, sizeof out->planted, "%s", value);
        }
    }
    (void)fclose(stream);
    if (!has_exit || !has_wall)
        pb_kept_fail("%s: no exit, or no wall_s: remove it to measure it again", file);
}

static void read_record(const char *file, struct pb_record *out)
{
    struct pb_error err = { "" };
    if (pb_record_read(file, out, &err))
        pb_kept_fail("%s", err.text);
    pb_record_sort(out);
}

void pb_kept_read(const struct pb_kept_folder *folder, size_t index, struct pb_kept *out)
{
    char *end = file_of(folder, index, SUFFIX);
    char *old_file = file_of(folder, index, "-old.json"),
         *new_file = file_of(folder, index, "-new.json");
    *out = (struct pb_kept){ .planted = "" };
    read_end(end, out);
    pb_record_init(&out->old_record);
    pb_record_init(&out->new_record);
    out->has_records = access(old_file, R_OK) == 0 && access(new_file, R_OK) == 0;
    if (out->has_records) {
        read_record(old_file, &out->old_record);
        read_record(new_file, &out->new_record);
    }
    free(end);
    free(old_file);
    free(new_file);
}

void pb_kept_release(struct pb_kept *kept)
{
    pb_record_release(&kept->old_record);
    pb_record_release(&kept->new_record);
}

bool pb_kept_is_planted(const struct pb_kept *kept, const struct pb_point *point)
{
    char name[sizeof kept->planted];
    const char *share = strchr(kept->planted, ':');
    const int len = share ? (int)strcspn(share + 1, ":") : 0;
    (void)snprintf(name, sizeof name, "%s:%.*s:%s:%" PRIu64, point->kernel, len,
                   share ? share + 1 : "", point->backend, point->n);
    return strcmp(name, kept->planted) == 0;
}

/* ---- its points -------------------------------------------------------------------- */

void pb_kept_match(const struct pb_record *old_record, const struct pb_record *new_record,
                   struct pb_kept_points *out)
{
    const size_t most = old_record->npoints + 1;
    *out = (struct pb_kept_points){ .old_points = calloc(most, sizeof *out->old_points),
                                    .new_points = calloc(most, sizeof *out->new_points) };
    if (!out->old_points || !out->new_points)
        pb_kept_fail("out of memory");
    for (size_t i = 0; i < old_record->npoints; i++) {
        const struct pb_point *o = &old_record->points[i];
        const struct pb_point *n = pb_record_find(new_record, o);
        if (!n || !pb_point_counts(o) || !pb_point_counts(n) || pb_is_canary(o))
            continue;
        out->old_points[out->count] = o;
        out->new_points[out->count++] = n;
    }
}

void pb_kept_points_release(struct pb_kept_points *points)
{
    free(points->old_points);
    free(points->new_points);
    *points = (struct pb_kept_points){ 0 };
}

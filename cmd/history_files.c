#include "cmd/history_files.h"

#include "measure/text.h"
#include "results/codec.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static void say_skipped(struct pb_error *err)
{
    fprintf(stderr, "parbench history: skipped: %s\n", pb_text_one_line(err->text));
}

/* A run that was added before is skipped, wherever it stands. */
static enum pb_status add_record(struct pb_history *history, const char *file,
                                 struct pb_record *record, struct pb_error *err)
{
    const enum pb_status status = pb_history_add(history, file, record, err);
    if (status != PB_ERR_INPUT)
        return status;
    say_skipped(err);
    return PB_OK;
}

static enum pb_status add_file(struct pb_history *history, const char *file,
                               struct pb_error *err)
{
    struct pb_record record;
    enum pb_status status = pb_record_read(file, &record, err);
    if (status)
        return status;
    status = add_record(history, file, &record, err);
    pb_record_release(&record);
    return status;
}

static int is_json(const struct dirent *entry)
{
    const char *end = strrchr(entry->d_name, '.');
    return end && strcmp(end, ".json") == 0;
}

/* By bytes: the same order in every locale. */
static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static enum pb_status add_entry(struct pb_history *history, const char *folder,
                                const char *name, struct pb_error *err)
{
    const size_t bytes = strlen(folder);
    const char *slash = bytes && folder[bytes - 1] == '/' ? "" : "/";
    char *file = pb_text_format("%s%s%s", folder, slash, name);
    if (!file)
        return pb_fail(err, PB_ERR_MEMORY, "out of memory");
    enum pb_status status = add_file(history, file, err);
    if (status == PB_ERR_INPUT) { /* something else that is JSON */
        say_skipped(err);
        status = PB_OK;
    }
    free(file);
    return status;
}

static enum pb_status add_folder(struct pb_history *history, const char *folder,
                                 struct pb_error *err)
{
    struct dirent **entries;
    const int count = scandir(folder, &entries, is_json, by_name);
    if (count < 0)
        return pb_fail(err, PB_ERR_INPUT, "cannot read the folder %.300s: %s", folder,
                       strerror(errno));
    enum pb_status status = PB_OK;
    for (int i = 0; i < count; i++) {
        if (!status)
            status = add_entry(history, folder, entries[i]->d_name, err);
        free(entries[i]);
    }
    free(entries);
    return status;
}

static bool is_folder(const char *path)
{
    struct stat facts;
    return stat(path, &facts) == 0 && S_ISDIR(facts.st_mode);
}

enum pb_status pb_history_read(char *const *paths, size_t count,
                               struct pb_history *history, struct pb_error *err)
{
    enum pb_status status = PB_OK;
    for (size_t i = 0; !status && i < count; i++)
        status = is_folder(paths[i]) ? add_folder(history, paths[i], err)
                                     : add_file(history, paths[i], err);
    if (!status && history->nruns == 0)
        status = pb_fail(err, PB_ERR_INPUT,
                         "no result file in %.300s: parbench run -o FILE writes one",
                         paths[0]);
    return status;
}

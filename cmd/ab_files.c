#include "cmd/ab_files.h"

#include "measure/text.h"
#include "results/codec.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *file_of(const char *prefix, const char *side)
{
    return pb_text_format("%s-%s.json", prefix, side);
}

/* 0, or an errno. A file is replaced by a new one in its folder (results/record_file.c),
 * so the folder decides; a pipe or a device is written to itself. */
static int why_not_writable(char *file)
{
    struct stat facts;
    if (stat(file, &facts) == 0 && !S_ISREG(facts.st_mode))
        return S_ISDIR(facts.st_mode) ? EISDIR : access(file, W_OK) ? errno : 0;
    char *target = realpath(file, NULL); /* of a link, where it points to */
    char *path = target ? target : file;
    char *slash = strrchr(path, '/');
    if (slash)
        slash[slash == path ? 1 : 0] = '\0';
    const int cause = access(slash ? path : ".", W_OK | X_OK) ? errno : 0;
    free(target);
    return cause;
}

static enum pb_status check_file(const char *prefix, const char *side,
                                 struct pb_error *err)
{
    char *file = file_of(prefix, side), *scratch = file_of(prefix, side);
    enum pb_status status = file && scratch ? PB_OK : PB_ERR_MEMORY;
    if (status)
        (void)pb_fail(err, status, "out of memory");
    const int cause = status ? 0 : why_not_writable(scratch);
    if (cause)
        status = pb_fail(err, PB_ERR_ENVIRONMENT, "-o: cannot write %s: %s", file,
                         strerror(cause));
    free(file);
    free(scratch);
    return status;
}

enum pb_status pb_ab_files_check(const char *prefix, struct pb_error *err)
{
    if (!prefix)
        return PB_OK;
    const enum pb_status status = check_file(prefix, "old", err);
    return status ? status : check_file(prefix, "new", err);
}

static enum pb_status write_side(const char *prefix, const char *side,
                                 const struct pb_record *record, struct pb_error *err)
{
    char *file = file_of(prefix, side);
    const enum pb_status status = file ? pb_record_write(file, record, err)
                                       : pb_fail(err, PB_ERR_MEMORY, "out of memory");
    free(file);
    return status;
}

enum pb_status pb_ab_files_write(const char *prefix, const struct pb_record *old_record,
                                 const struct pb_record *new_record, struct pb_error *err)
{
    if (!prefix)
        return PB_OK;
    const enum pb_status status = write_side(prefix, "old", old_record, err);
    return status ? status : write_side(prefix, "new", new_record, err);
}

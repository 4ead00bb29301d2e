#include "results/whole_file.h"

#include "measure/text.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What the user can do about it. */
static const char *cure(int cause)
{
    switch (cause) {
    case ENOSPC:
    case EDQUOT:
        return "free some space, or name a file on another disk";
    case EACCES:
    case EPERM:
    case EROFS:
        return "name a file where you may write";
    case ENOENT:
    case ENOTDIR:
        return "create its folder first";
    case EISDIR:
        return "name a file, not a folder";
    default:
        return "name another file";
    }
}

static enum pb_status cannot_write(const char *file, int cause, struct pb_error *err)
{
    return pb_fail(err, PB_ERR_ENVIRONMENT, "cannot write %s: %s: %s", file,
                   strerror(cause), cure(cause));
}

/* What is printed, and by whom. */
struct content {
    pb_whole_file_fn *print;
    const void *context;
};

/* Writes to an open descriptor, which it closes. 0, or an errno value. */
static int write_and_close(int fd, const struct content *content, bool sync)
{
    FILE *stream = fdopen(fd, "w");
    if (!stream) {
        const int cause = errno;
        (void)close(fd);
        return cause;
    }
    int cause = content->print(stream, content->context);
    if (!cause && fflush(stream) != 0)
        cause = errno;
    if (!cause && sync && fsync(fd) != 0)
        cause = errno;
    if (fclose(stream) != 0 && !cause)
        cause = errno;
    return cause;
}

/* Makes the rename itself survive a power cut. Some file systems cannot sync a folder;
 * there the file is still whole, old or new, so that is no failure. */
static void sync_folder_of(char *path)
{
    char *slash = strrchr(path, '/');
    if (slash)
        slash[slash == path ? 1 : 0] = '\0';
    const int fd = open(slash ? path : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return;
    (void)fsync(fd);
    (void)close(fd);
}

/* target: the file that is to be replaced, symbolic links followed. */
static enum pb_status replace(char *target, mode_t mode, const struct content *content,
                              struct pb_error *err)
{
    char *temporary = pb_text_format("%s.tmp-%ld", target, (long)getpid());
    if (!temporary)
        return pb_fail(err, PB_ERR_MEMORY, "out of memory while writing %s", target);
    /* Not O_EXCL: in a container a crashed run with the same number may have left one. */
    const int fd =
        open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, mode);
    int cause = fd < 0 ? errno : write_and_close(fd, content, true);
    if (!cause && rename(temporary, target) != 0)
        cause = errno;
    enum pb_status status = PB_OK;
    if (cause) {
        if (fd >= 0)
            (void)unlink(temporary);
        status = cannot_write(target, cause, err);
    } else {
        sync_folder_of(target);
    }
    free(temporary);
    return status;
}

/* A pipe or a device is written to, never replaced by a file. */
static enum pb_status write_through(const char *file, const struct content *content,
                                    struct pb_error *err)
{
    const int fd = open(file, O_WRONLY | O_CLOEXEC);
    const int cause = fd < 0 ? errno : write_and_close(fd, content, false);
    return cause ? cannot_write(file, cause, err) : PB_OK;
}

enum pb_status pb_whole_file_write(const char *file, pb_whole_file_fn *print,
                                   const void *context, struct pb_error *err)
{
    const struct content content = { .print = print, .context = context };
    struct stat facts;
    const bool exists = stat(file, &facts) == 0;
    if (exists && S_ISDIR(facts.st_mode))
        return cannot_write(file, EISDIR, err);
    if (exists && !S_ISREG(facts.st_mode))
        return write_through(file, &content, err);
    char *target = exists ? realpath(file, NULL) : strdup(file);
    if (!target)
        return cannot_write(file, errno, err);
    const mode_t mode = exists ? facts.st_mode & 0777 : 0666; /* less the umask */
    const enum pb_status status = replace(target, mode, &content, err);
    free(target);
    return status;
}

#include "plots/gnuplot.h"

#include "measure/text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static const char log_name[] = "gnuplot.log";

static enum pb_status out_of_memory(struct pb_error *err)
{
    return pb_fail(err, PB_ERR_MEMORY, "out of memory while drawing");
}

/* The whole file, to free(); NULL: cannot be read, with errno. */
static char *read_file(const char *file, size_t *bytes)
{
    FILE *in = fopen(file, "rb");
    if (!in)
        return NULL;
    struct pb_text text = PB_TEXT_INIT;
    char chunk[4096];
    size_t got;
    while ((got = fread(chunk, 1, sizeof chunk, in)) > 0)
        pb_text_add_bytes(&text, chunk, got);
    const bool failed = ferror(in) != 0;
    (void)fclose(in);
    *bytes = text.len;
    if (!failed)
        return pb_text_take(&text);
    pb_text_release(&text);
    return NULL;
}

static enum pb_status write_file(const char *file, const char *bytes, size_t count,
                                 struct pb_error *err)
{
    FILE *out = fopen(file, "wb");
    bool good = out && fwrite(bytes, 1, count, out) == count;
    if (out && fclose(out) != 0)
        good = false;
    if (good)
        return PB_OK;
    const int cause = errno;
    (void)unlink(file);
    return pb_fail(err, PB_ERR_ENVIRONMENT, "cannot write %s: %s", file, strerror(cause));
}

/* Starts `program -d argument` in the folder, its words into the log. Returns errno. */
static int spawn(const struct pb_gnuplot *g, const char *argument, pid_t *child)
{
    posix_spawn_file_actions_t actions;
    /* exec wants char *, and does not write to them */
    char *const argv[] = { strdup(g->program), strdup("-d"), strdup(argument), NULL };
    int cause = posix_spawn_file_actions_init(&actions);
    if (!cause && argv[0] && argv[1] && argv[2]) {
        cause = posix_spawn_file_actions_addchdir_np(&actions, g->folder);
        if (!cause)
            cause =
                posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
        if (!cause)
            cause = posix_spawn_file_actions_addopen(&actions, 1, log_name,
                                                     O_WRONLY | O_CREAT | O_TRUNC, 0600);
        if (!cause)
            cause = posix_spawn_file_actions_adddup2(&actions, 1, 2);
        if (!cause)
            cause = posix_spawnp(child, g->program, &actions, NULL, argv, environ);
        (void)posix_spawn_file_actions_destroy(&actions);
    } else if (!cause) {
        (void)posix_spawn_file_actions_destroy(&actions);
        cause = ENOMEM;
    }
    for (size_t i = 0; i < 3; i++)
        free(argv[i]);
    return cause;
}

/* What gnuplot said, on one line; "" where it said nothing. To free(). */
static char *read_log(const struct pb_gnuplot *g)
{
    size_t bytes = 0;
    char *file = pb_text_format("%s/%s", g->folder, log_name);
    char *text = file ? read_file(file, &bytes) : NULL;
    free(file);
    if (!text)
        return NULL;
    const size_t blank = strspn(text, " \t\r\n");
    memmove(text, text + blank, strlen(text + blank) + 1);
    return pb_text_one_line(text);
}

static enum pb_status run(const struct pb_gnuplot *g, const char *argument,
                          struct pb_error *err)
{
    pid_t child;
    int how = 0;
    const int cause = spawn(g, argument, &child);
    if (cause == ENOENT)
        return pb_fail(err, PB_ERR_ENVIRONMENT,
                       "%s not found: apt-get install gnuplot-nox", g->program);
    if (cause)
        return pb_fail(err, PB_ERR_ENVIRONMENT, "cannot start %s: %s", g->program,
                       strerror(cause));
    while (waitpid(child, &how, 0) < 0)
        if (errno != EINTR)
            return pb_fail(err, PB_ERR_ENVIRONMENT, "lost track of %s: %s", g->program,
                           strerror(errno));
    if (WIFEXITED(how) && WEXITSTATUS(how) == 0)
        return PB_OK;
    char *log = read_log(g);
    const enum pb_status status =
        pb_fail(err, PB_ERR_ENVIRONMENT, "%s failed (%s %d): %.300s", g->program,
                WIFEXITED(how) ? "exit code" : "signal",
                WIFEXITED(how) ? WEXITSTATUS(how) : WTERMSIG(how),
                log && *log ? log : "it did not say why");
    free(log);
    return status;
}

enum pb_status pb_gnuplot_open(const char *program, struct pb_gnuplot *out,
                               struct pb_error *err)
{
    const char *parent = getenv("TMPDIR");
    *out = (struct pb_gnuplot){ .program = program ? program : "gnuplot" };
    out->folder =
        pb_text_format("%s/parbench-plot-XXXXXX", parent && *parent ? parent : "/tmp");
    if (!out->folder)
        return out_of_memory(err);
    if (!mkdtemp(out->folder)) {
        const enum pb_status status =
            pb_fail(err, PB_ERR_ENVIRONMENT, "cannot make the temporary folder %s: %s",
                    out->folder, strerror(errno));
        free(out->folder);
        *out = (struct pb_gnuplot){ 0 };
        return status;
    }
    const enum pb_status status = run(out, "--version", err);
    if (status)
        pb_gnuplot_close(out);
    return status;
}

enum pb_status pb_gnuplot_write(const struct pb_gnuplot *gnuplot, const char *name,
                                const char *text, struct pb_error *err)
{
    char *file = pb_text_format("%s/%s", gnuplot->folder, name);
    if (!file)
        return out_of_memory(err);
    const enum pb_status status = write_file(file, text, strlen(text), err);
    free(file);
    return status;
}

enum pb_status pb_gnuplot_run(const struct pb_gnuplot *gnuplot, const char *script,
                              struct pb_error *err)
{
    return run(gnuplot, script, err);
}

/* write_file, but readers see the old file or the whole new one. */
static enum pb_status replace_file(const char *target, const char *bytes, size_t count,
                                   struct pb_error *err)
{
    char *fresh = pb_text_format("%s.tmp-%ld", target, (long)getpid());
    if (!fresh)
        return out_of_memory(err);
    enum pb_status status = write_file(fresh, bytes, count, err);
    if (!status && rename(fresh, target) != 0) {
        status = pb_fail(err, PB_ERR_ENVIRONMENT, "cannot write %s: %s", target,
                         strerror(errno));
        (void)unlink(fresh);
    }
    free(fresh);
    return status;
}

enum pb_status pb_gnuplot_fetch(const struct pb_gnuplot *gnuplot, const char *name,
                                const char *target, struct pb_error *err)
{
    size_t bytes = 0;
    char *file = pb_text_format("%s/%s", gnuplot->folder, name);
    if (!file)
        return out_of_memory(err);
    char *picture = read_file(file, &bytes);
    const enum pb_status status =
        picture && bytes ? replace_file(target, picture, bytes, err)
                         : pb_fail(err, PB_ERR_ENVIRONMENT, "%s drew nothing for %s",
                                   gnuplot->program, target);
    free(picture);
    free(file);
    return status;
}

enum pb_status pb_gnuplot_read(const struct pb_gnuplot *gnuplot, const char *name,
                               char **out, struct pb_error *err)
{
    size_t bytes = 0;
    char *file = pb_text_format("%s/%s", gnuplot->folder, name);
    if (!file)
        return out_of_memory(err);
    char *text = read_file(file, &bytes);
    free(file);
    if (text && bytes) {
        *out = text;
        return PB_OK;
    }
    free(text);
    return pb_fail(err, PB_ERR_ENVIRONMENT, "%s drew nothing for %s", gnuplot->program,
                   name);
}

void pb_gnuplot_close(struct pb_gnuplot *gnuplot)
{
    DIR *folder = gnuplot->folder ? opendir(gnuplot->folder) : NULL;
    const struct dirent *entry;
    /* cppcheck-suppress readdirCalled ; one thread, one stream */
    while (folder && (entry = readdir(folder)))
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            (void)unlinkat(dirfd(folder), entry->d_name, 0);
    if (folder)
        (void)closedir(folder);
    if (gnuplot->folder)
        (void)rmdir(gnuplot->folder);
    free(gnuplot->folder);
    *gnuplot = (struct pb_gnuplot){ 0 };
}

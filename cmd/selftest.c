/* parbench selftest: proves that the gate can fire, and that it does not fire on nothing.
 */
#include "cmd/command.h"

#include "backends/registry.h"
#include "cmd/terminal.h"
#include "kernels/registry.h"
#include "measure/process.h"
#include "measure/text.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct selftest_options {
    const char *kernel, *backend, *size, *slowdown;
};

#define AT(field) offsetof(struct selftest_options, field)
static const struct pb_option options[] = {
    { .name = "kernel",
      .letter = 'k',
      .kind = PB_TEXT,
      .offset = AT(kernel),
      .metavar = "K",
      .fallback = "saxpy",
      .help = "The kernel that is made slower." },
    { .name = "backend",
      .letter = 'b',
      .kind = PB_TEXT,
      .offset = AT(backend),
      .metavar = "B",
      .fallback = "scalar",
      .help = "Where it runs." },
    { .name = "size",
      .letter = 's',
      .kind = PB_TEXT,
      .offset = AT(size),
      .metavar = "S",
      .fallback = "4Ki,16Ki,64Ki",
      .help = "Sizes, as for run." },
    { .name = "slowdown",
      .kind = PB_CHOICE,
      .offset = AT(slowdown),
      .metavar = "X",
      .fallback = "0.5",
      .choices = (const char *const[]){ "0.05", "0.1", "0.2", "0.5", "1", NULL },
      .help = "How much more work the slowed side does. 0.5 shows on any machine; 0.05 "
              "asks for a quiet one." },
    { .name = NULL },
};

enum { ARGS_MAX = 24 };

struct check {
    const char *name;
    int wanted; /* exit code */
    int also;   /* another one that passes; -1: none */
    /* 3 says that this machine is too noisy now, not that the gate is wrong. */
    bool may_be_unsure;
    const char *args[ARGS_MAX];
};

struct selftest {
    const struct selftest_options *options;
    char exe[4096], folder[64];
    size_t done, failed, unsure;
};

/* Runs `parbench ARGS..` and returns its exit code; -1: it could not be run or was
 * killed. */
static int run_parbench(const struct selftest *t, const char *const *args, char *said,
                        size_t bytes)
{
    struct pb_process process = {
        .in = -1, .out = -1, .err = -1, .pending = PB_TEXT_INIT
    };
    struct pb_error err = { "" };
    char *argv[ARGS_MAX + 2] = { NULL }, *line;
    size_t count = 0;
    argv[count++] = strdup(t->exe);
    for (size_t i = 0; args[i]; i++)
        argv[count++] = strdup(args[i]);
    const bool ok = !pb_process_start(&process, argv, NULL, &err);
    (void)snprintf(said, bytes, "%s", err.text);
    while (ok && pb_process_receive(&process, 600, NULL, &line) == PB_WAIT_LINE) {
        (void)snprintf(said, bytes, "%s", line); /* the last line is the verdict */
        free(line);
    }
    pb_process_stop(&process, 5);
    for (size_t i = 0; i < count; i++)
        free(argv[i]);
    if (process.last_words_len)
        (void)snprintf(said, bytes, "%.*s", (int)bytes - 1, process.last_words);
    pb_text_one_line(said);
    return ok && WIFEXITED(process.wait_status) ? WEXITSTATUS(process.wait_status) : -1;
}

static void run_check(struct selftest *t, const struct check *check)
{
    char said[sizeof((struct pb_error *)0)->text + 100];
    (void)fflush(stdout);
    const int code = run_parbench(t, check->args, said, sizeof said);
    const bool ok = code == check->wanted || (check->also >= 0 && code == check->also);
    const bool unsure = !ok && check->may_be_unsure && code == PB_EXIT_INCONCLUSIVE;
    t->done++;
    t->failed += !ok && !unsure;
    t->unsure += unsure;
    (void)printf("%s %s: exit %d",
                 ok       ? "ok    "
                 : unsure ? "unsure"
                          : "FAILED",
                 check->name, code);
    if (!ok)
        (void)printf(", wanted %d (%s)", check->wanted, said);
    (void)printf("\n");
}

/* ---- the checks -------------------------------------------------------------------- */

static char *file_in(const struct selftest *t, const char *name)
{
    return pb_text_format("%s/%s", t->folder, name);
}

static bool write_text(const char *file, const char *text, size_t len)
{
    FILE *out = file ? fopen(file, "w") : NULL;
    if (!out)
        return false;
    const bool ok = fwrite(text, 1, len, out) == len;
    return fclose(out) == 0 && ok;
}

/* The first half of a file, as another file. */
static bool cut_in_half(const char *from, const char *to)
{
    char *text = NULL;
    size_t cap = 0;
    FILE *in = from ? fopen(from, "r") : NULL;
    const ssize_t len = in ? getdelim(&text, &cap, '\0', in) : -1;
    if (in)
        (void)fclose(in);
    const bool ok = len > 0 && write_text(to, text, (size_t)len / 2);
    free(text);
    return ok;
}

/* The gate itself: two sessions of the same build, one of them slowed. */
static void check_gate(struct selftest *t, const char *prefix, const char *slowdown)
{
    const struct selftest_options *o = t->options;
#define AB "ab", t->exe, t->exe, "-k", o->kernel, "-b", o->backend, "-s", o->size
    const struct check checks[] = {
        { .name = "A/A: the same build twice is no regression",
          .wanted = 0,
          .also = -1,
          .may_be_unsure = true,
          .args = { AB, "-o", prefix } },
        { .name = "an injected slow-down is one",
          .wanted = 1,
          .also = -1,
          .may_be_unsure = true,
          .args = { AB, "--new-arg", slowdown } },
        { .name = "an injected speed-up is none",
          .wanted = 0,
          .also = -1,
          .may_be_unsure = true,
          .args = { AB, "--old-arg", slowdown } },
    };
#undef AB
    for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++)
        run_check(t, &checks[i]);
}

struct files {
    char *old, *new, *empty, *half, *other; /* owned */
};

/* Files that cannot be compared must never look like success. */
static void compare_files(struct selftest *t, const struct files *f)
{
    const struct check checks[] = {
        { .name = "compare: the A/A files are no regression",
          .wanted = 0,
          .also = -1,
          .may_be_unsure = true,
          .args = { "compare", f->old, f->new } },
        { .name = "compare: an empty file",
          .wanted = 2,
          .also = 3,
          .args = { "compare", f->old, f->empty } },
        { .name = "compare: a truncated file",
          .wanted = 2,
          .also = 3,
          .args = { "compare", f->old, f->half } },
        { .name = "compare: a file that is not there",
          .wanted = 2,
          .also = -1,
          .args = { "compare", f->old, f->other } },
        { .name = "run: another kernel, for the next check",
          .wanted = 0,
          .also = -1,
          .args = { "run", "-k", "reduce", "-b", "scalar", "-t", "f64", "-s", "100",
                    "--rounds", "1", "-o", f->other } },
        { .name = "compare: files with nothing in common",
          .wanted = 3,
          .also = -1,
          .args = { "compare", f->old, f->other } },
    };
    for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++)
        run_check(t, &checks[i]);
}

static void check_files(struct selftest *t)
{
    struct files f = { file_in(t, "aa-old.json"), file_in(t, "aa-new.json"),
                       file_in(t, "empty.json"), file_in(t, "half.json"),
                       file_in(t, "other.json") };
    if (f.old && f.new &&f.other &&write_text(f.empty, "", 0) &&
        cut_in_half(f.new, f.half)) {
        compare_files(t, &f);
    } else {
        t->done++;
        t->failed++;
        (void)printf("FAILED the files of the A/A session could not be prepared in %s\n",
                     t->folder);
    }
    free(f.old);
    free(f.new);
    free(f.empty);
    free(f.half);
    free(f.other);
}

static void remove_files(const struct selftest *t)
{
    static const char *const names[] = { "aa-old.json", "aa-new.json",
                                         "empty.json",  "half.json",
                                         "other.json",  "other.json.journal" };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char *file = file_in(t, names[i]);
        if (file)
            (void)unlink(file);
        free(file);
    }
    (void)rmdir(t->folder);
}

/* A misspelt name would fail every check, and blame the gate. */
static enum pb_status check_names(const struct selftest_options *o, struct pb_error *err)
{
    struct pb_text names = PB_TEXT_INIT;
    char kernels[512];
    enum pb_status status = PB_OK;
    if (!pb_kernel_find(o->kernel))
        return pb_fail(err, PB_ERR_USAGE,
                       "--kernel: no kernel is called \"%s\"; there are %s", o->kernel,
                       pb_kernel_names(kernels, sizeof kernels));
    for (size_t i = 0; i < pb_backend_count(); i++)
        pb_text_addf(&names, "%s%s", i ? ", " : "", pb_backend_at(i)->name);
    if (!pb_backend_find(o->backend))
        status = pb_fail(err, PB_ERR_USAGE,
                         "--backend: no backend is called \"%s\"; there are %s",
                         o->backend, names.str);
    pb_text_release(&names);
    return status;
}

static enum pb_status set_up(struct selftest *t, struct pb_error *err)
{
    const ssize_t len = readlink("/proc/self/exe", t->exe, sizeof t->exe - 1);
    if (len <= 0)
        return pb_fail(
            err, PB_ERR_ENVIRONMENT,
            "cannot find parbench's own file through /proc/self/exe: mount /proc");
    t->exe[len] = '\0';
    (void)snprintf(t->folder, sizeof t->folder, "/tmp/parbench-selftest.XXXXXX");
    if (!mkdtemp(t->folder))
        return pb_fail(err, PB_ERR_ENVIRONMENT, "cannot make a folder in /tmp: %s",
                       strerror(errno));
    return PB_OK;
}

static int run(int argc, char **argv)
{
    struct selftest_options o;
    struct selftest t = { .options = &o };
    struct pb_error err = { "" };
    char **operands;
    size_t noperands;
    enum pb_status status = pb_options_parse(&pb_command_selftest, argc, argv, &o,
                                             &operands, &noperands, &err);
    if (!status)
        status = check_names(&o, &err);
    if (!status)
        status = set_up(&t, &err);
    if (status)
        return pb_command_fail("selftest", status, &err);
    char *prefix = file_in(&t, "aa"),
         *slowdown = pb_text_format("PARBENCH_SLOWDOWN=%s:%s", o.kernel, o.slowdown);
    if (prefix && slowdown) {
        check_gate(&t, prefix, slowdown);
        check_files(&t);
    }
    free(prefix);
    free(slowdown);
    remove_files(&t);
    (void)printf("%zu passed, %zu failed, %zu unsure\n", t.done - t.failed - t.unsure,
                 t.failed, t.unsure);
    if (t.unsure)
        (void)printf(
            "This machine is too noisy at present to tell: parbench doctor says why.\n");
    if (t.failed || !t.done)
        return PB_EXIT_REGRESSION;
    return t.unsure ? PB_EXIT_INCONCLUSIVE : PB_EXIT_OK;
}

const struct pb_command pb_command_selftest = {
    .name = "selftest",
    .summary = "prove that the gate fires on a slow-down, and only then",
    .synopsis = "[OPTION]..",
    .description = "Runs `parbench ab` on this very binary: the same build twice must "
                   "find nothing; with one side made slower (by "
                   "making its worker do more work, never by editing numbers) it must "
                   "exit 1. Files that are empty, cut off, missing or have "
                   "nothing in common must never look like success. Takes about a "
                   "minute; run it in CI, so that the gate cannot rot.",
    .examples = "parbench selftest                    # a slow-down by half, visible on "
                "any machine\n"
                "parbench selftest --slowdown 0.1     # a slow-down of 10 %, on a quiet "
                "machine\n",
    .options = options,
    .run = run,
};

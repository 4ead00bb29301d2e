#include "cmd/command.h"

#include "cmd/terminal.h"
#include "cmd/version.h"
#include "measure/text.h"

#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <string.h>

const struct pb_command *const pb_commands[] = {
    &pb_command_run,
    &pb_command_crossover,
    &pb_command_transfers,
    &pb_command_peaks,
    &pb_command_tune,
    &pb_command_recommend,
    &pb_command_export,
    &pb_command_plot,
    &pb_command_report,
    &pb_command_ab,
    &pb_command_compare,
    &pb_command_history,
    &pb_command_list,
    &pb_command_verify,
    &pb_command_doctor,
    &pb_command_selftest,
    &pb_command_help,
    &pb_command_worker,
    NULL,
};
#define COMMAND_COUNT (sizeof pb_commands / sizeof pb_commands[0] - 1)

const char *const pb_exit_meanings[PB_EXIT_COUNT] = {
    [PB_EXIT_OK] = "fine",
    [PB_EXIT_REGRESSION] = "a regression, or a wrong result",
    [PB_EXIT_USAGE] = "usage, input or environment: the message says what to do",
    [PB_EXIT_INCONCLUSIVE] = "inconclusive, or nothing measured",
};

struct root_options {
    bool version;
};

static const struct pb_option root_options[] = {
    { .name = "version",
      .letter = 'V',
      .kind = PB_FLAG,
      .offset = offsetof(struct root_options, version),
      .help = "Print version, commit and compiler of this build." },
    { .name = NULL },
};

const struct pb_command pb_command_parbench = {
    .name = "",
    .summary = "which level of parallelism pays on this machine, and from which size on",
    .synopsis = "COMMAND [OPTION].. [ARGUMENT]..",
    .description =
        "parbench runs the same kernels as scalar code, as SIMD, on OpenMP threads, on "
        "OpenCL devices and as MPI ranks, on the same data and under the same "
        "stop-watch. It verifies every result, writes one JSON file with all samples, "
        "and finds the sizes at which one level overtakes another.",
    .examples =
        "parbench list backends                       # what this machine can run\n"
        "parbench run --kernel saxpy -o saxpy.json    # measure\n"
        "parbench crossover saxpy.json                # who wins, from which size on\n",
    .options = root_options,
    .max_operands = SIZE_MAX,
};

const struct pb_command *pb_command_find(const char *name)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (strcmp(pb_commands[i]->name, name) == 0)
            return pb_commands[i];
    return NULL;
}

enum pb_status pb_command_unknown(const char *name, struct pb_error *err)
{
    const char *names[COMMAND_COUNT];
    size_t count = 0;
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (pb_commands[i]->summary)
            names[count++] = pb_commands[i]->name;
    const char *nearest = pb_nearest(name, names, count);
    return nearest ? pb_fail(err, PB_ERR_USAGE, "unknown command %.60s: did you mean %s?",
                             name, nearest)
                   : pb_fail(err, PB_ERR_USAGE, "unknown command %.60s", name);
}

static int exit_code_of(enum pb_status status)
{
    switch (status) {
    case PB_OK:
        return PB_EXIT_OK;
    case PB_ERR_WRONG:
        return PB_EXIT_REGRESSION;
    case PB_ERR_USAGE:
    case PB_ERR_INPUT:
    case PB_ERR_ENVIRONMENT:
    case PB_ERR_MEMORY:
    case PB_ERR_UNSUPPORTED:
    case PB_ERR_INTERNAL:
        return PB_EXIT_USAGE;
    }
    return PB_EXIT_USAGE;
}

int pb_command_fail(const char *command, enum pb_status status,
                    const struct pb_error *err)
{
    const bool is_root = !command || command[0] == '\0';
    const char *blank = is_root ? "" : " ", *name = is_root ? "" : command;
    struct pb_error shown = *err; /* a driver's text may hold anything */
    fprintf(stderr, "parbench%s%s: %s\n", blank, name, pb_text_one_line(shown.text));
    if (status == PB_ERR_USAGE)
        fprintf(stderr, "See: parbench%s%s --help\n", blank, name);
    return exit_code_of(status);
}

static int print_overview(int code)
{
    pb_command_print_help(&pb_command_parbench, pb_terminal_columns(stdout), stdout);
    return code;
}

/* What stands before a command: --version, --help, or a mistake. */
static int run_root(int argc, char **argv)
{
    struct root_options options;
    struct pb_error err;
    char **operands;
    size_t noperands;
    if (pb_command_wants_help(argc, argv))
        return print_overview(PB_EXIT_OK);
    enum pb_status status = pb_options_parse(&pb_command_parbench, argc, argv, &options,
                                             &operands, &noperands, &err);
    if (status == PB_OK && !options.version)
        status = pb_fail(&err, PB_ERR_USAGE, "expected a command as the first word");
    if (status != PB_OK)
        return pb_command_fail(NULL, status, &err);
    printf("parbench %s (git %s, %s)\n", pb_version.version, pb_version.git,
           pb_version.compiler);
    return PB_EXIT_OK;
}

int pb_dispatch(int argc, char **argv)
{
    if (argc < 2)
        return print_overview(PB_EXIT_USAGE);
    if (argv[1][0] == '-')
        return run_root(argc, argv);
    const struct pb_command *command = pb_command_find(argv[1]);
    if (!command) {
        struct pb_error err;
        return pb_command_fail(NULL, pb_command_unknown(argv[1], &err), &err);
    }
    if (pb_command_wants_help(argc - 1, argv + 1)) {
        pb_command_print_help(command, pb_terminal_columns(stdout), stdout);
        return PB_EXIT_OK;
    }
    return command->run(argc - 1, argv + 1);
}

/* A pipe that nobody reads any more: `parbench list | head -1`. */
static bool has_no_reader(FILE *stream)
{
    struct pollfd poll_of = { .fd = fileno(stream), .events = POLLOUT };
    return poll_of.fd >= 0 && poll(&poll_of, 1, 0) > 0 && (poll_of.revents & POLLERR);
}

int pb_finish(int code)
{
    const bool is_unread = has_no_reader(stdout);
    errno = 0;
    bool is_written = !ferror(stdout);
    is_written = fflush(stdout) == 0 && is_written;
    if (fclose(stdout) != 0 && errno != EBADF) /* closed by whoever started us: fine */
        is_written = false;
    if (is_written || is_unread || errno == EPIPE)
        return code;
    fprintf(stderr, "parbench: cannot write the output: %s\n",
            errno ? strerror(errno) : "an earlier write failed");
    return PB_EXIT_USAGE;
}

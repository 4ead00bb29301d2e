/* help_test.c - help, the manual page, dispatch, and what happens to lost output. */
#include "cmd/command.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct fields {
    bool quick;
    const char *name, *format;
    double precision;
    struct pb_texts plugins;
};

#define AT(field) .offset = offsetof(struct fields, field)
static const char *const formats[] = { "text", "json", NULL };
static const struct pb_option options[] = {
    { .name = "name",
      .letter = 'n',
      .kind = PB_TEXT,
      AT(name),
      .metavar = "K,..",
      .help = "Which to take, by name, and a good deal more to say about that.",
      .fallback = "all",
      .group = "What" },
    { .name = "plugin",
      .kind = PB_TEXTS,
      AT(plugins),
      .metavar = "SO",
      .help = "Load it." },
    { .name = "precision",
      .kind = PB_PERCENT,
      AT(precision),
      .metavar = "P",
      .help = ".5% isn't -- \"always\" \\fine\\ after 3 µs.",
      .fallback = "2%",
      .group = "How" },
    { .name = "format",
      .kind = PB_CHOICE,
      AT(format),
      .metavar = "F",
      .help = "Print.",
      .choices = formats,
      .fallback = "text" },
    { .name = "secret", .kind = PB_FLAG, AT(quick) },
    { .name = NULL },
};
static const struct pb_command command = {
    .name = "taste",
    .summary = "tastes",
    .synopsis = "[OPTION].. FILE..",
    .description = "A first paragraph that is long enough to be broken somewhere, "
                   "isn't it.\n.TH is no request.\n\n  kept   as it is\n\nThe last.",
    .examples = "parbench taste a    # the one\nparbench taste b.json c.json\n",
    .options = options,
};

static char *help_of(const struct pb_command *of, unsigned columns)
{
    char *text = NULL;
    size_t bytes = 0;
    FILE *stream = open_memstream(&text, &bytes);
    assert_non_null(stream);
    pb_command_print_help(of, columns, stream);
    fclose(stream);
    return text;
}

static void help_to_the_letter(void **state)
{
    (void)state;
    char *text = help_of(&command, 64);
    assert_string_equal(
        text, "Usage: parbench taste [OPTION].. FILE..\n"
              "\n"
              "A first paragraph that is long enough to be broken somewhere,\n"
              "isn't it. .TH is no request.\n"
              "\n"
              "  kept   as it is\n"
              "\n"
              "The last.\n"
              "\n"
              "What:\n"
              "  -n, --name K,..           Which to take, by name, and a good\n"
              "                            deal more to say about that.\n"
              "                            [default: all]\n"
              "      --plugin SO           Load it. May be given several times.\n"
              "\n"
              "How:\n"
              "      --precision P         .5% isn't -- \"always\" \\fine\\ after 3\n"
              "                            µs. [default: 2%]\n"
              "      --format F            Print. Choices: text, json.\n"
              "                            [default: text]\n"
              "\n"
              "Help:\n"
              "  -h, --help                Show this text.\n"
              "\n"
              "Examples:\n"
              "  parbench taste a              # the one\n"
              "  parbench taste b.json c.json\n"
              "\n"
              "Exit codes:\n"
              "  0  fine\n"
              "  1  a regression, or a wrong result\n"
              "  2  usage, input or environment: the message says what to do\n"
              "  3  inconclusive, or nothing measured\n");
    free(text);
}

static void narrow_help_puts_text_below_its_label(void **state)
{
    (void)state;
    char *text = help_of(&command, 40);
    assert_non_null(
        strstr(text, "  -n, --name K,..\n        Which to take, by name, and a\n"));
    assert_non_null(strstr(text, "  # the one\n  parbench taste a\n"));
    free(text);
    text = help_of(&command, 0); /* no width is too small to end */
    assert_non_null(strstr(text, "Exit codes:"));
    free(text);
}

static size_t longest_line(const char *text)
{
    size_t longest = 0;
    for (; *text; text += strcspn(text, "\n"), text += *text == '\n') {
        const size_t len = strcspn(text, "\n");
        longest = len > longest ? len : longest;
    }
    return longest;
}

static void every_command_explains_itself(void **state)
{
    (void)state;
    char *overview = help_of(&pb_command_parbench, 80);
    for (const struct pb_command *const *c = pb_commands; *c; c++) {
        char item[64];
        (void)snprintf(item, sizeof item, "\n  %s ", (*c)->name);
        /* hidden ones are not listed, but have help */
        assert_int_equal(strstr(overview, item) != NULL, (*c)->summary != NULL);
        char *text = help_of(*c, 80);
        assert_true(longest_line(text) <= 80);
        free(text);
        assert_ptr_equal(pb_command_find((*c)->name), *c);
    }
    assert_true(longest_line(overview) <= 80);
    free(overview);
}

/* Every field starts as its fallback: one that does not parse would break the command. */
static void every_default_of_every_command_parses(void **state)
{
    (void)state;
    for (const struct pb_command *const *c = pb_commands; *c; c++) {
        struct pb_command without = **c;
        without.min_operands = 0;
        char name[] = "x", *argv[] = { name, NULL }, **operands;
        static max_align_t fields[4096];
        struct pb_error err = { .text = "" };
        size_t noperands;
        const enum pb_status status =
            pb_options_parse(&without, 1, argv, fields, &operands, &noperands, &err);
        if (status != PB_OK)
            fail_msg("%s: %s", (*c)->name, err.text);
    }
}

/* ---- the manual page ---- */

static char *man_page(void)
{
    char *text = NULL;
    size_t bytes = 0;
    FILE *stream = open_memstream(&text, &bytes);
    assert_non_null(stream);
    pb_man_page(stream);
    fclose(stream);
    return text;
}

static void the_page_has_its_sections_in_order(void **state)
{
    (void)state;
    static const char *const sections[] = {
        ".TH PARBENCH 1 ",       "\n.SH NAME\nparbench \\- ", "\n.SH \"SYNOPSIS\"",
        "\n.SH \"DESCRIPTION\"", "\n.SH \"PARBENCH RUN\"",    "\n.SH \"PARBENCH LIST\"",
        "\n.SH \"FILES\"",       "\n.SH \"ENVIRONMENT\"",     "\n.SH \"EXIT STATUS\"",
        "\n.SH \"EXAMPLES\"",    "\n.SH \"SEE ALSO\"",
    };
    char *text = man_page();
    const char *from = text;
    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++) {
        from = strstr(from, sections[i]);
        if (!from)
            fail_msg("no %s, or not there", sections[i]);
    }
    assert_null(strstr(text, "PARBENCH WORKER")); /* hidden */
    free(text);
}

static bool is_request(const char *line)
{
    static const char *const known[] = { ".\\\" ", ".TH ",  ".SH ",  ".SS ",
                                         ".PP\n",  ".TP\n", ".EX\n", ".EE\n" };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strncmp(line, known[i], strlen(known[i])) == 0)
            return true;
    return false;
}

static void nothing_in_the_page_is_read_as_a_request(void **state)
{
    (void)state;
    char *text = man_page();
    for (const char *line = text; *line; line += strcspn(line, "\n") + 1) {
        if (*line == '\'' || (*line == '.' && !is_request(line)))
            fail_msg("roff would read: %.40s", line);
    }
    for (const char *c = text; *c; c++)
        assert_true((unsigned char)*c < 0x80); /* \[uXXXX] instead */
    assert_null(strstr(text, "---"));
    free(text);
}

/* ---- dispatch ---- */

/* What `parbench LINE` prints and returns, in a child. */
struct outcome {
    int code;
    char out[16384], err[2048];
};

static void read_back(FILE *file, char *buf, size_t bytes)
{
    rewind(file);
    buf[fread(buf, 1, bytes - 1, file)] = '\0';
    fclose(file);
}

static void child_of(const char *line, int out, int err)
{
    char text[512], *argv[32] = { NULL }, *rest = NULL;
    int argc = 0;
    (void)snprintf(text, sizeof text, "parbench %s", line);
    for (char *word = strtok_r(text, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
        argv[argc++] = word;
    (void)signal(SIGPIPE, SIG_IGN); /* as main() does */
    dup2(out, STDOUT_FILENO);
    dup2(err, STDERR_FILENO);
    _exit(pb_finish(pb_dispatch(argc, argv)));
}

static int wait_for(pid_t pid)
{
    int status = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static struct outcome run(const char *line)
{
    struct outcome outcome;
    FILE *out = tmpfile(), *err = tmpfile();
    assert_true(out && err);
    fflush(NULL);
    const pid_t pid = fork();
    if (pid == 0)
        child_of(line, fileno(out), fileno(err));
    outcome.code = wait_for(pid);
    read_back(out, outcome.out, sizeof outcome.out);
    read_back(err, outcome.err, sizeof outcome.err);
    return outcome;
}

static void prints_and_ends(const char *line, int code, const char *out_start,
                            const char *err)
{
    const struct outcome got = run(line);
    assert_string_equal(got.err, err);
    assert_int_equal(got.code, code);
    if (strncmp(got.out, out_start, strlen(out_start)) != 0 || (!*out_start && *got.out))
        fail_msg("parbench %s printed: %.200s", line, got.out);
}

static void the_overview_is_printed_when_nothing_is_asked(void **state)
{
    (void)state;
    prints_and_ends("", 2, "Usage: parbench COMMAND", "");
    prints_and_ends("--help", 0, "Usage: parbench COMMAND", "");
    prints_and_ends("-h", 0, "Usage: parbench COMMAND", "");
    prints_and_ends("help", 0, "Usage: parbench COMMAND", "");
}

static void commands_and_their_help_are_found(void **state)
{
    (void)state;
    prints_and_ends("list --help", 0, "Usage: parbench list [", "");
    prints_and_ends("help list", 0, "Usage: parbench list [", "");
    prints_and_ends("list --bogus -h", 0, "Usage: parbench list [", "");
    prints_and_ends("help --man", 0, ".\\\" Written by", "");
    prints_and_ends("--version", 0, "parbench ", "");
    prints_and_ends("-V", 0, "parbench ", "");
}

static void mistakes_are_named_with_a_way_out(void **state)
{
    (void)state;
    prints_and_ends("lst", 2, "",
                    "parbench: unknown command lst: did you mean list?\n"
                    "See: parbench --help\n");
    prints_and_ends("zzzzzzzz", 2, "",
                    "parbench: unknown command zzzzzzzz\nSee: parbench --help\n");
    prints_and_ends("help lst", 2, "",
                    "parbench help: unknown command lst: did you mean list?\n"
                    "See: parbench help --help\n");
    prints_and_ends("--versoin", 2, "",
                    "parbench: unknown option --versoin: did you mean --version?\n"
                    "See: parbench --help\n");
    prints_and_ends("-- list", 2, "",
                    "parbench: expected a command as the first word\n"
                    "See: parbench --help\n");
    prints_and_ends("list --jsn", 2, "",
                    "parbench list: unknown option --jsn: did you mean --json?\n"
                    "See: parbench list --help\n");
    prints_and_ends("list kernel", 2, "",
                    "parbench list: cannot list \"kernel\": did you mean kernels?\n"
                    "See: parbench list --help\n");
    prints_and_ends("list xyz", 2, "",
                    "parbench list: cannot list \"xyz\": expected kernels, backends or "
                    "devices\nSee: parbench list --help\n");
}

static void a_message_cannot_move_the_cursor(void **state)
{
    (void)state;
    prints_and_ends("x\033[2J\ny", 2, "",
                    "parbench: unknown command x [2J y\nSee: parbench --help\n");
}

static int code_of(enum pb_status status)
{
    const struct pb_error err = { .text = "a test" };
    fflush(NULL);
    const pid_t pid = fork();
    if (pid == 0) {
        (void)freopen("/dev/null", "w", stderr);
        _exit(pb_command_fail("x", status, &err));
    }
    return wait_for(pid);
}

static void exit_codes_follow_the_status(void **state)
{
    (void)state;
    assert_int_equal(code_of(PB_ERR_WRONG), 1);
    assert_int_equal(code_of(PB_ERR_USAGE), 2);
    assert_int_equal(code_of(PB_ERR_INPUT), 2);
    assert_int_equal(code_of(PB_ERR_ENVIRONMENT), 2);
    assert_int_equal(code_of(PB_ERR_INTERNAL), 2);
}

static void the_list_is_there(void **state)
{
    (void)state;
    prints_and_ends("list kernels", 0, "KERNEL ", "");
    prints_and_ends("list backends", 0, "BACKEND ", "");
    prints_and_ends("list --json", 0, "{", "");
    const struct outcome got = run("list");
    assert_non_null(strstr(got.out, "\nscalar "));
    assert_non_null(strstr(got.out, "parbench list devices"));
}

/* ---- lost output ---- */

static void a_full_disk_is_reported(void **state)
{
    (void)state;
    const int full = open("/dev/full", O_WRONLY);
    if (full < 0)
        skip();
    FILE *err = tmpfile();
    char message[256];
    assert_non_null(err);
    fflush(NULL);
    const pid_t pid = fork();
    if (pid == 0)
        child_of("list", full, fileno(err));
    assert_int_equal(wait_for(pid), 2);
    read_back(err, message, sizeof message);
    assert_string_equal(message,
                        "parbench: cannot write the output: No space left on device\n");
    close(full);
}

static void a_reader_that_left_is_no_error(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    close(ends[0]);
    FILE *err = tmpfile();
    char message[256];
    assert_non_null(err);
    fflush(NULL);
    const pid_t pid = fork();
    if (pid == 0)
        child_of("list", ends[1], fileno(err));
    assert_int_equal(wait_for(pid), 0);
    read_back(err, message, sizeof message);
    assert_string_equal(message, "");
    close(ends[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(help_to_the_letter),
        cmocka_unit_test(narrow_help_puts_text_below_its_label),
        cmocka_unit_test(every_command_explains_itself),
        cmocka_unit_test(every_default_of_every_command_parses),
        cmocka_unit_test(the_page_has_its_sections_in_order),
        cmocka_unit_test(nothing_in_the_page_is_read_as_a_request),
        cmocka_unit_test(the_overview_is_printed_when_nothing_is_asked),
        cmocka_unit_test(commands_and_their_help_are_found),
        cmocka_unit_test(mistakes_are_named_with_a_way_out),
        cmocka_unit_test(a_message_cannot_move_the_cursor),
        cmocka_unit_test(exit_codes_follow_the_status),
        cmocka_unit_test(the_list_is_there),
        cmocka_unit_test(a_full_disk_is_reported),
        cmocka_unit_test(a_reader_that_left_is_no_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

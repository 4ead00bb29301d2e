/* man.c - the manual page, from the tables that parse and print help. man macros as in
 * groff_man(7). */
#include "cmd/command.h"

#include "cmd/version.h"

#include <ctype.h>
#include <string.h>

/* ---- text for roff ----------------------------------------------------------------- */

/* Characters that roff would read as something else, or print as another character. */
static const char *escape_of(char c)
{
    switch (c) {
    case '\\':
        return "\\e";
    case '-':
        return "\\-";
    case '"':
        return "\\(dq";
    case '\'':
        return "\\(aq";
    case '`':
        return "\\(ga";
    case '^':
        return "\\(ha";
    case '~':
        return "\\(ti";
    default:
        return NULL;
    }
}

/* Prints one UTF-8 character as \[uXXXX], since roff's own input is Latin-1. Returns its
 * bytes. */
static size_t put_wide(const char *text, size_t bytes, FILE *out)
{
    const unsigned char lead = (unsigned char)*text;
    const size_t len = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
    unsigned long code = lead & (0xffu >> (len + 1));
    for (size_t i = 1; i < len && i < bytes; i++)
        code = code << 6 | ((unsigned char)text[i] & 0x3fu);
    fprintf(out, "\\[u%04lX]", code);
    return len < bytes ? len : bytes;
}

/* `text` as it stands, wherever in a line: a leading dot or quote is no request. */
static void put_bytes(const char *text, size_t bytes, FILE *out)
{
    if (bytes > 0 && *text == '.')
        fputs("\\&", out);
    for (size_t i = 0; i < bytes;) {
        const char *escape = escape_of(text[i]);
        if ((unsigned char)text[i] >= 0x80) {
            i += put_wide(text + i, bytes - i, out);
            continue;
        }
        if (escape)
            fputs(escape, out);
        else
            fputc(text[i] == '\n' ? ' ' : text[i], out);
        i++;
    }
}

static void put(const char *text, FILE *out)
{
    put_bytes(text, strlen(text), out);
}

/* A line of running text. */
static void put_line(const char *text, FILE *out)
{
    put(text, out);
    fputc('\n', out);
}

/* Paragraphs; lines that start with a blank stay as they are. */
static void put_paragraphs(const char *text, FILE *out)
{
    bool is_kept = false;
    while (*text) {
        const size_t len = strcspn(text, "\n");
        const bool keep = *text == ' ';
        if (keep != is_kept)
            fputs(keep ? ".PP\n.EX\n" : ".EE\n", out);
        is_kept = keep;
        if (len == 0)
            fputs(".PP\n", out);
        else {
            put_bytes(text, len, out);
            fputc('\n', out);
        }
        text += len + (text[len] == '\n');
    }
    if (is_kept)
        fputs(".EE\n", out);
}

static void put_section(const char *title, FILE *out)
{
    fputs(".SH \"", out);
    for (; *title; title++)
        fputc(toupper((unsigned char)*title), out);
    fputs("\"\n", out);
}

struct entry {
    const char *name, *text;
};

static void put_entries(const struct entry *entries, size_t count, FILE *out)
{
    for (size_t i = 0; i < count; i++) {
        fputs(".TP\n\\fB", out);
        put(entries[i].name, out);
        fputs("\\fP\n", out);
        put_line(entries[i].text, out);
    }
}

/* ---- options and commands ---------------------------------------------------------- */

static void put_option(const struct pb_option *option, FILE *out)
{
    fputs(".TP\n", out);
    if (option->letter)
        fprintf(out, "\\fB\\-%c\\fP, ", option->letter);
    fputs("\\fB\\-\\-", out);
    put(option->name, out);
    fputs("\\fP", out);
    if (option->metavar) {
        fputs(" \\fI", out);
        put(option->metavar, out);
        fputs("\\fP", out);
    }
    fputc('\n', out);
    put_line(option->help, out);
    for (size_t i = 0; option->kind == PB_CHOICE && option->choices[i]; i++) {
        fputs(i == 0 ? "Choices: " : ", ", out);
        put(option->choices[i], out);
    }
    if (option->kind == PB_CHOICE)
        fputs(".\n", out);
    if (option->kind == PB_TEXTS)
        fputs("May be given several times.\n", out);
    if (option->fallback) {
        fputs("[default: ", out);
        put(option->fallback, out);
        fputs("]\n", out);
    }
}

static void put_options(const struct pb_option *options, FILE *out)
{
    for (const struct pb_option *o = options; o && o->name; o++) {
        if (o->group) {
            fputs(".SS \"", out);
            put(o->group, out);
            fputs("\"\n", out);
        }
        if (o->help)
            put_option(o, out);
    }
}

static void put_synopsis(const struct pb_command *command, FILE *out)
{
    fputs("\\fBparbench", out);
    if (command->name[0])
        fputc(' ', out);
    put(command->name, out);
    fputs("\\fP ", out);
    put_line(command->synopsis, out);
}

/* Lines "command    # what it does", as they are. */
static void put_examples(const char *examples, FILE *out)
{
    if (!examples)
        return;
    fputs(".PP\n.EX\n", out);
    while (*examples) {
        const size_t len = strcspn(examples, "\n");
        put_bytes(examples, len, out);
        fputc('\n', out);
        examples += len + (examples[len] == '\n');
    }
    fputs(".EE\n", out);
}

static void put_command(const struct pb_command *command, FILE *out)
{
    char title[64];
    (void)snprintf(title, sizeof title, "parbench %s", command->name);
    put_section(title, out);
    put_synopsis(command, out);
    fputs(".PP\n", out);
    put_paragraphs(command->description ? command->description : command->summary, out);
    put_options(command->options, out);
    if (command->examples)
        fputs(".SS Examples\n", out);
    put_examples(command->examples, out);
}

/* ---- the page ---------------------------------------------------------------------- */

static void put_head(FILE *out)
{
    fputs(".\\\" Written by `parbench help --man`: change the tables of the commands.\n"
          ".TH PARBENCH 1 \"\" \"parbench ",
          out);
    put(pb_version.version, out);
    fputs("\" \"User Commands\"\n.SH NAME\nparbench \\- ", out);
    put_line(pb_command_parbench.summary, out);
    put_section("synopsis", out);
    put_synopsis(&pb_command_parbench, out);
    put_section("description", out);
    put_paragraphs(pb_command_parbench.description, out);
    fputs(".PP\nEvery command explains itself with \\fB\\-\\-help\\fP.\n", out);
    put_section("options", out);
    put_options(pb_command_parbench.options, out);
}

static void put_files(FILE *out)
{
    static const struct entry files[] = {
        { "FILE.journal",
          "Beside the result file FILE while it is being measured: every finished point. "
          "What an interrupted run goes on from with run --resume." },
        { "PREFIX/lib/parbench/parbench-NAME.so",
          "The loadable backends: those that bring a library of their own. They are "
          "looked for beside the program too." },
        { "PREFIX/share/parbench/schema.json", "The JSON Schema of the result files." },
        { "PREFIX/include/parbench", "The headers that kernel plugins are built with." },
    };
    put_section("files", out);
    put_entries(files, sizeof files / sizeof *files, out);
}

static void put_environment(FILE *out)
{
    static const struct entry variables[] = {
        { "PARBENCH_MODULES", "The folder of the loadable backends, searched first." },
        { "NO_COLOR", "Set and not empty: no colours on a terminal." },
        { "TERM", "\"dumb\", or not set: no colours either." },
        { "OMP_PLACES, OMP_PROC_BIND, GOMP_CPU_AFFINITY, KMP_AFFINITY",
          "Where OpenMP threads run. Where one is set it is kept; otherwise parbench "
          "spreads the threads over the cores." },
        { "OMP_THREAD_LIMIT", "The most threads that openmp may start." },
        { "OCL_ICD_VENDORS, OCL_ICD_FILENAMES, OPENCL_VENDOR_PATH",
          "Where the OpenCL loader finds its drivers." },
    };
    put_section("environment", out);
    put_entries(variables, sizeof variables / sizeof *variables, out);
}

static void put_exit_status(FILE *out)
{
    put_section("exit status", out);
    for (int code = 0; code < PB_EXIT_COUNT; code++) {
        fprintf(out, ".TP\n\\fB%d\\fP\n", code);
        put_line(pb_exit_meanings[code], out);
    }
}

void pb_man_page(FILE *out)
{
    put_head(out);
    for (const struct pb_command *const *c = pb_commands; *c; c++)
        if ((*c)->summary)
            put_command(*c, out);
    put_files(out);
    put_environment(out);
    put_exit_status(out);
    put_section("examples", out);
    put_examples(pb_command_parbench.examples, out);
    put_section("see also", out);
    fputs("\\fBmpirun\\fP(1), \\fBgnuplot\\fP(1), \\fBclinfo\\fP(1), \\fBtaskset\\fP(1), "
          "\\fBnumactl\\fP(8), \\fBperf\\fP(1)\n",
          out);
}

/* help.c - help for a terminal, and the command `parbench help`. */
#include "cmd/command.h"

#include "cmd/terminal.h"

#include <stddef.h>
#include <string.h>

#define HELP_COLUMN   28 /* where the text of an option starts */
#define NARROW        60 /* fewer columns: it starts on a line of its own */
#define COLUMNS_LEAST 24
#define COLUMNS_MOST  100 /* longer lines are hard to read */

/* ---- pieces ------------------------------------------------------------------------ */

static void print_heading(const char *heading, FILE *out)
{
    fprintf(out, "\n%s%s:%s\n", pb_colour_start(out, PB_BOLD), heading,
            pb_colour_start(out, PB_PLAIN));
}

/* A label and its text, hanging at `indent`. */
static void print_item(const char *label, const char *const *texts, unsigned indent,
                       struct pb_flow flow)
{
    fputs(label, flow.out);
    flow.indent = indent;
    flow.column = pb_text_columns(label);
    if (flow.column >= indent)
        pb_flow_end(&flow);
    for (; *texts; texts++)
        pb_flow_words(&flow, *texts);
    pb_flow_end(&flow);
}

static void print_description(const char *text, struct pb_flow flow)
{
    while (*text) {
        const size_t len = strcspn(text, "\n");
        if (len > 0 && *text != ' ') {
            pb_flow_bytes(&flow, text, len);
        } else {
            pb_flow_end(&flow);
            fprintf(flow.out, "%.*s\n", (int)len, text);
        }
        text += len + (text[len] == '\n');
    }
    pb_flow_end(&flow);
}

static void print_option(const struct pb_option *option, struct pb_flow flow)
{
    char label[80], choices[200] = "", fallback[120] = "";
    (void)snprintf(label, sizeof label, "  %c%c%s --%s%s%s", option->letter ? '-' : ' ',
                   option->letter ? option->letter : ' ', option->letter ? "," : " ",
                   option->name, option->metavar ? " " : "",
                   option->metavar ? option->metavar : "");
    for (size_t i = 0, used = 0;
         option->kind == PB_CHOICE && option->choices[i] && used < sizeof choices; i++)
        used += (size_t)snprintf(choices + used, sizeof choices - used, "%s%s",
                                 i == 0 ? "Choices: " : ", ", option->choices[i]);
    if (choices[0])
        strncat(choices, ".", sizeof choices - strlen(choices) - 1);
    if (option->fallback)
        (void)snprintf(fallback, sizeof fallback, "[default: %s]", option->fallback);
    const char *const texts[] = { option->help,
                                  option->kind == PB_TEXTS ? "May be given several times."
                                                           : "",
                                  choices, fallback, NULL };
    print_item(label, texts, flow.columns < NARROW ? 8 : HELP_COLUMN, flow);
}

static void print_options(const struct pb_command *command, struct pb_flow flow)
{
    bool has_heading = false, has_group = false;
    for (const struct pb_option *o = command->options; o && o->name; o++) {
        if (!o->help)
            continue;
        if (o->group || !has_heading)
            print_heading(o->group ? o->group : "Options", flow.out);
        has_heading = true;
        has_group = has_group || o->group;
        print_option(o, flow);
    }
    if (has_group || !has_heading)
        print_heading(has_group ? "Help" : "Options", flow.out);
    print_option(
        &(struct pb_option){
            .name = "help", .letter = 'h', .kind = PB_FLAG, .help = "Show this text." },
        flow);
}

static void print_commands(struct pb_flow flow)
{
    print_heading("Commands", flow.out);
    for (const struct pb_command *const *c = pb_commands; *c; c++) {
        char label[32];
        (void)snprintf(label, sizeof label, "  %s", (*c)->name);
        if ((*c)->summary)
            print_item(label, (const char *const[]){ (*c)->summary, NULL }, 14, flow);
    }
}

/* ---- examples: "command    # what it does" per line -------------------------------- */

struct example {
    const char *command, *comment;
    size_t command_bytes, comment_bytes, line_bytes;
};

static struct example split_example(const char *line)
{
    struct example e = { .command = line, .line_bytes = strcspn(line, "\n") };
    const char *end = line + e.line_bytes;
    const char *mark = memmem(line, e.line_bytes, " # ", 3);
    e.comment = mark ? mark + 3 : end;
    e.comment_bytes = (size_t)(end - e.comment);
    e.command_bytes = mark ? (size_t)(mark - line) : e.line_bytes;
    while (e.command_bytes > 0 && line[e.command_bytes - 1] == ' ')
        e.command_bytes--;
    return e;
}

/* Comments beside the commands where all fit, otherwise each above its command. */
static void print_examples(const char *text, struct pb_flow flow)
{
    size_t widest = 0, longest = 0;
    for (const char *line = text; *line;) {
        const struct example e = split_example(line);
        widest = e.command_bytes > widest ? e.command_bytes : widest;
        longest = e.comment_bytes > longest ? e.comment_bytes : longest;
        line += e.line_bytes + (line[e.line_bytes] == '\n');
    }
    const bool is_beside = 2 + widest + 4 + longest <= flow.columns;
    print_heading("Examples", flow.out);
    for (const char *line = text; *line;) {
        const struct example e = split_example(line);
        const int command = (int)e.command_bytes, comment = (int)e.comment_bytes;
        if (comment == 0)
            fprintf(flow.out, "  %.*s\n", command, e.command);
        else if (is_beside)
            fprintf(flow.out, "  %-*.*s  # %.*s\n", (int)widest, command, e.command,
                    comment, e.comment);
        else
            fprintf(flow.out, "  # %.*s\n  %.*s\n", comment, e.comment, command,
                    e.command);
        line += e.line_bytes + (line[e.line_bytes] == '\n');
    }
}

static void print_exit_codes(struct pb_flow flow)
{
    print_heading("Exit codes", flow.out);
    for (int code = 0; code < PB_EXIT_COUNT; code++) {
        char label[16];
        (void)snprintf(label, sizeof label, "  %d", code);
        print_item(label, (const char *const[]){ pb_exit_meanings[code], NULL }, 5, flow);
    }
}

/* ---- the whole --------------------------------------------------------------------- */

void pb_command_print_help(const struct pb_command *command, unsigned columns, FILE *out)
{
    const bool is_root = command->name[0] == '\0';
    const unsigned least = columns < COLUMNS_LEAST ? COLUMNS_LEAST : columns;
    const struct pb_flow flow = {
        .out = out,
        .columns = least > COLUMNS_MOST ? COLUMNS_MOST : least,
    };
    char usage[64];
    (void)snprintf(usage, sizeof usage, "Usage: parbench%s%s", is_root ? "" : " ",
                   command->name);
    print_item(usage, (const char *const[]){ command->synopsis, NULL },
               (unsigned)strlen(usage) + 1, flow);
    fputc('\n', out);
    print_description(command->description ? command->description : "", flow);
    if (is_root)
        print_commands(flow);
    print_options(command, flow);
    if (command->examples)
        print_examples(command->examples, flow);
    print_exit_codes(flow);
    if (is_root)
        fputs("\nparbench help COMMAND explains one command; man parbench all of them.\n",
              out);
}

/* ---- the command ------------------------------------------------------------------- */

struct help_options {
    bool man;
};

static const struct pb_option help_options[] = {
    { .name = "man", .kind = PB_FLAG, .offset = offsetof(struct help_options, man) },
    { .name = NULL },
};

static int run_help(int argc, char **argv)
{
    struct help_options options;
    struct pb_error err;
    char **operands;
    size_t noperands;
    const enum pb_status status = pb_options_parse(&pb_command_help, argc, argv, &options,
                                                   &operands, &noperands, &err);
    if (status != PB_OK)
        return pb_command_fail("help", status, &err);
    if (options.man) {
        pb_man_page(stdout);
        return PB_EXIT_OK;
    }
    const struct pb_command *command =
        noperands == 0 ? &pb_command_parbench : pb_command_find(operands[0]);
    if (!command)
        return pb_command_fail("help", pb_command_unknown(operands[0], &err), &err);
    pb_command_print_help(command, pb_terminal_columns(stdout), stdout);
    return PB_EXIT_OK;
}

const struct pb_command pb_command_help = {
    .name = "help",
    .summary = "explain parbench, or one of its commands",
    .synopsis = "[COMMAND]",
    .description =
        "Without COMMAND lists the commands. With one, shows what `parbench COMMAND "
        "--help` shows: what it does, its options with their defaults, and examples.",
    .examples = "parbench help run    # every option of run, with its default\n",
    .options = help_options,
    .max_operands = 1,
    .run = run_help,
};

/* Help and the manual page, from the tables that parse. */
#include "cmd/command.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(help_to_the_letter),
        cmocka_unit_test(narrow_help_puts_text_below_its_label),
        cmocka_unit_test(every_command_explains_itself),
        cmocka_unit_test(every_default_of_every_command_parses),
        cmocka_unit_test(the_page_has_its_sections_in_order),
        cmocka_unit_test(nothing_in_the_page_is_read_as_a_request),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

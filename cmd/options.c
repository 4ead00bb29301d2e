#include "cmd/options.h"

#include "cmd/values.h"

#include <string.h>

#define OPTIONS_MAX 64

/* argv while it is parsed: the name, option words, operands seen so far, the rest. */
struct parser {
    const struct pb_command *command;
    char **argv;
    int argc, first_operand, next;
    void *into;
};

static const struct pb_option *option_by_name(const struct pb_command *command,
                                              const char *name, size_t len)
{
    for (const struct pb_option *o = command->options; o && o->name; o++)
        if (strlen(o->name) == len && memcmp(o->name, name, len) == 0)
            return o;
    return NULL;
}

static const struct pb_option *option_by_letter(const struct pb_command *command,
                                                char letter)
{
    for (const struct pb_option *o = command->options; o && o->name; o++)
        if (letter != '\0' && o->letter == letter)
            return o;
    return NULL;
}

/* Moves `words` words at argv[next] in front of the operands. */
static void move_forward(struct parser *parser, int words)
{
    char *held[2];
    char **operands = parser->argv + parser->first_operand;
    const size_t count = (size_t)(parser->next - parser->first_operand);
    const size_t width = (size_t)words;
    memcpy(held, operands + count, width * sizeof *held);
    memmove(operands + width, operands, count * sizeof *held);
    memcpy(operands, held, width * sizeof *held);
    parser->first_operand += words;
    parser->next += words;
}

static enum pb_status unknown_name(const struct pb_command *command, const char *name,
                                   size_t len, struct pb_error *err)
{
    const char *names[OPTIONS_MAX] = { "help" };
    size_t count = 1;
    for (const struct pb_option *o = command->options; o && o->name; o++)
        if (o->help && count < OPTIONS_MAX)
            names[count++] = o->name;
    char text[61] = "";
    memcpy(text, name, len < sizeof text ? len : sizeof text - 1);
    const char *nearest = pb_nearest(text, names, count);
    return nearest ? pb_fail(err, PB_ERR_USAGE, "unknown option --%s: did you mean --%s?",
                             text, nearest)
                   : pb_fail(err, PB_ERR_USAGE, "unknown option --%s", text);
}

/* The value that should stand in the word behind an option; NULL with err set. */
static const char *next_value(const struct parser *parser, const struct pb_option *option,
                              struct pb_error *err)
{
    const char *value =
        parser->next + 1 < parser->argc ? parser->argv[parser->next + 1] : NULL;
    if (value && strncmp(value, "--", 2) != 0)
        return value;
    (void)pb_fail(err, PB_ERR_USAGE, "--%s needs a value %s%s%.60s", option->name,
                  option->metavar, value ? ", found " : "", value ? value : "");
    return NULL;
}

/* --name, --name=value, --name value */
static enum pb_status parse_long(struct parser *parser, struct pb_error *err)
{
    const char *word = parser->argv[parser->next], *name = word + 2;
    const size_t len = strcspn(name, "=");
    const struct pb_option *option = option_by_name(parser->command, name, len);
    if (!option)
        return unknown_name(parser->command, name, len, err);
    const char *value = name[len] == '=' ? name + len + 1 : NULL;
    if (option->kind == PB_FLAG && value)
        return pb_fail(err, PB_ERR_USAGE, "--%s takes no value, found \"%.60s\"",
                       option->name, value);
    int words = 1;
    if (option->kind != PB_FLAG && !value) {
        value = next_value(parser, option, err);
        if (!value)
            return PB_ERR_USAGE;
        words = 2;
    }
    move_forward(parser, words);
    return pb_option_store(option, value, parser->into, err);
}

/* The value of an option that was given by letter: the word's rest, or the next word. */
static enum pb_status parse_letter_value(struct parser *parser,
                                         const struct pb_option *option,
                                         const char *letter, struct pb_error *err)
{
    const bool is_attached = letter[1] != '\0';
    const char *value = is_attached ? letter + 1 : next_value(parser, option, err);
    if (!value)
        return PB_ERR_USAGE;
    move_forward(parser, is_attached ? 1 : 2);
    return pb_option_store(option, value, parser->into, err);
}

/* -f, -fg (two flags), -n value, -nvalue */
static enum pb_status parse_letters(struct parser *parser, struct pb_error *err)
{
    const char *word = parser->argv[parser->next];
    if (word[2] && option_by_name(parser->command, word + 1, strlen(word + 1)))
        return pb_fail(err, PB_ERR_USAGE, "unknown option %s: did you mean -%s?", word,
                       word);
    for (const char *letter = word + 1; *letter; letter++) {
        const struct pb_option *option = option_by_letter(parser->command, *letter);
        if (!option)
            return pb_fail(err, PB_ERR_USAGE, "unknown option -%.*s",
                           letter == word + 1 ? 60 : 1, letter);
        if (option->kind != PB_FLAG)
            return parse_letter_value(parser, option, letter, err);
        (void)pb_option_store(option, NULL, parser->into, err);
    }
    move_forward(parser, 1);
    return PB_OK;
}

static enum pb_status set_fallbacks(const struct pb_command *command, void *into,
                                    struct pb_error *err)
{
    for (const struct pb_option *o = command->options; o && o->name; o++) {
        pb_option_clear(o, into);
        const enum pb_status status =
            o->fallback ? pb_option_store(o, o->fallback, into, err) : PB_OK;
        if (status != PB_OK)
            return pb_fail_prefix(err, PB_ERR_INTERNAL, "the default of this program");
    }
    return PB_OK;
}

static enum pb_status check_operands(const struct pb_command *command, char **operands,
                                     size_t count, struct pb_error *err)
{
    if (count < command->min_operands)
        return pb_fail(err, PB_ERR_USAGE, "too few arguments: expected %s",
                       command->synopsis);
    for (size_t i = 0; i < count; i++)
        if (!operands[i][0])
            return pb_fail(err, PB_ERR_USAGE, "an empty argument: expected %s",
                           command->synopsis);
    if (count <= command->max_operands)
        return PB_OK;
    const char *extra = operands[command->max_operands];
    return command->max_operands == 0
               ? pb_fail(err, PB_ERR_USAGE,
                         "unexpected argument \"%.60s\": only options are expected",
                         extra)
               : pb_fail(err, PB_ERR_USAGE, "unexpected argument \"%.60s\": expected %s",
                         extra, command->synopsis);
}

static enum pb_status parse_words(struct parser *parser, struct pb_error *err)
{
    while (parser->next < parser->argc) {
        const char *word = parser->argv[parser->next];
        enum pb_status status = PB_OK;
        if (strcmp(word, "--") == 0) {
            move_forward(parser, 1);
            return PB_OK;
        }
        if (strncmp(word, "--", 2) == 0)
            status = parse_long(parser, err);
        else if (word[0] == '-' && word[1])
            status = parse_letters(parser, err);
        else
            parser->next++;
        if (status != PB_OK)
            return status;
    }
    return PB_OK;
}

enum pb_status pb_options_parse(const struct pb_command *command, int argc, char **argv,
                                void *into, char ***operands, size_t *noperands,
                                struct pb_error *err)
{
    struct parser parser = {
        .command = command,
        .argv = argv,
        .argc = argc,
        .first_operand = 1,
        .next = 1,
        .into = into,
    };
    enum pb_status status = set_fallbacks(command, into, err);
    if (status == PB_OK)
        status = parse_words(&parser, err);
    if (status != PB_OK)
        return status;
    char **rest = argv + parser.first_operand;
    const size_t count =
        argc > parser.first_operand ? (size_t)(argc - parser.first_operand) : 0;
    status = check_operands(command, rest, count, err);
    if (status != PB_OK)
        return status;
    *operands = rest;
    *noperands = count;
    return PB_OK;
}

bool pb_command_wants_help(int argc, char **argv)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return true;
    return false;
}

/* Does the word -abc name the letter, as parse_letters reads it? *takes_next: its last
 * letter's value is the word behind it. */
static bool letters_name(const struct pb_command *command, const char *word, char letter,
                         bool *takes_next)
{
    bool is_named = false;
    *takes_next = false;
    for (const char *c = word + 1; *c; c++) {
        const struct pb_option *option = option_by_letter(command, *c);
        if (!option)
            return is_named;
        is_named = is_named || *c == letter;
        if (option->kind != PB_FLAG) {
            *takes_next = c[1] == '\0';
            return is_named;
        }
    }
    return is_named;
}

bool pb_option_given(const struct pb_command *command, int argc, char **argv,
                     const char *name)
{
    const struct pb_option *wanted = option_by_name(command, name, strlen(name));
    for (int i = 1; wanted && i < argc && strcmp(argv[i], "--") != 0; i++) {
        bool takes_next = false;
        if (strncmp(argv[i], "--", 2) == 0) {
            const size_t len = strcspn(argv[i] + 2, "=");
            const struct pb_option *option = option_by_name(command, argv[i] + 2, len);
            if (option == wanted)
                return true;
            takes_next = option && option->kind != PB_FLAG && argv[i][2 + len] == '\0';
        } else if (argv[i][0] == '-' &&
                   letters_name(command, argv[i], wanted->letter, &takes_next)) {
            return true;
        }
        i += takes_next;
    }
    return false;
}

/* options.h - one table of options gives parsing, errors, --help and the man page.
 *
 * A command describes its options as records with the offset of the field that each one
 * sets. Every field starts as its `fallback` text parsed like a value, so that what
 * --help shows as the default is what happens. A value is borrowed from argv or from the
 * table.
 */
#ifndef PB_CMD_OPTIONS_H
#define PB_CMD_OPTIONS_H

#include "measure/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum pb_option_kind {
    PB_FLAG,    /* bool: true when given; takes no value */
    PB_TEXT,    /* const char *: as given; NULL without fallback */
    PB_CHOICE,  /* const char *: one of choices */
    PB_COUNT,   /* uint64_t in [min, max]; accepts Ki, Mi, Gi, k, M, G suffixes */
    PB_SECONDS, /* double > 0, in seconds; accepts ms, s, min, h suffixes */
    PB_PERCENT, /* double > 0, as a fraction: "2%" or "0.02" gives 0.02 */
    PB_TEXTS,   /* struct pb_texts: may be given several times */
};

#define PB_TEXTS_MAX 32
struct pb_texts {
    const char *text[PB_TEXTS_MAX];
    size_t count;
};

struct pb_option {
    const char *name; /* long name without dashes: "backend" */
    char letter;      /* 'b', or 0 */
    enum pb_option_kind kind;
    size_t offset;              /* offsetof(struct the_command_options, field) */
    const char *metavar;        /* "B,.."; NULL for PB_FLAG */
    const char *fallback;       /* default value as text; NULL: none (false, NULL, 0) */
    const char *help;           /* one or more sentences; NULL: a hidden option */
    const char *const *choices; /* PB_CHOICE: ended by NULL */
    uint64_t min, max;          /* PB_COUNT; max 0: no limit */
    /* Heading in --help that starts here; NULL: continues the one before. */
    const char *group;
};

struct pb_command {
    const char *name;     /* "run"; "" for parbench itself */
    const char *summary;  /* one line in the list of commands; NULL: hidden */
    const char *synopsis; /* "[OPTION].. FILE.." */
    /* Paragraphs separated by blank lines, plain text, teaches; a line that starts with a
     * blank is kept as it is. */
    const char *description;
    const char *examples;            /* lines "command    # what it does", or NULL */
    const struct pb_option *options; /* ended by name NULL; NULL: none */
    size_t min_operands, max_operands;
    /* argv[0] is the command's name; returns the exit code. */
    int (*run)(int argc, char **argv);
};

/* Parses argv[1..] into *into (of the command's own type; every field that an option
 * names is set, no other is touched): options in any order, operands between them, "--"
 * ends options, "--name=value" or "--name value", "-n value" or "-nvalue". A value that
 * starts with "--" must be joined by "=". Of an option given twice the last counts, but
 * for PB_TEXTS. On return *operands points to noperands strings inside argv, which is
 * permuted: options first, operands last. PB_ERR_USAGE names what was wrong and, for an
 * unknown name, the nearest known one. --help is not handled here: see
 * pb_command_wants_help. */
enum pb_status pb_options_parse(const struct pb_command *command, int argc, char **argv,
                                void *into, char ***operands, size_t *noperands,
                                struct pb_error *err);

/* --help or -h stands among the arguments, before any "--". */
bool pb_command_wants_help(int argc, char **argv);
/* Was the option given on the command line (as opposed to its fallback)? Before or after
 * pb_options_parse. */
bool pb_option_given(const struct pb_command *command, int argc, char **argv,
                     const char *name);
/* Help for a terminal, wrapped at `columns`. */
void pb_command_print_help(const struct pb_command *command, unsigned columns, FILE *out);

/* Text values, also used by the commands for lists. */
/* "64", "4Ki", "1M": Ki Mi Gi are powers of 1024, k M G of 1000. */
enum pb_status pb_parse_count(const char *text, uint64_t *out, struct pb_error *err);
/* The nearest of `names` to a misspelt `text`, or NULL when none is near: a few letters
 * changed, swapped, lost or added, or cut off behind the third. */
const char *pb_nearest(const char *text, const char *const *names, size_t count);

#endif

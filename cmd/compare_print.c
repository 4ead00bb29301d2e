#include "cmd/compare_print.h"

#include "cmd/command.h"

#include <string.h>

static const struct {
    const char *name;
    pb_compare_printer_fn *print;
} printers[] = {
    { "text", pb_compare_print_text },   { "json", pb_compare_print_json },
    { "csv", pb_compare_print_csv },     { "markdown", pb_compare_print_markdown },
    { "junit", pb_compare_print_junit }, { "github", pb_compare_print_github },
    { "bmf", pb_compare_print_bmf },
};

const char *const pb_compare_formats[] = { "text",  "json",   "csv", "markdown",
                                           "junit", "github", "bmf", NULL };
_Static_assert(sizeof pb_compare_formats / sizeof pb_compare_formats[0] ==
                   sizeof printers / sizeof printers[0] + 1,
               "every format has its printer");

enum pb_status pb_compare_print(const struct pb_comparison *comparison,
                                const char *format, FILE *out, struct pb_error *err)
{
    for (size_t i = 0; i < sizeof printers / sizeof printers[0]; i++)
        if (strcmp(printers[i].name, format) == 0)
            return printers[i].print(comparison, out, err);
    return pb_fail(err, PB_ERR_USAGE, "no format %s", format);
}

int pb_compare_exit(const struct pb_comparison *comparison)
{
    switch (comparison->result) {
    case PB_COMPARE_PASS:
        return PB_EXIT_OK;
    case PB_COMPARE_REGRESSION:
        return PB_EXIT_REGRESSION;
    case PB_COMPARE_INCONCLUSIVE:
        return PB_EXIT_INCONCLUSIVE;
    }
    return PB_EXIT_INCONCLUSIVE;
}

#include "cmd/history_print.h"

#include <string.h>

static const struct {
    const char *name;
    pb_history_printer_fn *print;
} printers[] = {
    { "text", pb_history_print_text },
    { "json", pb_history_print_json },
    { "csv", pb_history_print_csv },
};

const char *const pb_history_formats[] = { "text", "json", "csv", NULL };
_Static_assert(sizeof pb_history_formats / sizeof pb_history_formats[0] ==
                   sizeof printers / sizeof printers[0] + 1,
               "every format has its printer");

enum pb_status pb_history_print(const struct pb_history *history, const char *format,
                                FILE *out, struct pb_error *err)
{
    for (size_t i = 0; i < sizeof printers / sizeof printers[0]; i++)
        if (strcmp(printers[i].name, format) == 0)
            return printers[i].print(history, out, err);
    return pb_fail(err, PB_ERR_USAGE, "no format %s", format);
}

#include "cmd/json_out.h"

#include <stdlib.h>
#include <string.h>

const char *const pb_text_or_json[] = { "text", "json", NULL };

bool pb_json_is_wanted(const char *format)
{
    return strcmp(format, "json") == 0;
}

enum pb_status pb_json_put(struct pb_json *json, bool is_whole, FILE *out,
                           struct pb_error *err)
{
    char *text = json && is_whole ? pb_json_print(json, true) : NULL;
    pb_json_free(json);
    if (!text)
        return pb_fail(err, PB_ERR_MEMORY, "out of memory while writing JSON");
    fputs(text, out);
    fputc('\n', out);
    free(text);
    return PB_OK;
}

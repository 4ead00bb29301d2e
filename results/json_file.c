#include "results/json.h"

#include "measure/text.h"
#include "results/json_node.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* All of stream. PB_ERR_INPUT leaves the cause in errno. */
static enum pb_status read_stream(FILE *stream, struct pb_text *text)
{
    static const size_t limit = (size_t)1 << 30; /* an endless pipe must come to an end */
    char chunk[65536];
    size_t count;
    while ((count = fread(chunk, 1, sizeof chunk, stream)) > 0 && !text->failed) {
        pb_text_add_bytes(text, chunk, count);
        if (text->len > limit) {
            errno = EFBIG;
            return PB_ERR_INPUT;
        }
    }
    if (text->failed)
        return PB_ERR_MEMORY;
    return ferror(stream) ? PB_ERR_INPUT : PB_OK;
}

enum pb_status pb_json_read_large_file(const char *file, const char *array,
                                       struct pb_json_doc **out, struct pb_error *err)
{
    const bool is_stdin = strcmp(file, "-") == 0;
    const char *name = is_stdin ? "standard input" : file;
    FILE *stream = is_stdin ? stdin : fopen(file, "rb");
    if (!stream)
        return pb_fail(err, PB_ERR_INPUT, "cannot read %s: %s", name, strerror(errno));
    struct pb_text text = PB_TEXT_INIT;
    enum pb_status status = read_stream(stream, &text);
    if (status == PB_ERR_MEMORY)
        (void)pb_fail(err, status, "%s: out of memory while reading", name);
    else if (status)
        (void)pb_fail(err, status, "cannot read %s: %s", name, strerror(errno));
    else if (text.len == 0)
        status = pb_fail(err, PB_ERR_INPUT, "%s is empty: expected JSON", name);
    if (!is_stdin)
        (void)fclose(stream);
    const size_t len = text.len;
    if (!status) {
        const struct pb_json_source source = { .text = pb_text_take(&text),
                                               .len = len,
                                               .large_array = array };
        return pb_json_parse_owned(name, &source, out, err);
    }
    pb_text_release(&text);
    return status;
}

enum pb_status pb_json_read_file(const char *file, struct pb_json_doc **out,
                                 struct pb_error *err)
{
    return pb_json_read_large_file(file, NULL, out, err);
}

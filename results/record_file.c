#include "results/codec.h"

#include "results/whole_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum pb_status pb_record_read(const char *file, struct pb_record *out,
                              struct pb_error *err)
{
    pb_record_init(out);
    struct pb_json_doc *doc = NULL;
    enum pb_status status = pb_json_read_large_file(file, "points", &doc, err);
    if (!status)
        status = pb_record_decode(doc, true, out, err);
    pb_json_doc_free(doc);
    return status;
}

/* ---- writing ----------------------------------------------------------------------- */

/* Prints value and frees both. 0, or an errno value. */
static int print_and_free(FILE *stream, struct pb_json *value, const char *before,
                          size_t cut)
{
    char *text = pb_json_print(value, false);
    pb_json_free(value);
    if (!text)
        return ENOMEM;
    const int count = (int)(strlen(text) - cut);
    const bool printed = fprintf(stream, "%s%.*s", before, count, text) >= 0;
    const int cause = errno;
    free(text);
    return printed ? 0 : cause;
}

/* The head on the first line, then one point per line: it can be searched, compared and
 * streamed line by line, and never stands in memory as a whole. 0, or an errno value. */
static int print_record(FILE *stream, const void *context)
{
    const struct pb_record *record = context;
    /* without the head's closing brace */
    int cause = print_and_free(stream, pb_record_encode(record, false), "", 1);
    if (!cause && fputs(",\"points\":[", stream) < 0)
        cause = errno;
    for (size_t i = 0; i < record->npoints && !cause; i++)
        cause = print_and_free(stream, pb_point_encode(&record->points[i]),
                               i ? ",\n" : "\n", 0);
    if (!cause && fputs("\n]}\n", stream) < 0)
        cause = errno;
    return cause;
}

enum pb_status pb_record_write(const char *file, const struct pb_record *record,
                               struct pb_error *err)
{
    return pb_whole_file_write(file, print_record, record, err);
}

/* compare_csv.c - a comparison as a table for spreadsheets: RFC 4180, a header line, one
 * line per point, also of those that only one file has. What is not known is empty. */
#include "cmd/compare_print.h"
#include "measure/text.h"

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

/* Always on one line: many a reader of CSV splits at line ends, quoted or not. */
static void print_text(const char *value, FILE *out)
{
    if (!value)
        return;
    const bool is_quoted = strpbrk(value, ",\"\r\n") != NULL;
    if (is_quoted)
        fputc('"', out);
    for (const char *c = value; *c; c++) {
        char byte[] = { *c, '\0' };
        if (*c == '"')
            fputc('"', out);
        fputs(pb_text_one_line(byte), out);
    }
    if (is_quoted)
        fputc('"', out);
}

static void print_number(double value, FILE *out)
{
    fputc(',', out);
    if (isfinite(value))
        fprintf(out, "%.9g", value);
}

static void print_identity(const char *verdict, const struct pb_point *p, FILE *out)
{
    const char *const texts[] = { verdict, p->kernel, p->dtype };
    const char *const more[] = { p->backend, p->isa, p->device, p->device_type };
    const char *const rest[] = { p->variant, p->residency, p->host_memory, p->cache };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        print_text(texts[i], out);
        fputc(',', out);
    }
    fprintf(out, "%" PRIu64, p->n);
    for (size_t i = 0; i < sizeof more / sizeof more[0]; i++) {
        fputc(',', out);
        print_text(more[i], out);
    }
    fprintf(out, ",%u,%u", p->workers, p->reuse);
    for (size_t i = 0; i < sizeof rest / sizeof rest[0]; i++) {
        fputc(',', out);
        print_text(rest[i], out);
    }
}

static void print_row(const struct pb_row *row, FILE *out)
{
    const double numbers[] = { row->ratio.estimate, row->ratio.low, row->ratio.high,
                               row->confidence,     row->p,         row->detectable,
                               row->old_ns,         row->new_ns };
    print_identity(pb_row_verdict(row), row->new_point, out);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        print_number(numbers[i], out);
    fprintf(out, ",%zu,%zu,", row->pairs, row->dropped);
    print_text(row->next, out);
    fputs("\r\n", out);
}

/* A point of one file alone: its place in the table, and its time. */
static void print_only(const struct pb_point *point, bool is_old, FILE *out)
{
    const double unknown = (double)NAN, ns = point->time.ns.estimate;
    print_identity(is_old ? "only old" : "only new", point, out);
    for (size_t i = 0; i < 6; i++)
        print_number(unknown, out);
    print_number(is_old ? ns : unknown, out);
    print_number(is_old ? unknown : ns, out);
    fputs(",0,0,\r\n", out);
}

enum pb_status pb_compare_print_csv(const struct pb_comparison *comparison, FILE *out,
                                    struct pb_error *err)
{
    (void)err;
    fputs("verdict,kernel,dtype,n,backend,isa,device,device_type,workers,reuse,variant,"
          "residency,host_memory,cache,ratio,ratio_low,ratio_high,confidence,p,"
          "detectable,old_ns,new_ns,pairs,pairs_dropped,next\r\n",
          out);
    for (size_t i = 0; i < comparison->nrows; i++)
        print_row(&comparison->rows[i], out);
    for (size_t i = 0; i < comparison->tally.only_old; i++)
        print_only(comparison->only_old[i], true, out);
    for (size_t i = 0; i < comparison->tally.only_new; i++)
        print_only(comparison->only_new[i], false, out);
    return PB_OK;
}

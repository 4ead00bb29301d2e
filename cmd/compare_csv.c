/* compare_csv.c - a comparison as a table for spreadsheets: RFC 4180, a header line, one
 * line per point, also of those that only one file has. What is not known is empty. */
#include "cmd/compare_print.h"
#include "cmd/identity.h"

#include <math.h>

static void print_identity(const char *verdict, const struct pb_point *p, FILE *out)
{
    pb_csv_text(verdict, out);
    fputc(',', out);
    pb_identity_to_csv(p, out);
}

static void print_row(const struct pb_row *row, FILE *out)
{
    const double numbers[] = { row->ratio.estimate, row->ratio.low, row->ratio.high,
                               row->confidence,     row->p,         row->detectable,
                               row->old_ns,         row->new_ns };
    print_identity(pb_row_verdict(row), row->new_point, out);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        pb_csv_number(numbers[i], out);
    fprintf(out, ",%zu,%zu,", row->pairs, row->dropped);
    pb_csv_text(row->next, out);
    fputs("\r\n", out);
}

/* A point of one file alone: its place in the table, and its time. */
static void print_only(const struct pb_point *point, bool is_old, FILE *out)
{
    const double unknown = (double)NAN, ns = point->time.ns.estimate;
    print_identity(is_old ? "only old" : "only new", point, out);
    for (size_t i = 0; i < 6; i++)
        pb_csv_number(unknown, out);
    pb_csv_number(is_old ? ns : unknown, out);
    pb_csv_number(is_old ? unknown : ns, out);
    fputs(",0,0,\r\n", out);
}

enum pb_status pb_compare_print_csv(const struct pb_comparison *comparison, FILE *out,
                                    struct pb_error *err)
{
    (void)err;
    fputs("verdict," PB_IDENTITY_CSV ",ratio,ratio_low,ratio_high,confidence,p,"
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

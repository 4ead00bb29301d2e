/* export_csv.c - a result file as a table for spreadsheets: RFC 4180, a header line, one
 * line per point. What is not known is empty. */
#include "cmd/export_print.h"
#include "cmd/identity.h"

static void print_text(const char *value, FILE *out)
{
    fputc(',', out);
    pb_csv_text(value, out);
}

static void print_point(const struct pb_point *p, FILE *out)
{
    const double time[] = { p->time.ns.estimate, p->time.ns.low, p->time.ns.high,
                            p->time.confidence };
    const double rest[] = { p->phases.first_call,
                            p->phases.compile,
                            p->phases.h2d,
                            p->phases.launch,
                            p->phases.kernel,
                            p->phases.d2h,
                            p->max_error,
                            p->tolerance,
                            p->flops,
                            p->bytes };
    pb_identity_to_csv(p, out);
    print_text(p->worker_kind, out);
    print_text(pb_outcome_name(p->status), out);
    print_text(p->reason, out);
    print_text(p->time.estimator, out);
    for (size_t i = 0; i < sizeof time / sizeof *time; i++)
        pb_csv_number(time[i], out);
    for (size_t i = 0; i < sizeof rest / sizeof *rest; i++)
        pb_csv_number(rest[i], out);
    print_text(p->phases.note, out);
    fprintf(out, ",%zu,%zu\r\n", p->ninvocations, pb_export_count_samples(p));
}

enum pb_status pb_export_print_csv(const struct pb_record *record, FILE *out,
                                   struct pb_error *err)
{
    (void)err;
    fputs(PB_IDENTITY_CSV ",worker_kind,status,reason,estimator,estimate_ns,low_ns,"
                          "high_ns,confidence,first_call_ns,compile_ns,h2d_ns,launch_ns,"
                          "kernel_ns,d2h_ns,max_error,tolerance,flops,bytes,phases_note,"
                          "invocations,samples\r\n",
          out);
    for (size_t i = 0; i < record->npoints; i++)
        print_point(&record->points[i], out);
    return PB_OK;
}

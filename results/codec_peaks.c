#include "results/codec_peaks.h"

#include "results/field.h"
#include "results/peaks.h"

#include <math.h>
#include <stddef.h>

#define PEAK(member)     .key = #member, .offset = offsetof(struct pb_peak, member)
#define ESTIMATE(member) .key = #member, .offset = offsetof(struct pb_estimate, member)
#define NULLABLE         .presence = PB_NULLABLE

static const char *const kinds[] = { pb_peak_fma, pb_peak_read, pb_peak_copy,
                                     pb_peak_triad, NULL };
static const char *const places[] = { pb_peak_l1d, pb_peak_l2, pb_peak_l3, pb_peak_memory,
                                      NULL };
static const struct pb_field peak_fields[] = {
    { PEAK(what), .kind = PB_FIELD_TEXT, .presence = PB_REQUIRED, .choices = kinds },
    { PEAK(where), .kind = PB_FIELD_TEXT, NULLABLE, .choices = places },
    { PEAK(is_streaming), .kind = PB_FIELD_BOOL, .presence = PB_DEFAULTED },
    { PEAK(dtype), .kind = PB_FIELD_TEXT, .presence = PB_REQUIRED },
    { PEAK(backend), .kind = PB_FIELD_TEXT, .presence = PB_REQUIRED },
    { PEAK(isa), .kind = PB_FIELD_TEXT, NULLABLE },
    { PEAK(device), .kind = PB_FIELD_TEXT, NULLABLE },
    { PEAK(workers), .kind = PB_FIELD_COUNT, .presence = PB_DEFAULTED, .fallback = 1 },
    { PEAK(bytes), .kind = PB_FIELD_BIG, NULLABLE },
    { PEAK(reason), .kind = PB_FIELD_TEXT, NULLABLE },
};
static const struct pb_field estimate_fields[] = {
    { ESTIMATE(estimate), .kind = PB_FIELD_REAL, NULLABLE },
    { ESTIMATE(low), .kind = PB_FIELD_REAL, NULLABLE },
    { ESTIMATE(high), .kind = PB_FIELD_REAL, NULLABLE },
};

/* ---- writing ----------------------------------------------------------------------- */

static struct pb_json *encode_peak(const struct pb_peak *peak)
{
    struct pb_json *object = pb_json_new_object();
    bool done = pb_fields_encode(object, peak, PB_FIELDS(peak_fields));
    if (isnan(peak->per_s.estimate)) {
        done = done && pb_json_add_null(object, "per_s");
    } else {
        struct pb_json *rate = pb_json_new_object();
        done = pb_fields_encode(rate, &peak->per_s, PB_FIELDS(estimate_fields)) && done;
        done = pb_json_add(object, "per_s", rate) && done;
    }
    if (done)
        return object;
    pb_json_free(object);
    return NULL;
}

struct pb_json *pb_peaks_encode(const struct pb_machine *machine)
{
    struct pb_json *array = pb_json_new_array();
    bool done = array != NULL;
    for (size_t i = 0; done && i < machine->npeaks; i++)
        done = pb_json_add(array, NULL, encode_peak(&machine->peaks[i]));
    if (done)
        return array;
    pb_json_free(array);
    return NULL;
}

/* ---- reading ----------------------------------------------------------------------- */

static enum pb_status decode_peak(const struct pb_json_doc *doc,
                                  const struct pb_json *value, void *context,
                                  struct pb_error *err)
{
    const double nan = (double)NAN;
    struct pb_peak peak = { .workers = 1, .per_s = { nan, nan, nan } };
    const struct pb_json *rate = NULL;
    if (!pb_json_is_object(value))
        return pb_json_complain(doc, value, err, "expected an object: a peak");
    enum pb_status status =
        pb_fields_decode(doc, value, &peak, PB_FIELDS(peak_fields), err);
    if (!status)
        status = pb_json_get_object(doc, value, "per_s", &rate, err);
    if (!status)
        status =
            pb_fields_decode(doc, rate, &peak.per_s, PB_FIELDS(estimate_fields), err);
    if (!status)
        return pb_peak_add(context, &peak, err);
    pb_peak_release(&peak);
    return status;
}

enum pb_status pb_peaks_decode(const struct pb_json_doc *doc,
                               const struct pb_json *object, struct pb_machine *machine,
                               struct pb_error *err)
{
    const struct pb_json *peaks = NULL;
    const enum pb_status status = pb_json_get_array(doc, object, "peaks", &peaks, err);
    return status ? status : pb_json_each(doc, peaks, decode_peak, machine, err);
}

/* load_names.c - which points are asked for by name, and names that are in no file. */
#include "cmd/load.h"

#include "measure/text.h"
#include "results/canary.h"

#include <stdlib.h>
#include <string.h>

/* Is value one of the comma-separated words of list? */
static bool is_listed(const char *list, const char *value)
{
    const size_t bytes = strlen(value);
    for (const char *word = list; word; word = strchr(word, ',')) {
        word += *word == ',';
        if (strcspn(word, ",") == bytes && !strncmp(word, value, bytes))
            return true;
    }
    return false;
}

bool pb_load_wants(const struct pb_load *load, const struct pb_point *point)
{
    const bool has_kernel = load->kernels ? is_listed(load->kernels, point->kernel)
                                          : load->keeps_canaries || !pb_is_canary(point);
    return has_kernel && (!load->dtypes || is_listed(load->dtypes, point->dtype)) &&
           (!load->backends || is_listed(load->backends, point->backend));
}

/* ---- names that are in no file ----------------------------------------------------- */

typedef const char *field_fn(const struct pb_point *point);

static const char *kernel_of(const struct pb_point *point)
{
    return point->kernel;
}

static const char *dtype_of(const struct pb_point *point)
{
    return point->dtype;
}

static const char *backend_of(const struct pb_point *point)
{
    return point->backend;
}

/* What is chosen from: one field of the points of a record that `among` wants. */
struct field {
    const struct pb_record *record;
    const struct pb_load *among;
    field_fn *of;
    const char *what; /* "data type" */
};

static bool has_value(const struct field *field, const char *value)
{
    for (size_t i = 0; i < field->record->npoints; i++)
        if (pb_load_wants(field->among, &field->record->points[i]) &&
            strcmp(field->of(&field->record->points[i]), value) == 0)
            return true;
    return false;
}

/* Each value once, borrowed from the record. out has room for one per point. */
static size_t list_values(const struct field *field, const char **out)
{
    size_t count = 0;
    for (size_t i = 0; i < field->record->npoints; i++) {
        const struct pb_point *point = &field->record->points[i];
        size_t k = 0;
        while (k < count && strcmp(out[k], field->of(point)) != 0)
            k++;
        if (k == count && pb_load_wants(field->among, point))
            out[count++] = field->of(point);
    }
    return count;
}

/* PB_ERR_USAGE: "no data type "f16" of saxpy in the files: there is f32, f64". */
static enum pb_status refuse(const struct field *field, const char *value,
                             struct pb_error *err)
{
    const char **values = calloc(field->record->npoints + 1, sizeof *values);
    if (!values)
        return pb_fail(err, PB_ERR_MEMORY, "out of memory");
    const size_t count = list_values(field, values);
    const char *nearest = pb_nearest(value, values, count);
    const char *kernels = field->among->kernels;
    struct pb_text known = PB_TEXT_INIT;
    if (nearest)
        pb_text_addf(&known, "did you mean %s?", nearest);
    else if (!count)
        pb_text_add(&known, "there are no points");
    for (size_t i = 0; i < count && !nearest; i++)
        pb_text_addf(&known, "%s%s", i ? ", " : "there is ", values[i]);
    const enum pb_status status = pb_fail(
        err, PB_ERR_USAGE, "no %s \"%.60s\"%s%.100s in the files: %s", field->what, value,
        kernels ? " of " : "", kernels ? kernels : "", known.str);
    pb_text_release(&known);
    free(values);
    return status;
}

/* Every word of the list must be a value of the field; a message offers those of
 * another. */
static enum pb_status check_words(const struct field *field, const char *list,
                                  const struct field *offered, struct pb_error *err)
{
    char *words = list ? strdup(list) : NULL, *rest = words;
    enum pb_status status =
        words || !list ? PB_OK : pb_fail(err, PB_ERR_MEMORY, "out of memory");
    for (char *word; !status && (word = strsep(&rest, ","));)
        if (!has_value(field, word))
            status = refuse(offered, word, err);
    free(words);
    return status;
}

enum pb_status pb_load_check_names(const struct pb_load *load,
                                   const struct pb_record *record, struct pb_error *err)
{
    const struct pb_load all = { .keeps_canaries = true };
    const struct pb_load usual = { .keeps_canaries = load->keeps_canaries };
    const struct pb_load chosen = { .kernels = load->kernels,
                                    .keeps_canaries = load->keeps_canaries };
    /* A canary may be named, but nobody means one. */
    const struct field kernels = { record, &all, kernel_of, "kernel" };
    const struct field offered = { record, &usual, kernel_of, "kernel" };
    const struct field dtypes = { record, &chosen, dtype_of, "data type" };
    const struct field backends = { record, &chosen, backend_of, "backend" };
    enum pb_status status = check_words(&kernels, load->kernels, &offered, err);
    if (!status)
        status = check_words(&dtypes, load->dtypes, &dtypes, err);
    return status ? status : check_words(&backends, load->backends, &backends, err);
}

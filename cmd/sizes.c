#include "cmd/sizes.h"

#include "cmd/options.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* As large as a result file can hold exactly. */
#define SIZE_LARGEST ((uint64_t)1 << 53)

static enum pb_status add_size(struct pb_sizes *out, double n, struct pb_error *err)
{
    if (out->count == PB_SIZES_MAX)
        return pb_fail(err, PB_ERR_USAGE,
                       "--size gives more than %d sizes: use a larger step",
                       PB_SIZES_MAX);
    out->n[out->count++] = (uint64_t)n;
    return PB_OK;
}

static enum pb_status parse_factor(const char *text, const char *piece, double *out,
                                   struct pb_error *err)
{
    char *end;
    errno = 0;
    *out = strtod(text, &end);
    if (errno || *end || end == text || !(*out >= 1.0009765625) || *out > 1e6)
        return pb_fail(err, PB_ERR_USAGE,
                       "--size: the step \"*%s\" in \"%s\" is not a factor from 1.001 to "
                       "1000000",
                       text, piece);
    return PB_OK;
}

/* "a..b*f" with a NUL already written over the dots and the star. */
static enum pb_status add_range(struct pb_sizes *out, uint64_t from, uint64_t to,
                                double factor, struct pb_error *err)
{
    enum pb_status status = PB_OK;
    for (double n = (double)from; n <= (double)to * (1 + 1e-9) && !status;) {
        status = add_size(out, fmin(floor(n + 0.5), (double)to), err);
        /* A small factor still makes progress. */
        n = fmax(n * factor, floor(n + 0.5) + 1);
    }
    return status;
}

/* Text is the piece, or one end of its range. */
static enum pb_status refuse_size(const char *text, const char *piece, const char *why,
                                  struct pb_error *err)
{
    if (strcmp(text, piece) == 0)
        return pb_fail(err, PB_ERR_USAGE, "--size: \"%s\" %s", text, why);
    return pb_fail(err, PB_ERR_USAGE, "--size: \"%s\" in \"%s\" %s", text, piece, why);
}

static enum pb_status parse_size(const char *text, const char *piece, uint64_t *out,
                                 struct pb_error *err)
{
    struct pb_error inner;
    if (pb_parse_count(text, out, &inner))
        return refuse_size(text, piece,
                           "is not a size: write 4096, 4Ki, 1Mi or a range 1Ki..64Mi*2",
                           err);
    if (*out == 0)
        return refuse_size(text, piece, "is too small: sizes begin at 1", err);
    if (*out > SIZE_LARGEST)
        return refuse_size(text, piece, "is too large: at most 2^53", err);
    return PB_OK;
}

static enum pb_status parse_piece(char *piece, const char *shown, struct pb_sizes *out,
                                  struct pb_error *err)
{
    uint64_t from, to;
    double factor = 2;
    char *dots = strstr(piece, "..");
    if (!dots) {
        const enum pb_status single = parse_size(piece, shown, &from, err);
        return single ? single : add_size(out, (double)from, err);
    }
    *dots = '\0';
    char *upper = dots + 2, *star = strchr(upper, '*');
    enum pb_status status = PB_OK;
    if (star) {
        *star = '\0';
        status = parse_factor(star + 1, shown, &factor, err);
    }
    if (!status)
        status = parse_size(piece, shown, &from, err);
    if (!status)
        status = parse_size(upper, shown, &to, err);
    if (!status && to < from)
        status =
            pb_fail(err, PB_ERR_USAGE,
                    "--size: \"%s\" runs backwards: the smaller size comes first", shown);
    return status ? status : add_range(out, from, to, factor, err);
}

static int by_value(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static void sort_unique(struct pb_sizes *sizes)
{
    qsort(sizes->n, sizes->count, sizeof *sizes->n, by_value);
    size_t kept = 0;
    for (size_t i = 0; i < sizes->count; i++)
        if (!kept || sizes->n[i] != sizes->n[kept - 1])
            sizes->n[kept++] = sizes->n[i];
    sizes->count = kept;
}

/* One piece between commas; `applies` remembers whether the last name seen was this
 * kernel's. */
static enum pb_status take_piece(char *piece, const char *kernel, bool *applies,
                                 struct pb_sizes *out, struct pb_error *err)
{
    char *value = strchr(piece, '=');
    if (value) {
        *value++ = '\0';
        *applies = strcmp(piece, kernel) == 0;
        piece = value;
    }
    if (!*applies)
        return PB_OK;
    char *shown = strdup(piece);
    const enum pb_status status = shown ? parse_piece(piece, shown, out, err)
                                        : pb_fail(err, PB_ERR_MEMORY, "out of memory");
    free(shown);
    return status;
}

enum pb_status pb_sizes_parse(const char *text, const char *kernel, struct pb_sizes *out,
                              struct pb_error *err)
{
    char *copy = strdup(text), *rest = copy;
    if (!copy)
        return pb_fail(err, PB_ERR_MEMORY, "out of memory");
    enum pb_status status = PB_OK;
    bool applies = true;
    out->count = 0;
    for (char *piece; !status && (piece = strsep(&rest, ","));)
        status = take_piece(piece, kernel, &applies, out, err);
    free(copy);
    if (!status)
        sort_unique(out);
    return status;
}

enum pb_status pb_sizes_check_names(const char *text, const char *const *names,
                                    size_t count, struct pb_error *err)
{
    for (const char *piece = text; piece;
         piece = strchr(piece, ',') ? strchr(piece, ',') + 1 : NULL) {
        const size_t len = strcspn(piece, "=,");
        bool known = piece[len] != '=';
        for (size_t i = 0; i < count && !known; i++)
            known = strlen(names[i]) == len && strncmp(names[i], piece, len) == 0;
        if (!known)
            return pb_fail(err, PB_ERR_USAGE,
                           "--size: \"%.*s\" is not among the kernels of this run",
                           (int)len, piece);
    }
    return PB_OK;
}

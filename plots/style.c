#include "plots/style.h"

#include <stdlib.h>

/* gnuplot's filled shapes have odd numbers, their outlines the even number below. */
enum shape { DISC = 7, SQUARE = 5, TRIANGLE = 9, DART = 11, DIAMOND = 13, PENTAGON = 15 };

struct look {
    const char *backend, *device_type; /* device_type NULL: any */
    const char *colour;
    enum shape shape;
};

/* In the order of the legend. */
static const struct look looks[] = {
    { "scalar", NULL, "#000000", DISC },
    { "simd", NULL, "#0072B2", SQUARE },
    { "openmp", NULL, "#009E73", TRIANGLE },
    { "blas", NULL, "#56B4E9", PENTAGON },
    { "opencl", "gpu", "#D55E00", DIAMOND },
    { "opencl", NULL, "#E69F00", DIAMOND },
    { "mpi", NULL, "#CC79A7", DART },
    { NULL, NULL, "#7F7F7F", PENTAGON }, /* any other backend */
};
enum { LOOK_COUNT = sizeof looks / sizeof *looks };

static size_t look_of(const struct pb_curve *curve)
{
    const struct pb_point *point = curve->points[0];
    for (size_t i = 0; i + 1 < LOOK_COUNT; i++) {
        const bool is_type =
            !looks[i].device_type ||
            !pb_strings_compare(looks[i].device_type, point->device_type);
        if (is_type && !pb_strings_compare(looks[i].backend, point->backend))
            return i;
    }
    return LOOK_COUNT - 1;
}

void pb_style_order(const struct pb_slice *slice, size_t *out)
{
    size_t count = 0;
    for (size_t look = 0; look < LOOK_COUNT; look++)
        for (size_t i = 0; i < slice->ncurves; i++)
            if (look_of(&slice->curves[i]) == look)
                out[count++] = i;
}

struct pb_style pb_style_of(const struct pb_slice *slice, size_t index)
{
    enum { DASHES = 4 };
    const size_t look = look_of(&slice->curves[index]);
    size_t variant = 0;
    for (size_t i = 0; i < index; i++)
        variant += look_of(&slice->curves[i]) == look;
    return (struct pb_style){
        .colour = looks[look].colour,
        .dash = 1 + (int)(variant % DASHES),
        .shape = (int)looks[look].shape - (int)(variant % 2),
        .rank = look,
    };
}

unsigned pb_style_rgb(const char *colour)
{
    return (unsigned)strtoul(colour + 1, NULL, 16);
}

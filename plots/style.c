#include "plots/style.h"

/* gnuplot's filled shapes have odd numbers, their outlines the even number below. */
enum shape { DISC = 7, SQUARE = 5, TRIANGLE = 9, DART = 11, DIAMOND = 13, PENTAGON = 15 };

struct look {
    const char *backend, *device_type; /* device_type NULL: any */
    const char *colour;
    enum shape shape;
};

static const struct look looks[] = {
    { "scalar", NULL, "#000000", DISC },      { "simd", NULL, "#0072B2", SQUARE },
    { "openmp", NULL, "#009E73", TRIANGLE },  { "opencl", "gpu", "#D55E00", DIAMOND },
    { "opencl", NULL, "#E69F00", DIAMOND },   { "mpi", NULL, "#CC79A7", DART },
    { "blas", NULL, "#56B4E9", PENTAGON },
};
static const struct look other = { NULL, NULL, "#7F7F7F", PENTAGON };

static const struct look *look_of(const struct pb_point *point)
{
    for (size_t i = 0; i < sizeof looks / sizeof *looks; i++) {
        const bool is_type = !looks[i].device_type ||
                             !pb_strings_compare(looks[i].device_type, point->device_type);
        if (is_type && !pb_strings_compare(looks[i].backend, point->backend))
            return &looks[i];
    }
    return &other;
}

struct pb_style pb_style_of(const struct pb_slice *slice, size_t index)
{
    enum { DASHES = 4 };
    const struct look *look = look_of(slice->curves[index].points[0]);
    size_t variant = 0;
    for (size_t i = 0; i < index; i++)
        variant += look_of(slice->curves[i].points[0]) == look;
    return (struct pb_style){
        .colour = look->colour,
        .dash = 1 + (int)(variant % DASHES),
        .shape = (int)look->shape - (int)(variant % 2),
    };
}

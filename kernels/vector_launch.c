#include "kernels/vector_launch.h"

struct pb_cl_launch pb_vector_launch(size_t n, const struct pb_cl_limits *limits,
                                     const struct pb_vector_form *form)
{
    const size_t group = pb_min(form->group, limits->max_group);
    const size_t wanted = pb_max(pb_parts(pb_parts(n, form->width), group), 1);
    const size_t most =
        form->per_unit > 0 ? form->per_unit * limits->compute_units : wanted;
    return (struct pb_cl_launch){
        .entry = form->entry,
        .dims = 1,
        .global = { pb_min(wanted, most) * group, 1, 1 },
        .local = { group, 1, 1 },
    };
}

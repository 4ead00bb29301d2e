/* vector_launch.h - how the OpenCL forms of kernels over vectors are launched (saxpy,
 * triad and the peaks): one dimension, in which every element is like the others.
 *
 * On a GPU neighbouring work-items take neighbouring vectors. On a CPU a group is a
 * single work-item with a long contiguous stretch, because drivers do not vectorise
 * across items; there are several per unit, so that one that was delayed can be made up
 * for.
 */
#ifndef PB_KERNELS_VECTOR_LAUNCH_H
#define PB_KERNELS_VECTOR_LAUNCH_H

#include "kernels/kernel.h"

struct pb_vector_form {
    const char *entry; /* name of the __kernel function */
    size_t width;      /* elements that a work-item gets at least */
    size_t group;      /* work-items of a group, where the device allows so many */
    /* Groups for a compute unit at the most, where the kernel takes whatever number there
     * is; 0: as many as there is work for. */
    size_t per_unit;
};

struct pb_cl_launch pb_vector_launch(size_t n, const struct pb_cl_limits *limits,
                                     const struct pb_vector_form *form);

#endif

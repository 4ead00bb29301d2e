#include "measure/moved.h"

void pb_moved_of(const struct pb_kernel *kernel, size_t n, enum pb_dtype dtype,
                 enum pb_worker_kind kind, struct pb_moved *out)
{
    struct pb_moved moved = { .in_bytes = 0 };
    for (size_t i = 0; i < kernel->nargs; i++) {
        const struct pb_arg *arg = &kernel->args[i];
        const double bytes = (double)arg->len(n) * (double)pb_dtype_bytes(dtype);
        const bool is_shared = kind == PB_RANK && arg->spread == PB_WHOLE;
        if (arg->access != PB_OUT && is_shared) {
            moved.shared_bytes += bytes;
            moved.shared_arrays++;
        } else if (arg->access != PB_OUT) {
            moved.in_bytes += bytes;
            moved.in_arrays++;
        }
        if (arg->access != PB_IN && !(kind == PB_RANK && arg->spread == PB_PARTIAL)) {
            moved.out_bytes += bytes;
            moved.out_arrays++;
        }
    }
    *out = moved;
}

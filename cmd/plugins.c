#include "cmd/plugins.h"

#include "kernels/registry.h"

enum pb_status pb_plugins_load(const struct pb_texts *files, struct pb_error *err)
{
    enum pb_status status = PB_OK;
    for (size_t i = 0; i < files->count && !status; i++)
        status = pb_kernel_load_plugin(files->text[i], err);
    return status;
}

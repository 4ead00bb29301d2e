/* plugins.h - kernels from files that the user names. */
#ifndef PB_CMD_PLUGINS_H
#define PB_CMD_PLUGINS_H

#include "cmd/options.h"
#include "measure/error.h"

/* Loads every file of --plugin, up to the first that cannot be loaded. */
enum pb_status pb_plugins_load(const struct pb_texts *files, struct pb_error *err);

#endif

/* wish.h - what the command line asks for, checked before any backend is looked at. */
#ifndef PB_CMD_WISH_H
#define PB_CMD_WISH_H

#include "cmd/choose.h"

/* PB_ERR_USAGE: --threads, --ranks or --isa is malformed, whether or not a backend that
 * reads it is chosen. (An instruction set that this CPU lacks: PB_ERR_ENVIRONMENT.) */
enum pb_status pb_wish_check_lists(const struct pb_wish *wish, struct pb_error *err);

/* PB_ERR_USAGE: --threads, --ranks or --device is given, and no backend that reads it is
 * among `chosen`. Only where the backends were named and the lists are no fallbacks. */
enum pb_status pb_wish_check_use(const struct pb_wish *wish,
                                 const struct pb_backend *const *chosen, size_t count,
                                 struct pb_error *err);

/* PB_ERR_USAGE: so many ranks would only crowd this machine. useful: as many as make
 * sense here. With a --launcher the user knows better. */
enum pb_status pb_wish_check_crowd(const struct pb_wish *wish, unsigned ranks,
                                   unsigned useful, struct pb_error *err);

#endif

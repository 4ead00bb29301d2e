/* signals.h - Ctrl-C as a wish: a long command ends after its present point and keeps
 * what it has. */
#ifndef PB_CMD_SIGNALS_H
#define PB_CMD_SIGNALS_H

#include <stdbool.h>

/* From now on SIGINT, SIGTERM and SIGHUP set a flag. One that comes at least a second
 * after the first kills at once; those that come earlier are the same wish. SIGPIPE is
 * ignored: a worker that died is noticed by its silence. */
void pb_signals_watch(void);
bool pb_signals_stop(void); /* has one arrived? */

#endif

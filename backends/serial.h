/* serial.h - sessions whose only worker is the calling thread: scalar and simd.
 *
 * Both run through the same compiled loop, so that nothing but the body differs between
 * them. These are the functions of struct pb_backend_ops; see there.
 */
#ifndef PB_BACKENDS_SERIAL_H
#define PB_BACKENDS_SERIAL_H

#include "backends/backend.h"

enum pb_status pb_serial_probe(struct pb_probe *out, struct pb_error *err);
/* Runs the body of c->config.isa. PB_ERR_UNSUPPORTED: more than one worker, or no such
 * body. */
enum pb_status pb_serial_open(const struct pb_case *c, struct pb_session **out,
                              struct pb_error *err);
enum pb_status pb_serial_load(struct pb_session *s, const struct pb_task *host,
                              struct pb_error *err);
enum pb_status pb_serial_run(struct pb_session *s, size_t calls, struct pb_error *err);
enum pb_status pb_serial_fetch(struct pb_session *s, const struct pb_task *host,
                               struct pb_error *err);
void pb_serial_close(struct pb_session *s);

#endif

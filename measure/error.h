/* error.h - how a function says that it failed, and why.
 *
 * A fallible function returns enum pb_status, writes its outputs only on PB_OK, and takes
 * as its last argument a struct pb_error owned by the caller. Whoever first knows the
 * cause formats it there, once: what was wrong, where, what to do. Callers only forward
 * it; only cmd/ prints. This is a leaf header: it includes no other of the project's.
 */
#ifndef PB_MEASURE_ERROR_H
#define PB_MEASURE_ERROR_H

enum pb_status {
    PB_OK = 0,
    PB_ERR_USAGE,       /* the command line: option, value, combination */
    PB_ERR_INPUT,       /* a file: unreadable, malformed, of a newer schema */
    PB_ERR_ENVIRONMENT, /* the machine: library, device, disk, permission */
    PB_ERR_MEMORY,      /* an allocation, on the host or on a device */
    /* This backend cannot run this kernel, data type or configuration. */
    PB_ERR_UNSUPPORTED,
    PB_ERR_WRONG,    /* a result differs from its reference by more than the tolerance */
    PB_ERR_INTERNAL, /* the other side of a pipe or a library broke its contract */
};

struct pb_error {
    /* One sentence without a final full stop or newline; "" when there was no error. */
    char text[512];
};

/* Formats the message into err (which may be NULL) and returns status, so that a caller
 * can write `return pb_fail(err, PB_ERR_INPUT, "...", ...)`. A message longer than the
 * buffer is cut at its end. */
__attribute__((format(printf, 3, 4))) enum pb_status
pb_fail(struct pb_error *err, enum pb_status status, const char *format, ...);

/* Puts "prefix: " in front of the message that err already holds; keeps status as it is.
 * err may be NULL. */
__attribute__((format(printf, 3, 4))) enum pb_status
pb_fail_prefix(struct pb_error *err, enum pb_status status, const char *format, ...);

#endif

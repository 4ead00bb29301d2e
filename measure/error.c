#include "measure/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum pb_status pb_fail(struct pb_error *err, enum pb_status status, const char *format,
                       ...)
{
    if (!err)
        return status;
    va_list args;
    va_start(args, format);
    (void)vsnprintf(err->text, sizeof err->text, format, args);
    va_end(args);
    return status;
}

enum pb_status pb_fail_prefix(struct pb_error *err, enum pb_status status,
                              const char *format, ...)
{
    if (!err)
        return status;
    char old[sizeof err->text];
    memcpy(old, err->text, sizeof old);
    va_list args;
    va_start(args, format);
    (void)vsnprintf(err->text, sizeof err->text, format, args);
    va_end(args);
    const size_t used = strlen(err->text);
    (void)snprintf(err->text + used, sizeof err->text - used, ": %s", old);
    return status;
}

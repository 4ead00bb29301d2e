#include "results/origin.h"

#include <stddef.h>
#include <string.h>

static bool texts_differ(const char *what, const char *a, const char *b,
                         struct pb_text *out)
{
    if (!a || !b || strcmp(a, b) == 0)
        return false;
    pb_text_addf(out, "%s: %s and %s", what, a, b);
    return true;
}

static bool cores_differ(unsigned a, unsigned b, struct pb_text *out)
{
    if (!a || !b || a == b)
        return false;
    pb_text_addf(out, "the usable cores: %u and %u", a, b);
    return true;
}

bool pb_origin_differs(enum pb_origin_fact fact, const struct pb_record *a,
                       const struct pb_record *b, struct pb_text *out)
{
    switch (fact) {
    case PB_ORIGIN_CPU:
        return texts_differ("the CPU", a->machine.cpu, b->machine.cpu, out);
    case PB_ORIGIN_COMPILER:
        return texts_differ("the compiler", a->compiler, b->compiler, out);
    case PB_ORIGIN_CFLAGS:
        return texts_differ("the compiler's flags", a->cflags, b->cflags, out);
    case PB_ORIGIN_CORES:
        return cores_differ(a->machine.cores, b->machine.cores, out);
    case PB_ORIGIN_COUNT:
        break;
    }
    return false;
}

static const char *driver_of(const struct pb_record *record, const char *device)
{
    for (size_t i = 0; i < record->machine.ndevices; i++)
        if (record->machine.devices[i].name &&
            strcmp(record->machine.devices[i].name, device) == 0)
            return record->machine.devices[i].driver;
    return NULL;
}

bool pb_origin_driver_differs(const char *device, const struct pb_record *a,
                              const struct pb_record *b, struct pb_text *out)
{
    const char *old_driver = driver_of(a, device), *new_driver = driver_of(b, device);
    if (!old_driver || !new_driver || strcmp(old_driver, new_driver) == 0)
        return false;
    pb_text_addf(out, "the driver of %s: %s and %s", device, old_driver, new_driver);
    return true;
}

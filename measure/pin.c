#include "measure/pin.h"

#include <sched.h>
#include <string.h>

static cpu_set_t *as_set(void *mask)
{
    return mask;
}

void pb_pin_take(int cpu, struct pb_pin *pin)
{
    enum { BYTES = sizeof pin->before };
    unsigned long one[BYTES / sizeof(unsigned long)] = { 0 };
    const int wanted = cpu == PB_CPU_ANY ? sched_getcpu() : cpu;
    pin->cpu = PB_CPU_ANY;
    if (wanted < 0 || wanted >= PB_CPUS_MAX)
        return;
    if (sched_getaffinity(0, BYTES, as_set(pin->before)))
        return;
    CPU_SET_S((size_t)wanted, BYTES, as_set(one));
    if (!sched_setaffinity(0, BYTES, as_set(one)))
        pin->cpu = wanted;
}

void pb_pin_release(struct pb_pin *pin)
{
    if (pin->cpu != PB_CPU_ANY)
        (void)sched_setaffinity(0, sizeof pin->before, as_set(pin->before));
    pin->cpu = PB_CPU_ANY;
}

#include "measure/slowdown.h"

#include <stdlib.h>
#include <string.h>

/* Does the text go on with `word`, up to a colon or its end? Then *text moves behind. */
static bool takes(const char **text, const char *word)
{
    const size_t len = strlen(word);
    if (strncmp(*text, word, len) != 0 || ((*text)[len] != ':' && (*text)[len] != '\0'))
        return false;
    *text += len;
    return true;
}

double pb_slowdown_share(const char *text, const char *backend, const struct pb_case *c)
{
    if (!text || !takes(&text, c->kernel->name) || *text++ != ':')
        return 0;
    char *rest;
    const double share = strtod(text, &rest);
    text = rest;
    if (*text == ':' && (text++, !takes(&text, backend)))
        return 0;
    if (*text == ':') {
        if (strtoull(text + 1, &rest, 10) != c->n)
            return 0;
        text = rest;
    }
    return *text == '\0' && share > 0 && share <= 100 ? share : 0;
}

struct pb_slowdown pb_slowdown_of(double share, size_t calls, size_t reuse)
{
    const double extra = share * (double)calls;
    /* A hair more: 0.05 * 20 must not be short of one call. */
    const size_t whole = (size_t)(extra * (1 + 1e-9)) / reuse * reuse;
    const double left = extra - (double)whole;
    return (struct pb_slowdown){
        .extra = whole,
        .wait = left > 0 ? left / (double)(calls + whole) : 0,
    };
}

void pb_slowdown_wait(const struct pb_clock *clock, uint64_t start_ns, double wait)
{
    const uint64_t taken_ns = pb_clock_now(clock) - start_ns;
    const uint64_t end_ns = start_ns + taken_ns + (uint64_t)((double)taken_ns * wait);
    while (pb_clock_now(clock) < end_ns)
        ;
}

#include "tests/evidence/peers_words.h"

#include "kernels/registry.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *pb_peers_word(char *const words[], const char *key)
{
    const size_t len = strlen(key);
    for (; *words; words++)
        if (strncmp(*words, key, len) == 0 && (*words)[len] == '=')
            return *words + len + 1;
    return NULL;
}

size_t pb_peers_count(char *const words[], const char *key, size_t otherwise)
{
    const char *text = pb_peers_word(words, key);
    char *end;
    if (!text)
        return otherwise;
    errno = 0;
    const unsigned long long value = strtoull(text, &end, 10);
    return errno || *end || *text == '-' ? 0 : (size_t)value;
}

bool pb_peers_what(char *const words[], struct pb_peers_what *out, char *why,
                   size_t why_bytes)
{
    const char *kernel = pb_peers_word(words, "kernel"),
               *dtype = pb_peers_word(words, "type");
    *out = (struct pb_peers_what){ .kernel = kernel ? pb_kernel_find(kernel) : NULL,
                                   .n = pb_peers_count(words, "n", 0) };
    if (!out->kernel)
        (void)snprintf(why, why_bytes, "parbench has no kernel %s",
                       kernel ? kernel : "without a name");
    else if (!dtype || !pb_dtype_find(dtype, &out->dtype))
        (void)snprintf(why, why_bytes, "type= is none of f32, f64");
    else if (!out->n)
        (void)snprintf(why, why_bytes, "n= is no number of elements");
    return out->kernel && dtype && pb_dtype_find(dtype, &out->dtype) && out->n;
}

double pb_peers_work(const struct pb_peers_what *what, const char *unit)
{
    if (strcmp(unit, "flops") == 0)
        return what->kernel->flops(what->n);
    return strcmp(unit, "bytes") == 0 ? what->kernel->bytes(what->n, what->dtype) : 1;
}

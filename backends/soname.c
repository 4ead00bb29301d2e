#include "backends/soname.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool pb_soname_in_dir(const char *dir, size_t dir_len, const char *name)
{
    char path[PATH_MAX];
    const int len = snprintf(path, sizeof path, "%.*s/%s", (int)dir_len, dir, name);
    return len > 0 && (size_t)len < sizeof path && access(path, R_OK) == 0;
}

/* Does the dynamic linker's cache name the library? It is a binary file of strings, some
 * 100 kB; a search for the bytes is all that is needed. True also where there is no
 * readable cache to ask. */
static bool cache_may_have(const char *name)
{
    FILE *file = fopen("/etc/ld.so.cache", "rb");
    if (file == NULL)
        return true;
    const size_t keep = strlen(name); /* a match may straddle two reads */
    char chunk[1 << 16];
    size_t held = 0, got;
    bool found = false;
    while (!found && (got = fread(chunk + held, 1, sizeof chunk - held, file)) > 0) {
        const size_t len = held + got;
        found = memmem(chunk, len, name, keep) != NULL;
        held = len < keep ? len : keep;
        memmove(chunk, chunk + len - held, held);
    }
    fclose(file);
    return found;
}

bool pb_soname_is_there(const char *name)
{
    if (strchr(name, '/') != NULL)
        return access(name, R_OK) == 0;
    const char *dirs = getenv("LD_LIBRARY_PATH");
    while (dirs != NULL && dirs[0] != '\0') {
        const size_t len = strcspn(dirs, ":;");
        if (len > 0 && pb_soname_in_dir(dirs, len, name))
            return true;
        dirs += len + (dirs[len] != '\0');
    }
    return cache_may_have(name);
}

#include "results/sysfile.h"

#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static FILE *open_under(const char *root, const char *path)
{
    char name[PATH_MAX];
    const int len = snprintf(name, sizeof name, "%s%s", root, path);
    return len > 0 && (size_t)len < sizeof name ? fopen(name, "re") : NULL;
}

bool pb_sysfile_read(const char *root, const char *path, char *buf, size_t bytes)
{
    FILE *file = open_under(root, path);
    if (!file)
        return false;
    const size_t count = fread(buf, 1, bytes - 1, file);
    (void)fclose(file);
    buf[count] = '\0';
    if (count > 0 && buf[count - 1] == '\n')
        buf[count - 1] = '\0';
    return buf[0] != '\0';
}

/* What follows the key on its line, or NULL. The character behind the key must not go on
 * with it: "Mem" is not "MemTotal". */
static const char *value_of(const char *line, const char *key)
{
    const size_t len = strlen(key);
    if (strncmp(line, key, len) != 0 || !line[len] || !strchr(" \t:=\n", line[len]))
        return NULL;
    const char *value = line + len + strspn(line + len, " \t:=");
    return *value && *value != '\n' ? value : NULL;
}

bool pb_sysfile_find(const char *root, const char *path, const char *key, char *buf,
                     size_t bytes)
{
    FILE *file = open_under(root, path);
    if (!file)
        return false;
    char *line = NULL;
    size_t cap = 0;
    const char *value = NULL;
    while (!value && getline(&line, &cap, file) >= 0)
        value = value_of(line, key);
    if (value)
        (void)snprintf(buf, bytes, "%.*s", (int)strcspn(value, "\n"), value);
    free(line);
    (void)fclose(file);
    return value != NULL;
}

bool pb_sysfile_find_number(const char *root, const char *path, const char *key,
                            uint64_t *out)
{
    char text[64];
    if (!pb_sysfile_find(root, path, key, text, sizeof text) ||
        !isdigit((unsigned char)text[0]))
        return false;
    *out = strtoull(text, NULL, 10);
    return true;
}

#include "cmd/program.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Folders pass access(X_OK) too. */
static bool is_executable(const char *file)
{
    struct stat facts;
    return stat(file, &facts) == 0 && S_ISREG(facts.st_mode) && access(file, X_OK) == 0;
}

static bool is_in_path(const char *name)
{
    const char *folder = getenv("PATH");
    while (folder) {
        const char *end = strchrnul(folder, ':');
        const int len = (int)(end - folder);
        char file[4096];
        /* An empty entry is the current folder. */
        const int need =
            snprintf(file, sizeof file, "%.*s%s%s", len, folder, len ? "/" : "", name);
        if (need > 0 && (size_t)need < sizeof file && is_executable(file))
            return true;
        folder = *end ? end + 1 : NULL;
    }
    return false;
}

enum pb_status pb_program_check(const char *program, struct pb_error *err)
{
    const bool is_path = strchr(program, '/') != NULL;
    if (is_path ? is_executable(program) : *program && is_in_path(program))
        return PB_OK;
    if (!is_path && is_executable(program))
        return pb_fail(err, PB_ERR_INPUT,
                       "%s is not in PATH: for the file in this folder write ./%s",
                       program, program);
    return pb_fail(err, PB_ERR_INPUT,
                   "%s is not a program that can be run: give the parbench binaries of "
                   "both builds",
                   *program ? program : "\"\"");
}

/* What a card's launch() fills: the command and the environment of a worker process. */
#include "backends/backend.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static void release_strings(char **strings, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(strings[i]);
}

void pb_launch_release(struct pb_launch *launch)
{
    release_strings(launch->argv, launch->nargv);
    release_strings(launch->env, launch->nenv);
    *launch = (struct pb_launch){ 0 };
}

static enum pb_status append(char **strings, size_t *count, const char *string,
                             struct pb_error *err)
{
    /* The last slot stays NULL, as execvp wants it. */
    if (*count + 1 >= PB_LAUNCH_MAX)
        return pb_fail(err, PB_ERR_INTERNAL,
                       "no room for '%s': a launch holds at most %d strings", string,
                       PB_LAUNCH_MAX - 1);
    char *copy = strdup(string);
    if (!copy)
        return pb_fail(err, PB_ERR_MEMORY, "out of memory for the command of a worker");
    strings[(*count)++] = copy;
    return PB_OK;
}

enum pb_status pb_launch_arg(struct pb_launch *launch, const char *arg,
                             struct pb_error *err)
{
    return append(launch->argv, &launch->nargv, arg, err);
}

enum pb_status pb_launch_env(struct pb_launch *launch, const char *name_value,
                             struct pb_error *err)
{
    assert(strchr(name_value, '='));
    return append(launch->env, &launch->nenv, name_value, err);
}

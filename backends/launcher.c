#include "backends/launcher.h"

#include "measure/text.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PLACEHOLDER "{ranks}"

static bool is_program(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0;
}

bool pb_launcher_has(const char *program)
{
    if (strchr(program, '/'))
        return is_program(program);
    const char *dir = getenv("PATH");
    while (dir && *dir) {
        const size_t len = strcspn(dir, ":");
        char path[PATH_MAX];
        const int used = snprintf(path, sizeof path, "%.*s/%s", (int)len, dir, program);
        /* A directory that is not absolute makes the answer depend on where we are. */
        if (*dir == '/' && used > 0 && (size_t)used < sizeof path && is_program(path))
            return true;
        dir += len + (dir[len] == ':');
    }
    return false;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n';
}

/* Appends the quoted part after an opening quote; returns the closing quote, or NULL. */
static const char *take_quoted(const char *at, char quote, struct pb_text *word)
{
    for (; *at && *at != quote; at++) {
        if (quote == '"' && *at == '\\' && (at[1] == '"' || at[1] == '\\'))
            at++;
        pb_text_add_bytes(word, at, 1);
    }
    return *at ? at : NULL;
}

/* Appends the word at *at and leaves *at behind it; false: a quote stays open. */
static bool take_word(const char **at, struct pb_text *word)
{
    const char *c = *at;
    for (; *c && !is_blank(*c); c++) {
        if (*c == '\'' || *c == '"') {
            c = take_quoted(c + 1, *c, word);
            if (!c)
                return false;
        } else {
            if (*c == '\\' && c[1])
                c++;
            pb_text_add_bytes(word, c, 1);
        }
    }
    *at = c;
    return true;
}

/* Appends word, with the number in place of each placeholder. */
static enum pb_status add_word(struct pb_launch *launch, const char *word, unsigned ranks,
                               bool *is_placed, struct pb_error *err)
{
    struct pb_text text = PB_TEXT_INIT;
    const char *found;
    while ((found = strstr(word, PLACEHOLDER))) {
        pb_text_add_bytes(&text, word, (size_t)(found - word));
        pb_text_addf(&text, "%u", ranks);
        word = found + strlen(PLACEHOLDER);
        *is_placed = true;
    }
    pb_text_add(&text, word);
    const enum pb_status status =
        text.failed ? pb_fail(err, PB_ERR_MEMORY, "out of memory for --launcher")
                    : pb_launch_arg(launch, text.str, err);
    pb_text_release(&text);
    return status;
}

static enum pb_status add_words(struct pb_launch *launch, const char *launcher,
                                unsigned ranks, bool *is_placed, struct pb_error *err)
{
    const char *at = launcher;
    for (;;) {
        while (is_blank(*at))
            at++;
        if (!*at)
            return PB_OK;
        struct pb_text word = PB_TEXT_INIT;
        enum pb_status status = PB_OK;
        if (!take_word(&at, &word))
            status = pb_fail(err, PB_ERR_USAGE,
                             "--launcher \"%s\": a quote is opened and never closed",
                             launcher);
        else if (word.failed)
            status = pb_fail(err, PB_ERR_MEMORY, "out of memory for --launcher");
        else
            status = add_word(launch, word.str, ranks, is_placed, err);
        pb_text_release(&word);
        if (status)
            return status;
    }
}

enum pb_status pb_launcher_split(struct pb_launch *launch, const char *launcher,
                                 unsigned ranks, struct pb_error *err)
{
    const size_t first = launch->nargv;
    bool is_placed = false;
    enum pb_status status = add_words(launch, launcher, ranks, &is_placed, err);
    if (status)
        return status;
    if (launch->nargv == first)
        return pb_fail(
            err, PB_ERR_USAGE,
            "--launcher is empty: expected a command such as \"srun -n " PLACEHOLDER
            "\"");
    if (!pb_launcher_has(launch->argv[first]))
        return pb_fail(err, PB_ERR_ENVIRONMENT,
                       "--launcher: program '%s' not found in PATH: install it, or give "
                       "its full path",
                       launch->argv[first]);
    char number[16];
    (void)snprintf(number, sizeof number, "%u", ranks);
    if (!is_placed)
        status = pb_launch_arg(launch, "-n", err);
    if (!status && !is_placed)
        status = pb_launch_arg(launch, number, err);
    return status;
}

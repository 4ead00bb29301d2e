#include "results/tunings.h"

#include "measure/text.h"
#include "results/field.h"
#include "results/json.h"
#include "results/record.h"
#include "results/whole_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define VERSION_KEY "parbench_tune"
#define VERSION     1

#define AT(member) .key = #member, .offset = offsetof(struct pb_tuning, member)
static const struct pb_field fields[] = {
    { AT(backend), .kind = PB_FIELD_TEXT, .presence = PB_REQUIRED },
    { AT(device), .kind = PB_FIELD_TEXT, .presence = PB_REQUIRED },
    { AT(driver), .kind = PB_FIELD_TEXT, .presence = PB_NULLABLE },
    { AT(kernel), .kind = PB_FIELD_TEXT, .presence = PB_REQUIRED },
    { AT(dtype), .kind = PB_FIELD_TEXT, .presence = PB_REQUIRED },
    { AT(set), .kind = PB_FIELD_TEXT, .presence = PB_REQUIRED },
    { AT(speed), .kind = PB_FIELD_REAL, .presence = PB_NULLABLE },
    { AT(measured), .kind = PB_FIELD_TEXT, .presence = PB_NULLABLE },
};

static void release(struct pb_tuning *t)
{
    char *const strings[] = { t->backend, t->device, t->driver,  t->kernel,
                              t->dtype,   t->set,    t->measured };
    for (size_t i = 0; i < sizeof strings / sizeof strings[0]; i++)
        free(strings[i]);
    *t = (struct pb_tuning){ .speed = 0 };
}

void pb_tunings_release(struct pb_tunings *tunings)
{
    for (size_t i = 0; i < tunings->count; i++)
        release(&tunings->at[i]);
    free(tunings->at);
    *tunings = (struct pb_tunings){ .count = 0 };
}

/* ---- the file ---------------------------------------------------------------------- */

static const char *setting(const char *name)
{
    const char *value = getenv(name);
    return value && value[0] != '\0' ? value : NULL;
}

char *pb_tunings_file(void)
{
    const char *file = setting("PARBENCH_TUNE_FILE");
    const char *cache = setting("XDG_CACHE_HOME"), *home = setting("HOME");
    struct pb_text text = PB_TEXT_INIT;
    if (file)
        pb_text_addf(&text, "%s", file);
    else if (cache)
        pb_text_addf(&text, "%s/parbench/tune.json", cache);
    else if (home)
        pb_text_addf(&text, "%s/.cache/parbench/tune.json", home);
    else
        return NULL;
    return pb_text_take(&text);
}

/* Moves *entry to the end. */
static enum pb_status append(struct pb_tunings *tunings, struct pb_tuning *entry,
                             struct pb_error *err)
{
    struct pb_tuning *grown =
        realloc(tunings->at, (tunings->count + 1) * sizeof *tunings->at);
    if (!grown) {
        release(entry);
        return pb_fail(err, PB_ERR_MEMORY, "out of memory for tuned parameters");
    }
    tunings->at = grown;
    grown[tunings->count++] = *entry;
    return PB_OK;
}

static enum pb_status decode_entry(const struct pb_json_doc *doc,
                                   const struct pb_json *object, void *tunings,
                                   struct pb_error *err)
{
    struct pb_tuning entry = { .speed = 0 };
    if (!pb_json_is_object(object))
        return pb_json_complain(doc, object, err, "expected an object: tuned parameters");
    const enum pb_status status =
        pb_fields_decode(doc, object, &entry, PB_FIELDS(fields), err);
    if (!status)
        return append(tunings, &entry, err);
    release(&entry);
    return status;
}

static enum pb_status decode(const struct pb_json_doc *doc, struct pb_tunings *out,
                             struct pb_error *err)
{
    const struct pb_json *root = pb_json_root(doc), *entries = NULL;
    uint64_t version = 0;
    if (!pb_json_is_object(root))
        return pb_json_complain(doc, root, err, "expected an object");
    enum pb_status status =
        pb_json_get_integer_or(doc, root, VERSION_KEY, 0, 1000000, 0, &version, err);
    if (status)
        return status;
    if (version == 0)
        return pb_json_complain(doc, root, err,
                                "this is no file of parbench tune: it has "
                                "no \"" VERSION_KEY "\"");
    if (version != VERSION)
        return pb_json_complain(
            doc, root, err, "this is version %llu, and this parbench reads version %d",
            (unsigned long long)version, VERSION);
    status = pb_json_get_array(doc, root, "entries", &entries, err);
    return status ? status : pb_json_each(doc, entries, decode_entry, out, err);
}

enum pb_status pb_tunings_read(const char *file, struct pb_tunings *out,
                               struct pb_error *err)
{
    struct pb_json_doc *doc = NULL;
    *out = (struct pb_tunings){ .count = 0 };
    if (access(file, F_OK) != 0 && errno == ENOENT)
        return PB_OK;
    enum pb_status status = pb_json_read_file(file, &doc, err);
    if (!status)
        status = decode(doc, out, err);
    if (status)
        pb_tunings_release(out);
    pb_json_doc_free(doc);
    return status;
}

static struct pb_json *encode(const struct pb_tunings *tunings)
{
    struct pb_json *root = pb_json_new_object(), *entries = pb_json_new_array();
    bool done = pb_json_add_number(root, VERSION_KEY, VERSION);
    for (size_t i = 0; i < tunings->count && done; i++) {
        struct pb_json *object = pb_json_new_object();
        done = pb_fields_encode(object, &tunings->at[i], PB_FIELDS(fields));
        done = pb_json_add(entries, NULL, object) && done;
    }
    if (pb_json_add(root, "entries", entries) && done)
        return root;
    pb_json_free(root);
    return NULL;
}

static int print(FILE *stream, const void *text)
{
    return fprintf(stream, "%s\n", (const char *)text) < 0 ? errno : 0;
}

/* What lacks is told by the writing that follows. */
static void make_folders(const char *file)
{
    char *path = strdup(file);
    for (char *at = path ? strchr(path + 1, '/') : NULL; at; at = strchr(at + 1, '/')) {
        *at = '\0';
        (void)mkdir(path, 0777);
        *at = '/';
    }
    free(path);
}

enum pb_status pb_tunings_write(const char *file, const struct pb_tunings *tunings,
                                struct pb_error *err)
{
    struct pb_json *json = encode(tunings);
    char *text = pb_json_print(json, true);
    pb_json_free(json);
    if (!text)
        return pb_fail(err, PB_ERR_MEMORY, "out of memory while writing %s", file);
    make_folders(file);
    const enum pb_status status = pb_whole_file_write(file, print, text, err);
    free(text);
    return status;
}

/* ---- entries ----------------------------------------------------------------------- */

static bool is_same(const struct pb_tuning *a, const struct pb_tuning *b)
{
    return pb_text_same(a->backend, b->backend) && pb_text_same(a->device, b->device) &&
           pb_text_same(a->driver, b->driver) && pb_text_same(a->kernel, b->kernel) &&
           pb_text_same(a->dtype, b->dtype);
}

const struct pb_tuning *pb_tunings_find(const struct pb_tunings *tunings,
                                        const struct pb_tuning *like)
{
    for (size_t i = 0; i < tunings->count; i++)
        if (is_same(&tunings->at[i], like))
            return &tunings->at[i];
    return NULL;
}

static bool copy(struct pb_tuning *to, const struct pb_tuning *from)
{
    to->speed = from->speed;
    return pb_set(&to->backend, from->backend) && pb_set(&to->device, from->device) &&
           pb_set(&to->driver, from->driver) && pb_set(&to->kernel, from->kernel) &&
           pb_set(&to->dtype, from->dtype) && pb_set(&to->set, from->set) &&
           pb_set(&to->measured, from->measured);
}

enum pb_status pb_tunings_set(struct pb_tunings *tunings, const struct pb_tuning *entry,
                              struct pb_error *err)
{
    struct pb_tuning fresh = { .speed = 0 };
    if (!copy(&fresh, entry)) {
        release(&fresh);
        return pb_fail(err, PB_ERR_MEMORY, "out of memory for tuned parameters");
    }
    for (size_t i = 0; i < tunings->count; i++)
        if (is_same(&tunings->at[i], entry)) {
            release(&tunings->at[i]);
            tunings->at[i] = fresh;
            return PB_OK;
        }
    return append(tunings, &fresh, err);
}

#include "results/fitness.h"

#include "measure/text.h"
#include "results/units.h"

#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const pb_fitness_levels[PB_FITNESS_LEVEL_COUNT + 1] = {
    [PB_FITNESS_OK] = "ok",
    [PB_FITNESS_NOTE] = "note",
    [PB_FITNESS_WARN] = "warn",
    [PB_FITNESS_UNKNOWN] = "unknown",
};

static const char *const verdict_names[] = {
    [PB_FIT] = "fit",
    [PB_FIT_WITH_CARE] = "care",
    [PB_NOT_FIT] = "unfit",
};
_Static_assert(sizeof verdict_names / sizeof verdict_names[0] == PB_FITNESS_VERDICT_COUNT,
               "every verdict has a name");

const char *pb_fitness_verdict_name(enum pb_fitness_verdict verdict)
{
    return verdict_names[verdict];
}

/* ---- findings ---------------------------------------------------------------------- */

void pb_fitness_add(struct pb_fitness *fitness, const char *id,
                    enum pb_fitness_level level, const char *format, ...)
{
    assert(fitness->count < PB_FITNESS_MAX);
    struct pb_finding *finding = &fitness->findings[fitness->count++];
    va_list args;
    *finding = (struct pb_finding){ .level = level };
    (void)snprintf(finding->id, sizeof finding->id, "%s", id);
    va_start(args, format);
    (void)vsnprintf(finding->seen, sizeof finding->seen, format, args);
    va_end(args);
    (void)pb_text_one_line(finding->seen);
}

void pb_fitness_advise(struct pb_fitness *fitness, const char *format, ...)
{
    assert(fitness->count > 0);
    struct pb_finding *last = &fitness->findings[fitness->count - 1];
    if (last->level == PB_FITNESS_OK)
        return;
    va_list args;
    va_start(args, format);
    (void)vsnprintf(last->advice, sizeof last->advice, format, args);
    va_end(args);
    (void)pb_text_one_line(last->advice);
}

void pb_fitness_add_unknown(struct pb_fitness *fitness, const char *id)
{
    pb_fitness_add(fitness, id, PB_FITNESS_UNKNOWN, "not available");
}

enum pb_fitness_level pb_fitness_level_of(double value, double note, double warn)
{
    if (value >= warn)
        return PB_FITNESS_WARN;
    return value >= note ? PB_FITNESS_NOTE : PB_FITNESS_OK;
}

/* A batch lasts 1000 steps of the clock or 1 ms, whichever is longer (measuring.md 5.2):
 * above 1 µs the step begins to cost time, above 100 µs a batch lasts 0.1 s. */
void pb_fitness_judge_clock(struct pb_fitness *fitness, double resolution_ns)
{
    char text[32];
    if (!(resolution_ns > 0)) {
        pb_fitness_add_unknown(fitness, "clock_resolution");
        return;
    }
    pb_fitness_add(fitness, "clock_resolution",
                   pb_fitness_level_of(resolution_ns, 1001, 100e3), "%s",
                   pb_units_ns(resolution_ns, text, sizeof text));
    pb_fitness_advise(fitness, "batches become long, and single calls cannot be told: "
                               "see clock source");
}

/* ---- the verdict ------------------------------------------------------------------- */

const struct pb_finding *pb_fitness_find(const struct pb_fitness *fitness, const char *id)
{
    for (size_t i = 0; i < fitness->count; i++)
        if (strcmp(fitness->findings[i].id, id) == 0)
            return &fitness->findings[i];
    return NULL;
}

static const struct pb_finding *first_of(const struct pb_fitness *fitness,
                                         enum pb_fitness_level level)
{
    for (size_t i = 0; i < fitness->count; i++)
        if (fitness->findings[i].level == level)
            return &fitness->findings[i];
    return NULL;
}

enum pb_fitness_verdict pb_fitness_judge(const struct pb_fitness *fitness)
{
    if (first_of(fitness, PB_FITNESS_WARN))
        return PB_NOT_FIT;
    return first_of(fitness, PB_FITNESS_NOTE) ? PB_FIT_WITH_CARE : PB_FIT;
}

const char *pb_fitness_title(const char *id, char *buf, size_t bytes)
{
    (void)snprintf(buf, bytes, "%s", id);
    for (char *c = strchr(buf, '_'); c; c = strchr(c, '_'))
        *c = ' ';
    return buf;
}

__attribute__((format(printf, 3, 4))) static void append(char *buf, size_t bytes,
                                                         const char *format, ...)
{
    const size_t used = strlen(buf);
    va_list args;
    va_start(args, format);
    (void)vsnprintf(buf + used, bytes - used, format, args);
    va_end(args);
}

static void append_titles(const struct pb_fitness *fitness, enum pb_fitness_level level,
                          char *buf, size_t bytes)
{
    char title[sizeof fitness->findings[0].id];
    const char *between = ": ";
    for (size_t i = 0; i < fitness->count; i++) {
        const struct pb_finding *finding = &fitness->findings[i];
        if (finding->level != level)
            continue;
        append(buf, bytes, "%s%s", between,
               pb_fitness_title(finding->id, title, sizeof title));
        between = ", ";
    }
}

const char *pb_fitness_summary(const struct pb_fitness *fitness, char *buf, size_t bytes)
{
    static const char *const words[] = {
        [PB_FIT] = "fit to measure",
        [PB_FIT_WITH_CARE] = "fit with care",
        [PB_NOT_FIT] = "not fit",
    };
    const enum pb_fitness_verdict verdict = pb_fitness_judge(fitness);
    (void)snprintf(buf, bytes, "%s", words[verdict]);
    if (verdict == PB_FIT_WITH_CARE)
        append_titles(fitness, PB_FITNESS_NOTE, buf, bytes);
    if (verdict == PB_NOT_FIT) {
        append_titles(fitness, PB_FITNESS_WARN, buf, bytes);
        append(buf, bytes, "; first: %s", first_of(fitness, PB_FITNESS_WARN)->advice);
    }
    return buf;
}

/* ---- as JSON, and in a record ------------------------------------------------------ */

static struct pb_json *encode_finding(const struct pb_finding *finding)
{
    struct pb_json *object = pb_json_new_object();
    const char *advice = finding->advice[0] ? finding->advice : NULL;
    if (pb_json_add_string(object, "id", finding->id) &&
        pb_json_add_string(object, "level", pb_fitness_levels[finding->level]) &&
        pb_json_add_string(object, "seen", finding->seen) &&
        pb_json_add_string(object, "advice", advice))
        return object;
    pb_json_free(object);
    return NULL;
}

struct pb_json *pb_fitness_encode(const struct pb_fitness *fitness)
{
    char summary[1024];
    struct pb_json *root = pb_json_new_object(), *array = pb_json_new_array();
    bool done = array != NULL;
    for (size_t i = 0; done && i < fitness->count; i++)
        done = pb_json_add(array, NULL, encode_finding(&fitness->findings[i]));
    const char *verdict = pb_fitness_verdict_name(pb_fitness_judge(fitness));
    done = pb_json_add_string(root, "verdict", verdict) && done;
    done = pb_json_add_string(root, "summary",
                              pb_fitness_summary(fitness, summary, sizeof summary)) &&
           done;
    if (pb_json_add(root, "findings", array) && done)
        return root;
    pb_json_free(root);
    return NULL;
}

enum pb_status pb_fitness_store(const struct pb_fitness *fitness,
                                struct pb_record *record, struct pb_error *err)
{
    const size_t count = fitness->count;
    struct pb_fitness_fact *facts = calloc(count ? count : 1, sizeof *facts);
    bool done = facts != NULL;
    for (size_t i = 0; done && i < count; i++) {
        const struct pb_finding *finding = &fitness->findings[i];
        done = pb_set(&facts[i].id, finding->id) &&
               pb_set(&facts[i].seen, finding->seen) &&
               pb_set(&facts[i].level, pb_fitness_levels[finding->level]);
    }
    if (!done) {
        pb_fitness_facts_free(facts, facts ? count : 0);
        return pb_fail(err, PB_ERR_MEMORY, "out of memory for the machine's fitness");
    }
    pb_fitness_facts_free(record->fitness, record->nfitness);
    record->fitness = facts;
    record->nfitness = count;
    return PB_OK;
}

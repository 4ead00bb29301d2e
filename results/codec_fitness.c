#include "results/codec_fitness.h"

#include "results/field.h"
#include "results/fitness.h"

#include <stddef.h>
#include <stdlib.h>

#define FACT(member)                                                                     \
    .key = #member, .kind = PB_FIELD_TEXT, .presence = PB_REQUIRED,                      \
    .offset = offsetof(struct pb_fitness_fact, member)

static const struct pb_field fact_fields[] = {
    { FACT(id) },
    { FACT(seen) },
    { FACT(level), .choices = pb_fitness_levels },
};

static struct pb_json *encode_fact(const struct pb_fitness_fact *fact)
{
    struct pb_json *object = pb_json_new_object();
    if (pb_fields_encode(object, fact, PB_FIELDS(fact_fields)))
        return object;
    pb_json_free(object);
    return NULL;
}

struct pb_json *pb_fitness_facts_encode(const struct pb_record *record)
{
    struct pb_json *array = pb_json_new_array();
    bool done = array != NULL;
    for (size_t i = 0; done && i < record->nfitness; i++)
        done = pb_json_add(array, NULL, encode_fact(&record->fitness[i]));
    if (done)
        return array;
    pb_json_free(array);
    return NULL;
}

static enum pb_status decode_fact(const struct pb_json_doc *doc,
                                  const struct pb_json *value, void *context,
                                  struct pb_error *err)
{
    struct pb_record *record = context;
    if (!pb_json_is_object(value))
        return pb_json_complain(doc, value, err,
                                "expected an object: a fact of the machine's fitness");
    struct pb_fitness_fact *facts =
        realloc(record->fitness, (record->nfitness + 1) * sizeof *facts);
    if (!facts)
        return pb_fail(err, PB_ERR_MEMORY, "out of memory while reading a result file");
    record->fitness = facts;
    struct pb_fitness_fact *fact = &facts[record->nfitness++];
    *fact = (struct pb_fitness_fact){ .id = NULL };
    return pb_fields_decode(doc, value, fact, PB_FIELDS(fact_fields), err);
}

enum pb_status pb_fitness_facts_decode(const struct pb_json_doc *doc,
                                       const struct pb_json *root,
                                       struct pb_record *record, struct pb_error *err)
{
    const struct pb_json *facts = NULL;
    const enum pb_status status = pb_json_get_array(doc, root, "fitness", &facts, err);
    return status ? status : pb_json_each(doc, facts, decode_fact, record, err);
}

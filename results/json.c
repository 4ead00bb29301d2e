#include "results/json.h"

#include "measure/text.h"
#include "results/json_node.h"
#include "results/json_number.h"
#include "results/json_packed.h"
#include "results/json_strict.h"
#include "results/json_text.h"

#include <cjson/cJSON.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What the header calls struct pb_json is the library's cJSON; that name is never
 * defined. The library knows neither places nor strictness, so the text is checked before
 * it reads it (json_strict.h), and kept for finding places afterwards (json_text.h). */
struct pb_json_doc {
    char *name, *text;                   /* owned, but for a visitor's doc */
    cJSON *root;                         /* owned */
    size_t begin;                        /* where the root's text begins */
    struct pb_json_span large;           /* the array that stays text; begin 0: none */
    const cJSON *large_array;            /* its empty stand-in under root */
    const struct pb_json_packed *packed; /* borrowed; what root was made of, or NULL */
};

static const cJSON *node_of(const struct pb_json *value)
{
    return (const cJSON *)value;
}

static cJSON *builder_of(struct pb_json *value)
{
    return (cJSON *)value;
}

static const struct pb_json *value_of(const cJSON *node)
{
    return (const struct pb_json *)node;
}

/* ---- parsing ----------------------------------------------------------------------- */

static enum pb_status out_of_memory(const char *name, struct pb_error *err)
{
    return pb_fail(err, PB_ERR_MEMORY, "%s: out of memory while reading", name);
}

/* Like the text, but with the bytes inside the large array left out. */
static cJSON *parse_without_large(const struct pb_json_doc *doc, size_t len)
{
    struct pb_text text = PB_TEXT_INIT;
    pb_text_add_bytes(&text, doc->text, doc->large.begin);
    pb_text_add(&text, "[]");
    pb_text_add_bytes(&text, doc->text + doc->large.end, len - doc->large.end);
    cJSON *root = text.failed ? NULL : cJSON_ParseWithLength(text.str, text.len);
    pb_text_release(&text);
    return root;
}

static enum pb_status parse_doc(struct pb_json_doc *doc,
                                const struct pb_json_source *source, struct pb_error *err)
{
    const size_t len = source->len;
    const enum pb_status status = pb_json_check(doc->name, source, &doc->large, err);
    if (status)
        return status;
    doc->begin = pb_json_skip_space(doc->text, 0);
    doc->root = doc->large.begin ? parse_without_large(doc, len)
                                 : cJSON_ParseWithLength(doc->text, len);
    if (!doc->root) /* the text is correct, so nothing else is left */
        return out_of_memory(doc->name, err);
    if (doc->large.begin)
        doc->large_array =
            cJSON_GetObjectItemCaseSensitive(doc->root, source->large_array);
    return PB_OK;
}

enum pb_status pb_json_parse_owned(const char *name, const struct pb_json_source *source,
                                   struct pb_json_doc **out, struct pb_error *err)
{
    struct pb_json_doc *doc = calloc(1, sizeof *doc);
    char *copy = strdup(name);
    if (!doc || !copy || !source->text) {
        free(doc);
        free(copy);
        free(source->text);
        return out_of_memory(name, err);
    }
    doc->name = copy;
    doc->text = source->text;
    const enum pb_status status = parse_doc(doc, source, err);
    if (status)
        pb_json_doc_free(doc);
    else
        *out = doc;
    return status;
}

enum pb_status pb_json_parse(const char *name, const char *text, size_t len,
                             struct pb_json_doc **out, struct pb_error *err)
{
    char *copy = malloc(len + 1);
    if (copy) {
        memcpy(copy, text, len);
        copy[len] = '\0';
    }
    const struct pb_json_source source = { .text = copy, .len = len };
    return pb_json_parse_owned(name, &source, out, err);
}

void pb_json_doc_free(struct pb_json_doc *doc)
{
    if (!doc)
        return;
    cJSON_Delete(doc->root);
    free(doc->name);
    free(doc->text);
    free(doc);
}

const struct pb_json *pb_json_root(const struct pb_json_doc *doc)
{
    return value_of(doc->root);
}

/* ---- arrays of numbers ------------------------------------------------------------- */

bool pb_json_packed_numbers(const struct pb_json_doc *doc, const struct pb_json *array,
                            struct pb_json_numbers *out)
{
    const cJSON *node = node_of(array);
    const cJSON *pair = doc->packed && cJSON_IsArray(node) ? node->child : NULL;
    const cJSON *first = pair && cJSON_IsArray(pair) && !pair->next ? pair->child : NULL;
    const cJSON *count = first ? first->next : NULL;
    if (!count || !cJSON_IsNumber(first) || !cJSON_IsNumber(count) || count->next)
        return false;
    out->values = doc->packed->numbers + (size_t)first->valuedouble;
    out->count = (size_t)count->valuedouble;
    return true;
}

/* ---- places ------------------------------------------------------------------------ */

/* Counts values up to `wanted` in the order of the text; true when it was met. The depth
 * is bounded by pb_json_check. */
static bool count_values(const struct pb_json_doc *doc, const cJSON *node,
                         const cJSON *wanted, size_t *count)
{
    if (node == wanted)
        return true;
    ++*count;
    struct pb_json_numbers numbers;
    if (pb_json_packed_numbers(doc, value_of(node), &numbers)) {
        *count += numbers.count;
        return false;
    }
    for (const cJSON *child = node->child; child; child = child->next)
        if (count_values(doc, child, wanted, count))
            return true;
    return false;
}

const char *pb_json_find_place(const struct pb_json_doc *doc, const struct pb_json *value,
                               size_t values_behind, struct pb_json_place *out)
{
    size_t ordinal = 0, offset = doc->begin;
    if (count_values(doc, doc->root, node_of(value), &ordinal))
        offset = pb_json_nth_value(doc->text, doc->begin, ordinal + values_behind,
                                   doc->large.begin ? &doc->large : NULL);
    *out = pb_json_place(doc->text, offset);
    return doc->name;
}

/* ---- nodes: see json_node.h -------------------------------------------------------- */

enum pb_json_kind pb_json_kind(const struct pb_json *value)
{
    switch (node_of(value)->type & 0xff) { /* above are the library's flags */
    case cJSON_Object:
        return PB_JSON_OBJECT;
    case cJSON_Array:
        return PB_JSON_ARRAY;
    case cJSON_String:
        return PB_JSON_STRING;
    case cJSON_Number:
        return PB_JSON_NUMBER;
    case cJSON_NULL:
        return PB_JSON_NULL;
    default:
        return PB_JSON_BOOL;
    }
}

/* Most keys differ in their first character: no call for them. */
static bool is_same(const char *a, const char *b)
{
    for (; *a == *b; a++, b++)
        if (*a == '\0')
            return true;
    return false;
}

const struct pb_json *pb_json_member(const struct pb_json *object, const char *key)
{
    for (const cJSON *child = node_of(object)->child; child; child = child->next)
        if (child->string && is_same(child->string, key))
            return value_of(child);
    return NULL;
}

const char *pb_json_key(const struct pb_json *value)
{
    return node_of(value)->string;
}

double pb_json_number(const struct pb_json *value)
{
    return node_of(value)->valuedouble;
}

const char *pb_json_string(const struct pb_json *value)
{
    return node_of(value)->valuestring;
}

bool pb_json_bool(const struct pb_json *value)
{
    return cJSON_IsTrue(node_of(value)) != 0;
}

/* ---- elements ---------------------------------------------------------------------- */

size_t pb_json_count(const struct pb_json *array)
{
    size_t count = 0;
    for (const struct pb_json *v = pb_json_first(array); v; v = pb_json_next(v))
        count++;
    return count;
}

const struct pb_json *pb_json_first(const struct pb_json *array)
{
    return array ? value_of(node_of(array)->child) : NULL;
}

const struct pb_json *pb_json_next(const struct pb_json *value)
{
    return value_of(node_of(value)->next);
}

static enum pb_status each_of_large(const struct pb_json_doc *doc,
                                    pb_json_visit_fn *visit, void *context,
                                    struct pb_error *err)
{
    enum pb_status status = PB_OK;
    struct pb_json_packed packed = { .text = PB_TEXT_INIT };
    size_t at = pb_json_skip_space(doc->text, doc->large.begin + 1);
    while (doc->text[at] != ']' && !status) {
        if (doc->text[at] == ',')
            at = pb_json_skip_space(doc->text, at + 1);
        struct pb_json_doc part = {
            .name = doc->name, .text = doc->text, .begin = at, .packed = &packed
        };
        if (pb_json_pack(&packed, doc->text, at, &at))
            part.root = cJSON_ParseWithLength(packed.text.str, packed.text.len);
        status = part.root ? visit(&part, value_of(part.root), context, err)
                           : out_of_memory(doc->name, err);
        cJSON_Delete(part.root);
        at = pb_json_skip_space(doc->text, at);
    }
    pb_json_packed_release(&packed);
    return status;
}

enum pb_status pb_json_each(const struct pb_json_doc *doc, const struct pb_json *array,
                            pb_json_visit_fn *visit, void *context, struct pb_error *err)
{
    if (array && node_of(array) == doc->large_array)
        return each_of_large(doc, visit, context, err);
    enum pb_status status = PB_OK;
    for (const struct pb_json *v = pb_json_first(array); v && !status;
         v = pb_json_next(v))
        status = visit(doc, v, context, err);
    return status;
}

/* ---- writing ----------------------------------------------------------------------- */

struct pb_json *pb_json_new_object(void)
{
    return (struct pb_json *)cJSON_CreateObject();
}

struct pb_json *pb_json_new_array(void)
{
    return (struct pb_json *)cJSON_CreateArray();
}

void pb_json_free(struct pb_json *value)
{
    cJSON_Delete(builder_of(value));
}

static bool add_node(struct pb_json *parent, const char *key, cJSON *child)
{
    cJSON *node = builder_of(parent);
    if (node && child &&
        (key ? cJSON_AddItemToObject(node, key, child)
             : cJSON_AddItemToArray(node, child)))
        return true;
    cJSON_Delete(child);
    return false;
}

bool pb_json_add(struct pb_json *parent, const char *key, struct pb_json *child)
{
    return add_node(parent, key, builder_of(child));
}

bool pb_json_add_null(struct pb_json *parent, const char *key)
{
    return add_node(parent, key, cJSON_CreateNull());
}

bool pb_json_add_bool(struct pb_json *parent, const char *key, bool value)
{
    return add_node(parent, key, cJSON_CreateBool(value));
}

/* The library would print a number with the fewest digits that come within one
 * rounding error of it: a seed of 2^53 - 1 reads back as another number. So it is
 * given raw text. */
bool pb_json_add_number(struct pb_json *parent, const char *key, double value)
{
    char text[32];
    if (!isfinite(value))
        return pb_json_add_null(parent, key);
    pb_json_print_number(text, sizeof text, value);
    return add_node(parent, key, cJSON_CreateRaw(text));
}

bool pb_json_add_string(struct pb_json *parent, const char *key, const char *value)
{
    if (!value)
        return pb_json_add_null(parent, key);
    struct pb_text text = PB_TEXT_INIT;
    pb_json_repair_utf8(value, &text);
    cJSON *child = text.failed ? NULL : cJSON_CreateString(text.str);
    pb_text_release(&text);
    return add_node(parent, key, child);
}

static bool has_numbers(const cJSON *node)
{
    for (const cJSON *child = node->child; child; child = child->next)
        if (has_numbers(child))
            return true;
    return cJSON_IsNumber(node) != 0;
}

/* Turns the numbers of a tree into raw text. false: out of memory. */
static bool print_numbers(cJSON *node)
{
    for (cJSON *child = node->child; child; child = child->next)
        if (!print_numbers(child))
            return false;
    if (!cJSON_IsNumber(node))
        return true;
    char text[32] = "null";
    if (isfinite(node->valuedouble))
        pb_json_print_number(text, sizeof text, node->valuedouble);
    node->type = cJSON_Raw;
    node->valuestring = strdup(text);
    return node->valuestring != NULL;
}

char *pb_json_print(const struct pb_json *value, bool indented)
{
    const cJSON *node = node_of(value);
    if (!node)
        return NULL;
    cJSON *copy = NULL; /* of a tree that was read; one that was built has no numbers */
    if (has_numbers(node)) {
        copy = cJSON_Duplicate(node, true);
        if (!copy || !print_numbers(copy)) {
            cJSON_Delete(copy);
            return NULL;
        }
        node = copy;
    }
    char *text = indented ? cJSON_Print(node) : cJSON_PrintUnformatted(node);
    cJSON_Delete(copy);
    return text;
}

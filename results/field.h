/* field.h - a struct's members and the JSON members that they are written to, as a table
 * that serves both directions: so that what is written can be read, and the other way
 * round.
 *
 *   static const struct pb_field fields[] = {
 *       { "kernel", PB_FIELD_TEXT, PB_REQUIRED, offsetof(struct pb_point, kernel) }, ...
 *
 * Unknown is null in the file, and in memory NULL (text), NAN (real), 0 (count) or -1
 * (tally). A member that is absent from the file is the same as null.
 */
#ifndef PB_RESULTS_FIELD_H
#define PB_RESULTS_FIELD_H

#include "results/json.h"

enum pb_field_kind {
    PB_FIELD_TEXT,  /* char *, owned */
    PB_FIELD_REAL,  /* double, >= 0; below 0 is written as null */
    PB_FIELD_COUNT, /* unsigned: 0 is unknown where the field is PB_NULLABLE */
    PB_FIELD_BIG,   /* uint64_t, below 2^53: likewise */
    PB_FIELD_TALLY, /* int64_t */
    PB_FIELD_BOOL,  /* bool; null is false */
};

enum pb_presence {
    PB_REQUIRED,  /* text: not empty; numbers: at least 1 */
    PB_NULLABLE,  /* null is unknown; an empty text is allowed */
    PB_DEFAULTED, /* null is the fallback; numbers: at least the fallback */
    /* Likewise, and not written where it is the fallback or false: members that there are
     * a hundred thousand of. */
    PB_OMITTED,
};

struct pb_field {
    const char *key;
    enum pb_field_kind kind;
    enum pb_presence presence;
    size_t offset;              /* of the member in its struct */
    unsigned fallback;          /* COUNT and BIG */
    const char *fallback_text;  /* TEXT */
    const char *const *choices; /* TEXT: the only ones allowed, up to NULL; NULL: any */
};

struct pb_fields { /* a table */
    const struct pb_field *field;
    size_t count;
};
/* A static table of fields, as a const struct pb_fields *. */
#define PB_FIELDS(table)                                                                 \
    (&(const struct pb_fields){ .field = (table),                                        \
                                .count = sizeof(table) / sizeof((table)[0]) })

/* Adds every field of the struct at `from` to object. false: out of memory. */
bool pb_fields_encode(struct pb_json *object, const void *from,
                      const struct pb_fields *fields);
/* Sets every field of the initialised struct at `to`; on failure some are set, and its
 * release frees them. object NULL: PB_OK, the struct stays as it is. */
enum pb_status pb_fields_decode(const struct pb_json_doc *doc,
                                const struct pb_json *object, void *to,
                                const struct pb_fields *fields, struct pb_error *err);

#endif

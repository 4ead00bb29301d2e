/* identity.h - which point it is, for programs: as members of a JSON object and as fields
 * of a line of CSV (RFC 4180). The same names in every command. */
#ifndef PB_CMD_IDENTITY_H
#define PB_CMD_IDENTITY_H

#include "results/json.h"
#include "results/record.h"

#include <stdbool.h>
#include <stdio.h>

/* Adds kernel, dtype, n, .. cache to object. false: out of memory. */
bool pb_identity_to_json(struct pb_json *object, const struct pb_point *point);

/* The head of the columns that pb_identity_to_csv fills. */
#define PB_IDENTITY_CSV                                                                  \
    "kernel,dtype,n,backend,isa,device,device_type,workers,reuse,variant,residency,"     \
    "host_memory,cache"
void pb_identity_to_csv(const struct pb_point *point, FILE *out);

/* One field, quoted where it must be, and always on one line: many a reader of CSV splits
 * at line ends, quoted or not. NULL: empty. */
void pb_csv_text(const char *value, FILE *out);
/* A comma and the number; nothing behind the comma where it is not finite. */
void pb_csv_number(double value, FILE *out);

#endif

/* list.h - what `parbench list` knows, and its JSON form; the text form stands in list.c.
 */
#ifndef PB_CMD_LIST_H
#define PB_CMD_LIST_H

#include "backends/backend.h"
#include "cmd/terminal.h"
#include "kernels/kernel.h"
#include "measure/error.h"
#include "measure/text.h"

#include <stdbool.h>

/* Is there a body for this ISA, in one of the kernel's data types at least? */
bool pb_list_has_body(const struct pb_kernel *kernel, enum pb_isa isa);

/* Asks a worker process of the backend, if it is usable at all, for its devices.
 * PB_ERR_UNSUPPORTED: not usable here, or no device; anything else is a failure. */
enum pb_status pb_list_probe(const struct pb_backend *backend, struct pb_probe *out,
                             struct pb_error *err);

/* What the parts of the text form share: wrapped text on stdout; a sentence of its own
 * under a table; a table, printed and freed; a word behind others. */
struct pb_flow pb_list_flow(void);
void pb_list_note(const char *text);
void pb_list_table(struct pb_table *table);
void pb_list_word(struct pb_text *text, const char *between, const char *word);

void pb_list_backends(void);

/* Which parts of the list to print. */
struct pb_list_parts {
    bool kernels, backends, devices;
};
/* One JSON object on stdout, with "kernels", "backends" and "isas", "devices" and
 * "absent", as asked for. Returns what pb_list_probe had to say about a backend that
 * should have worked, else PB_OK; PB_ERR_MEMORY prints nothing. */
enum pb_status pb_list_print_json(const struct pb_list_parts *parts,
                                  struct pb_error *err);

#endif

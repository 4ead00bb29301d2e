/* text.h - a growable string, always NUL-terminated.
 *
 * Life cycle: `struct pb_text t = PB_TEXT_INIT;` ... pb_text_release(&t). An allocation
 * that fails sets `failed`, the text stays what it was, and every later append is a
 * no-op: so a long run of appends needs one check at its end. Not thread-safe. A leaf
 * header.
 */
#ifndef PB_MEASURE_TEXT_H
#define PB_MEASURE_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct pb_text {
    char *str;       /* owned; never NULL: "" (not owned) while nothing was appended */
    size_t len, cap; /* bytes without / with the NUL; cap 0: str is not owned */
    bool failed;     /* an append ran out of memory */
};

extern char pb_text_empty[1];
#define PB_TEXT_INIT                                                                     \
    {                                                                                    \
        .str = pb_text_empty                                                             \
    }

/* Frees, and leaves it as PB_TEXT_INIT does. */
void pb_text_release(struct pb_text *text);
/* Empties; keeps the memory and resets `failed`. */
void pb_text_clear(struct pb_text *text);
void pb_text_add(struct pb_text *text, const char *str);
void pb_text_add_bytes(struct pb_text *text, const char *bytes, size_t count);
__attribute__((format(printf, 2, 3))) void pb_text_addf(struct pb_text *text,
                                                        const char *format, ...);

/* Hands the string over to the caller (to free()); the text is empty afterwards. NULL if
 * an append had failed. */
char *pb_text_take(struct pb_text *text);

/* strdup(printf(...)): a new string, to free(); NULL when out of memory. */
__attribute__((format(printf, 1, 2))) char *pb_text_format(const char *format, ...);

/* The same string; NULL counts as "". */
bool pb_text_same(const char *a, const char *b);

/* Replaces every control byte (tab, newline, escape, DEL and the rest below 0x20) by a
 * space, in place: what a file or a driver calls itself must not be able to move a
 * terminal's cursor or end a line of a script. Returns str. */
char *pb_text_one_line(char *str);

#endif

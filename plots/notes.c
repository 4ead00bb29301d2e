#include "plots/notes.h"

#include "plots/script.h"

#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 132, INDENT = 5 }; /* characters */

static void add_line(struct pb_notes *notes, const char *text, size_t bytes)
{
    char **grown = realloc(notes->lines, (notes->count + 1) * sizeof *grown);
    if (!grown)
        return; /* a note less */
    notes->lines = grown;
    grown[notes->count] = strndup(text, bytes);
    notes->count += grown[notes->count] != NULL;
}

/* Bytes of text up to the last blank within `columns` characters; all of it where it fits
 * or has no blank. */
static size_t line_length(const char *text, size_t columns)
{
    size_t blank = 0;
    size_t seen = 0;
    size_t i = 0;
    for (; text[i] && seen <= columns; i++) {
        if (text[i] == ' ')
            blank = i;
        seen += ((unsigned char)text[i] & 0xc0) != 0x80; /* not a continuation byte */
    }
    return text[i] && blank ? blank : strlen(text);
}

void pb_notes_add(struct pb_notes *notes, const char *note)
{
    struct pb_text line = PB_TEXT_INIT;
    while (*note) {
        const size_t bytes = line_length(note, COLUMNS);
        pb_text_add_bytes(&line, note, bytes);
        add_line(notes, line.str, line.len);
        pb_text_clear(&line);
        pb_text_addf(&line, "%*s", INDENT, "");
        note += bytes;
        note += *note == ' ';
    }
    pb_text_release(&line);
}

void pb_notes_release(struct pb_notes *notes)
{
    for (size_t i = 0; i < notes->count; i++)
        free(notes->lines[i]);
    free(notes->lines);
    *notes = (struct pb_notes){ 0 };
}

void pb_notes_write(const struct pb_notes *notes, struct pb_text *script)
{
    /* gnuplot has no empty arrays */
    pb_text_addf(script, "NNOTES = %zu\narray NOTE[%zu]\n", notes->count,
                 notes->count + 1);
    for (size_t i = 0; i < notes->count; i++) {
        pb_text_addf(script, "NOTE[%zu] = ", i + 1);
        pb_script_string(script, notes->lines[i], COLUMNS + 40);
        pb_text_add(script, "\n");
    }
}

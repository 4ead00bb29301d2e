/* notes.h - sentences below a figure, broken into lines. */
#ifndef PB_PLOTS_NOTES_H
#define PB_PLOTS_NOTES_H

#include "measure/text.h"

#include <stddef.h>

enum { PB_NOTE_HEIGHT = 20 }; /* pixels that style.gp gives to a line */

struct pb_notes { /* all zero: none yet */
    char **lines; /* owned strings */
    size_t count;
};

/* Breaks the note at blanks; lines after its first are indented. "": no line. Where
 * memory runs out the figure has a note less. */
void pb_notes_add(struct pb_notes *notes, const char *note);
void pb_notes_release(struct pb_notes *notes);
/* Appends NNOTES and the array NOTE[], which style.gp reads. */
void pb_notes_write(const struct pb_notes *notes, struct pb_text *script);

#endif

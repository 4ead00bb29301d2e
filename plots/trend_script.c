/* trend_script.c - the variables of a trend's script: titles, notes, ranges, looks. */
#include "plots/script.h"
#include "plots/trend_parts.h"
#include "results/units.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    HEAD = 84,        /* pixels above the panels: title and machine */
    FOOT = 86,        /* below them: the axis, and the footer below the notes */
    PANEL = 250,      /* of one of several */
    ONLY_PANEL = 430, /* of the only one */
    NOTE_HEIGHT = 20, /* per line of notes */
    DATES_MOST = 6,   /* that have a label */
    TITLE_MOST = 80,  /* characters */
    LABEL_MOST = 34,  /* what the space beside the panels holds */
    NOTE_MOST = 146,
};

struct look {
    const char *colour; /* Okabe & Ito's, as in style.h */
    int shape;
};

static const struct look looks[PB_TREND_CURVES] = {
    { "#D55E00", 7 },  { "#0072B2", 5 },  { "#009E73", 9 }, { "#CC79A7", 11 },
    { "#E69F00", 13 }, { "#56B4E9", 15 }, { "#000000", 6 }, { "#7F7F7F", 4 },
};

static size_t note_count(const struct pb_trend_sheet *sheet)
{
    const bool has_rest = sheet->nmarks > sheet->nnamed || sheet->nleft_out > 0;
    return sheet->nnamed + (sheet->has_newest ? 1 : 0) + (has_rest ? 1 : 0);
}

/* ---- titles ------------------------------------------------------------------------ */

static void add_machine(struct pb_text *text, const struct pb_history_machine *machine)
{
    pb_text_addf(text, "%s, %u core%s", machine->cpu ? machine->cpu : "unknown CPU",
                 machine->cores, machine->cores == 1 ? "" : "s");
}

static void add_date(struct pb_text *text, const struct pb_history_run *run)
{
    pb_text_addf(text, "%.10s",
                 run->facts.started && *run->facts.started ? run->facts.started
                                                           : "undated");
}

static bool has_one_machine(const struct pb_trend_sheet *sheet)
{
    for (size_t p = 1; p < sheet->npanels; p++)
        if (sheet->panels[p].first->machine != sheet->panels[0].first->machine)
            return false;
    return true;
}

static void set_titles(const struct pb_trend_sheet *sheet, struct pb_text *script)
{
    const struct pb_history *history = sheet->history;
    struct pb_text text = PB_TEXT_INIT;
    pb_script_set(script, "TITLE", "time per call over the runs", TITLE_MOST);
    if (has_one_machine(sheet))
        add_machine(&text, &history->machines[sheet->panels[0].first->machine]);
    else
        pb_text_add(&text, "several machines");
    pb_text_add(&text,
                "  \u00b7  100 % is the first level of each point, less is better");
    pb_script_set(script, "SUBTITLE", text.str, NOTE_MOST);
    pb_text_clear(&text);
    pb_text_addf(&text, "%zu runs, ", history->nruns);
    add_date(&text, &history->runs[0]);
    pb_text_add(&text, " to ");
    add_date(&text, &history->runs[history->nruns - 1]);
    pb_text_addf(&text, "  \u00b7  a step counts from %.3g %% on",
                 100.0 * history->min_change);
    pb_script_set(script, "FOOTER", text.str, NOTE_MOST);
    pb_text_release(&text);
}

/* ---- notes ------------------------------------------------------------------------- */

static void set_note(struct pb_text *script, size_t number, const char *note)
{
    pb_text_addf(script, "NOTE[%zu] = ", number);
    pb_script_string(script, note, NOTE_MOST);
    pb_text_add(script, "\n");
}

static void add_point(struct pb_text *text, const struct pb_point *point)
{
    char n[32], label[160];
    pb_text_addf(text, "%s %s, n = %s, %s", point->kernel, point->dtype,
                 pb_units_count((double)point->n, n, sizeof n),
                 pb_point_label(point, label, sizeof label));
}

static void add_mark(const struct pb_trend_sheet *sheet, size_t index,
                     struct pb_text *script)
{
    const struct pb_trend_mark *mark = &sheet->marks[index];
    const struct pb_estimate *ratio = &mark->series->steps.levels[mark->level].ratio;
    const struct pb_history_run *run =
        pb_history_run_of(sheet->history, mark->series, mark->level);
    const char *slash = strrchr(run->file, '/');
    struct pb_text text = PB_TEXT_INIT;
    pb_text_addf(&text, "%zu   ", index + 1);
    add_point(&text, &mark->series->point);
    pb_text_addf(&text, ": %+.1f %% [%+.1f .. %+.1f] since ",
                 100.0 * (ratio->estimate - 1.0), 100.0 * (ratio->low - 1.0),
                 100.0 * (ratio->high - 1.0));
    add_date(&text, run);
    pb_text_addf(&text, ", %s", slash ? slash + 1 : run->file);
    set_note(script, index + 1, text.str);
    pb_text_release(&text);
}

/* What the numbers in rings mean, what a question mark does, and what is missing. */
static void set_notes(const struct pb_trend_sheet *sheet, struct pb_text *script)
{
    const size_t count = note_count(sheet);
    struct pb_text text = PB_TEXT_INIT;
    size_t i = 0;
    /* gnuplot has no empty arrays */
    pb_text_addf(script, "NNOTES = %zu\narray NOTE[%zu]\n", count, count + 1);
    for (; i < sheet->nnamed; i++)
        add_mark(sheet, i, script);
    if (sheet->has_newest)
        set_note(script, ++i, "?   the newest run alone is off: the next one will tell");
    const size_t unnamed = sheet->nmarks - sheet->nnamed;
    if (unnamed)
        pb_text_addf(&text, "rings without a number: %zu more step%s", unnamed,
                     unnamed == 1 ? "" : "s");
    if (sheet->nleft_out)
        pb_text_addf(&text, "%s%zu more point%s for which there is no room here",
                     text.len ? "; " : "", sheet->nleft_out,
                     sheet->nleft_out == 1 ? "" : "s");
    if (text.len)
        set_note(script, ++i, text.str);
    pb_text_release(&text);
}

/* ---- panels and curves ------------------------------------------------------------- */

static void set_panel(const struct pb_trend_sheet *sheet, size_t index,
                      struct pb_text *script)
{
    const struct pb_trend_panel *panel = &sheet->panels[index];
    const struct pb_point *point = &panel->first->point;
    struct pb_text title = PB_TEXT_INIT;
    pb_text_addf(&title, "%s %s", point->kernel, point->dtype);
    if (!has_one_machine(sheet)) {
        pb_text_add(&title, " on ");
        add_machine(&title, &sheet->history->machines[panel->first->machine]);
    }
    pb_text_addf(script, "PANEL[%zu] = ", index + 1);
    pb_script_string(script, title.str, NOTE_MOST);
    pb_text_addf(script,
                 "\nFIRST[%zu] = %zu\nLAST[%zu] = %zu\nYMIN[%zu] = %.6g\nYMAX[%zu] = "
                 "%.6g\nNMARKS[%zu] = %zu\nNPALE[%zu] = %zu\n",
                 index + 1, panel->first_curve, index + 1,
                 panel->first_curve + panel->ncurves - 1, index + 1, panel->y_low,
                 index + 1, panel->y_high, index + 1,
                 panel->nmarks + (panel->has_newest ? 1 : 0), index + 1, panel->npale);
    pb_text_release(&title);
}

static void set_curve(const struct pb_series *series, size_t number, size_t in_panel,
                      struct pb_text *script)
{
    char n[32], label[160];
    struct pb_text text = PB_TEXT_INIT;
    pb_text_addf(&text, "%s  %s", pb_units_count((double)series->point.n, n, sizeof n),
                 pb_point_label(&series->point, label, sizeof label));
    pb_text_addf(script, "COLOUR[%zu] = '%s'\nSHAPE[%zu] = %d\nLABEL[%zu] = ", number,
                 looks[in_panel].colour, number, looks[in_panel].shape, number);
    pb_script_string(script, text.str, LABEL_MOST);
    pb_text_add(script, "\n");
    pb_text_release(&text);
}

static void set_panels(const struct pb_trend_sheet *sheet, struct pb_text *script)
{
    static const char *const per_panel[] = { "PANEL", "FIRST",  "LAST", "YMIN",
                                             "YMAX",  "NMARKS", "NPALE" };
    static const char *const per_curve[] = { "LABEL", "COLOUR", "SHAPE" };
    for (size_t i = 0; i < sizeof per_panel / sizeof per_panel[0]; i++)
        pb_text_addf(script, "array %s[%zu]\n", per_panel[i], sheet->npanels);
    for (size_t i = 0; i < sizeof per_curve / sizeof per_curve[0]; i++)
        pb_text_addf(script, "array %s[%zu]\n", per_curve[i], sheet->ncurves);
    for (size_t p = 0; p < sheet->npanels; p++) {
        const struct pb_trend_panel *panel = &sheet->panels[p];
        set_panel(sheet, p, script);
        for (size_t i = 0; i < panel->ncurves; i++)
            set_curve(panel->curves[i], panel->first_curve + i, i, script);
    }
}

/* ---- the axis of the runs ---------------------------------------------------------- */

/* Runs of one day are told apart by the time. */
static bool has_one_day(const struct pb_history *history)
{
    for (size_t i = 0; i < history->nruns; i++) {
        const char *a = history->runs[0].facts.started,
                   *b = history->runs[i].facts.started;
        if (!a || !b || strlen(b) < 16 || strncmp(a, b, 10) != 0)
            return false;
    }
    return true;
}

static void set_dates(const struct pb_history *history, struct pb_text *script)
{
    const size_t step = (history->nruns + DATES_MOST - 1) / DATES_MOST;
    const bool is_time = has_one_day(history);
    pb_text_addf(script, "XMIN = 0.5\nXMAX = %zu.5\nset xtics (", history->nruns);
    for (size_t i = 0; i < history->nruns; i++) {
        const char *started = history->runs[i].facts.started;
        char date[16] = "";
        if (started && i % step == 0)
            (void)snprintf(date, sizeof date, is_time ? "%.5s" : "%.10s",
                           started + (is_time ? strlen("2026-01-02T") : 0));
        pb_text_add(script, i ? ", " : "");
        pb_script_string(script, date, sizeof date);
        pb_text_addf(script, " %zu %d", i + 1, i % step ? 1 : 0);
    }
    pb_text_add(script, ")\n");
}

void pb_trend_write_head(const struct pb_trend_sheet *sheet, const char *format,
                         struct pb_text *script)
{
    const size_t panel = sheet->npanels == 1 ? ONLY_PANEL : PANEL;
    pb_text_addf(
        script, "FORMAT = '%s'\nHEIGHT = %zu\nPICTURE = '" PB_TREND_PICTURE "'\n", format,
        HEAD + FOOT + sheet->npanels * panel + NOTE_HEIGHT * note_count(sheet));
    pb_text_addf(script, "NPANELS = %zu\nPANEL_HEIGHT = %zu\n", sheet->npanels, panel);
    set_titles(sheet, script);
    set_notes(sheet, script);
    set_panels(sheet, script);
    set_dates(sheet->history, script);
}

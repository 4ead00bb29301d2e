/* recommend_text.c - recommendations for people: one size in words, several as a table.
 */
#include "cmd/recommend_print.h"
#include "cmd/terminal.h"
#include "measure/text.h"
#include "results/units.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void add_time(struct pb_text *text, const struct pb_estimate *ns)
{
    char middle[32], low[32], high[32];
    pb_text_addf(text, "%s", pb_units_ns(ns->estimate, middle, sizeof middle));
    if (isfinite(ns->low) && isfinite(ns->high))
        pb_text_addf(text, " [%s .. %s]", pb_units_ns(ns->low, low, sizeof low),
                     pb_units_ns(ns->high, high, sizeof high));
}

static void add_source(struct pb_text *text, const struct pb_prediction *time)
{
    char below[32], above[32];
    pb_units_count((double)time->below, below, sizeof below);
    pb_units_count((double)time->above, above, sizeof above);
    if (time->knowledge == PB_MEASURED)
        pb_text_add(text, ", measured here");
    else if (time->knowledge == PB_INTERPOLATED)
        pb_text_addf(text, ", interpolated between %s and %s", below, above);
    else
        pb_text_addf(text, ", extrapolated from %s and %s", below, above);
}

/* What the label, made to tell curves apart, leaves out: "; 2 threads, avx2". */
static void add_means(struct pb_text *text, const struct pb_curve *curve)
{
    const struct pb_point *p = curve->points[0];
    const char *separator = "; ";
    if (p->workers > 1) {
        pb_text_addf(text, "%s%u %ss", separator, p->workers, p->worker_kind);
        if (p->threads_per_rank > 1)
            pb_text_addf(text, " of %u threads", p->threads_per_rank);
        separator = ", ";
    }
    if (p->isa && !strstr(curve->label, p->isa)) {
        pb_text_addf(text, "%s%s", separator, p->isa);
        separator = ", ";
    }
    if (p->device && !strstr(curve->label, p->device))
        pb_text_addf(text, "%son %s", separator, p->device);
}

static void add_candidate(struct pb_text *text, const struct pb_candidate *c)
{
    pb_text_addf(text, "%s: ", c->curve->label);
    add_time(text, &c->time.ns);
    add_source(text, &c->time);
    add_means(text, c->curve);
}

/* How much longer it takes: "12 %", "3.5x". */
static void add_loss(struct pb_text *text, double loss)
{
    if (!isfinite(loss))
        pb_text_add(text, "unknown");
    else if (loss >= 1.0)
        pb_text_addf(text, "%.3gx", 1.0 + loss);
    else
        pb_text_addf(text, loss < 0.1 ? "%.1f %%" : "%.0f %%", 100.0 * loss);
}

/* What the choice rests on, and what it costs to be wrong. */
static void add_risk(struct pb_text *text, const struct pb_advice *a)
{
    char n[32], low[32], high[32];
    if (a->nequals > 1) {
        pb_text_addf(text,
                     "which is the faster is not certain; at worst %s is slower by ",
                     a->candidates[0].curve->label);
        add_loss(text, a->worst_loss);
        if (a->either_loss > a->worst_loss) {
            pb_text_add(text, ", the wrong one of them by ");
            add_loss(text, a->either_loss);
        }
        if (a->grey)
            pb_text_addf(text, "; %s overtakes %s somewhere near n = %s [%s .. %s]",
                         a->grey->to_label, a->grey->from_label,
                         pb_units_size(a->grey->n.estimate, n, sizeof n),
                         pb_units_size(a->grey->n.low, low, sizeof low),
                         pb_units_size(a->grey->n.high, high, sizeof high));
        return;
    }
    if (a->nknown < 2) {
        pb_text_add(text, "nothing else is known at this size");
        return;
    }
    pb_text_addf(text, "the next is %s: ", a->candidates[1].curve->label);
    add_time(text, &a->candidates[1].time.ns);
    pb_text_add(text, ", slower by ");
    add_loss(text, a->runner_up_loss);
}

/* Those whose time at this size is not known might still be faster. */
static void print_unknown(const struct pb_advice *a, unsigned indent, FILE *out)
{
    struct pb_text text = PB_TEXT_INIT;
    for (size_t i = a->nknown; i < a->ncandidates; i++) {
        char *gap = pb_candidate_gap(&a->candidates[i]);
        pb_text_addf(&text, "not considered: %s, %s", a->candidates[i].curve->label,
                     gap ? gap : "");
        free(gap);
        pb_flow_sentence(out, indent, &text);
    }
}

static void add_how_to_measure(struct pb_text *text, const struct pb_answers *answers,
                               uint64_t n)
{
    pb_text_addf(text, "; measure it: parbench run -k %s --dtype %s --size %llu",
                 answers->kernel, answers->dtype, (unsigned long long)n);
}

static void print_headline(const struct pb_answers *answers, const struct pb_advice *a,
                           FILE *out)
{
    struct pb_text text = PB_TEXT_INIT;
    if (a->nequals == 0) {
        char *gap = pb_advice_gap(a);
        pb_text_addf(&text, "unknown: %s", gap ? gap : "");
        free(gap);
        add_how_to_measure(&text, answers, a->n);
        pb_flow_sentence(out, 2, &text);
    }
    for (size_t i = 0; i < a->nequals; i++) {
        pb_text_add(&text, i ? "or      " : a->nequals > 1 ? "either  " : "use ");
        add_candidate(&text, &a->candidates[i]);
        pb_flow_sentence(out, 2, &text);
    }
    if (a->nequals) {
        add_risk(&text, a);
        pb_flow_sentence(out, 2, &text);
        print_unknown(a, 2, out);
    }
}

static void add_condition(struct pb_text *text, const struct pb_setting *setting)
{
    if (strcmp(setting->residency, "resident") == 0)
        pb_text_add(text, "if the data is already there: ");
    else if (strcmp(setting->residency, "once") == 0)
        pb_text_addf(text, "if the data moves once for %u calls: ", setting->reuse);
    else
        pb_text_addf(text, "residency %s: ", setting->residency);
}

/* Do two settings lead to the same choice, against the same runner-up? Host backends have
 * one curve for all settings. */
static bool is_same_answer(const struct pb_advice *a, const struct pb_advice *b)
{
    if (a->nequals == 0 || a->nequals != b->nequals || (a->nknown > 1) != (b->nknown > 1))
        return false;
    for (size_t i = 0; i < a->nequals || (i < 2 && i < a->nknown); i++)
        if (a->candidates[i].curve != b->candidates[i].curve)
            return false;
    return true;
}

static void add_answer(struct pb_text *text, const struct pb_advice *a)
{
    char *gap = pb_advice_gap(a);
    if (gap)
        pb_text_addf(text, "unknown: %s", gap);
    free(gap);
    for (size_t i = 0; i < a->nequals; i++) {
        pb_text_add(text, i ? ", or " : "");
        add_candidate(text, &a->candidates[i]);
    }
    if (a->nequals) {
        pb_text_add(text, "; ");
        add_risk(text, a);
    }
}

/* Another setting than the headline's, in one sentence. */
static void print_alternative(const struct pb_advice *a, const struct pb_advice *headline,
                              FILE *out)
{
    struct pb_text text = PB_TEXT_INIT;
    add_condition(&text, &a->setting);
    if (is_same_answer(a, headline))
        pb_text_add(&text, "the same");
    else
        add_answer(&text, a);
    pb_flow_sentence(out, 2, &text);
}

static void print_one_size(const struct pb_answers *answers, FILE *out)
{
    char n[32];
    fprintf(out, "%s%s %s, n = %s%s\n", pb_colour_start(out, PB_BOLD), answers->kernel,
            answers->dtype, pb_units_count((double)answers->advices[0].n, n, sizeof n),
            pb_colour_start(out, PB_PLAIN));
    print_headline(answers, &answers->advices[0], out);
    for (size_t i = 1; i < answers->nsettings; i++)
        print_alternative(&answers->advices[i], &answers->advices[0], out);
}

static void add_row(struct pb_table *table, const struct pb_advice *a)
{
    char n[32];
    struct pb_text cell = PB_TEXT_INIT;
    for (size_t i = 0; i < a->nequals; i++)
        pb_text_addf(&cell, "%s%s", i ? " or " : "", a->candidates[i].curve->label);
    pb_table_cell(table, PB_PLAIN, pb_units_count((double)a->n, n, sizeof n));
    pb_table_cell(table, a->nequals == 1 ? PB_GREEN : PB_PLAIN,
                  a->nequals ? cell.str : NULL);
    pb_text_clear(&cell);
    if (a->nequals)
        add_time(&cell, &a->candidates[0].time.ns);
    pb_table_cell(table, PB_PLAIN, a->nequals ? cell.str : NULL);
    pb_table_cell(
        table, PB_PLAIN,
        pb_knowledge_name(a->nequals ? a->candidates[0].time.knowledge : PB_UNKNOWN));
    pb_text_clear(&cell);
    if (a->nequals)
        add_loss(&cell, a->worst_loss);
    pb_table_cell(table, PB_PLAIN, a->nequals ? cell.str : NULL);
    pb_table_cell(table, PB_DIM, a->nknown > 1 ? a->candidates[1].curve->label : NULL);
    pb_text_clear(&cell);
    if (a->nknown > 1)
        add_loss(&cell, a->runner_up_loss);
    pb_table_cell(table, PB_DIM, a->nknown > 1 ? cell.str : NULL);
    pb_text_release(&cell);
}

/* Why some sizes of a table are unknown, each reason once. */
static void print_gaps(const struct pb_answers *answers, size_t setting, FILE *out)
{
    struct pb_text text = PB_TEXT_INIT;
    char *last = NULL;
    for (size_t i = 0; i < answers->nsizes; i++) {
        char *gap = pb_advice_gap(&answers->advices[i * answers->nsettings + setting]);
        if (gap && !(last && strcmp(gap, last) == 0)) {
            pb_text_addf(&text, "unknown: %s", gap);
            pb_flow_sentence(out, 0, &text);
        }
        if (gap) {
            free(last);
            last = gap;
        }
    }
    free(last);
}

static void print_table(const struct pb_answers *answers, size_t setting, FILE *out)
{
    static const char *const headings[] = { "n",        "use",       "time",     "known",
                                            "may lose", "runner-up", "slower by" };
    char name[32];
    fprintf(out, "%s%s%s %s, residency %s%s\n", setting ? "\n" : "",
            pb_colour_start(out, PB_BOLD), answers->kernel, answers->dtype,
            pb_setting_name(&answers->advices[setting].setting, name, sizeof name),
            pb_colour_start(out, PB_PLAIN));
    struct pb_table *table = pb_table_new(7, headings, "rllrrlr");
    for (size_t i = 0; i < answers->nsizes; i++)
        add_row(table, &answers->advices[i * answers->nsettings + setting]);
    pb_table_print(table, out);
    pb_table_free(table);
    print_gaps(answers, setting, out);
}

/* What the reader must know to trust the rest. */
static void print_notes(const struct pb_answers *a, FILE *out)
{
    struct pb_text text = PB_TEXT_INIT;
    fputc('\n', out);
    pb_text_addf(&text, "Measured on %s, %u cores, %s.",
                 a->record->machine.cpu ? a->record->machine.cpu : "an unknown CPU",
                 a->record->machine.cores,
                 a->record->started ? a->record->started : "at an unknown time");
    if (*a->machine_differs)
        pb_text_addf(&text, " That is not this machine: %s.", a->machine_differs);
    if (*a->build_differs)
        pb_text_addf(&text, " By another build: %s.", a->build_differs);
    if (a->is_dtype_assumed)
        pb_text_addf(&text, " Data type %s, as --dtype is not given.", a->dtype);
    pb_flow_sentence(out, 0, &text);
}

void pb_recommend_print_text(const struct pb_answers *answers, FILE *out)
{
    if (answers->nsizes == 1)
        print_one_size(answers, out);
    for (size_t s = 0; answers->nsizes > 1 && s < answers->nsettings; s++)
        print_table(answers, s, out);
    print_notes(answers, out);
}

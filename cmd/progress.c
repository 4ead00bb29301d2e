#include "cmd/progress.h"

#include "cmd/terminal.h"
#include "results/units.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

void pb_progress_begin(struct pb_progress_line *line)
{
    *line = (struct pb_progress_line){ .is_terminal = pb_terminal_is(stderr),
                                       .columns = pb_terminal_columns(stderr),
                                       .last_s = -HUGE_VAL };
}

void pb_progress_clear(const struct pb_progress_line *line)
{
    if (line->is_terminal)
        (void)fprintf(stderr, "\r\033[K");
}

double pb_progress_left_s(const struct pb_progress *p)
{
    if (!p->measured)
        return (double)NAN;
    const double left_s =
        p->elapsed_s / (double)p->measured * (double)(p->total - p->done);
    const double limit_s = fmax(p->limit_s - p->elapsed_s, 0);
    return p->limit_s > 0 && left_s > limit_s ? limit_s : left_s;
}

static const char *duration(double seconds, char *buf, size_t bytes)
{
    if (isnan(seconds))
        (void)snprintf(buf, bytes, "?");
    else if (seconds < 90)
        (void)snprintf(buf, bytes, "%.0f s", seconds);
    else
        (void)snprintf(buf, bytes, "%.0f min", seconds / 60);
    return buf;
}

void pb_progress_show(void *context, const struct pb_progress *p)
{
    struct pb_progress_line *line = context;
    const double interval_s = line->is_terminal ? 0.1 : 60;
    if (!p->now) { /* a stage has ended; the next counts its seconds from 0 */
        pb_progress_clear(line);
        line->last_s = -HUGE_VAL;
        return;
    }
    if (p->elapsed_s - line->last_s < interval_s &&
        (line->is_terminal || p->elapsed_s > 0))
        return;
    if (!line->is_terminal &&
        line->last_s < 0) { /* off a terminal the first minute is silent */
        line->last_s = fmax(p->elapsed_s, 0);
        return;
    }
    line->last_s = p->elapsed_s;
    char label[160], count[32], left[32], text[400];
    (void)snprintf(text, sizeof text,
                   "round %u/%u  %zu of %zu points, %s left: %s %s n=%s %s", p->round,
                   p->rounds, p->done, p->total,
                   duration(pb_progress_left_s(p), left, sizeof left), p->now->kernel,
                   p->now->dtype, pb_units_count((double)p->now->n, count, sizeof count),
                   pb_point_label(p->now, label, sizeof label));
    if (line->is_terminal)
        (void)fprintf(stderr, "\r\033[K%.*s", (int)line->columns - 1, text);
    else
        (void)fprintf(stderr, "parbench: %s\n", text);
}

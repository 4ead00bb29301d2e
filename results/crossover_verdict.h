/* crossover_verdict.h - the verdict on two curves, from nothing but their times. Private
 * to crossover.c, and to its tests. */
#ifndef PB_RESULTS_CROSSOVER_VERDICT_H
#define PB_RESULTS_CROSSOVER_VERDICT_H

#include "results/crossover.h"

#include <stddef.h>
#include <stdint.h>

/* 'a' or 'b': faster for certain; '=': their intervals overlap, or are not known. */
char pb_duel_winner(const struct pb_duel *duel);
/* ln(t_A / t_B) of the estimates: above 0 where B is faster. */
double pb_duel_lead(const struct pb_duel *duel);

/* Fills out's verdict, n, time_ns, sign_changes, agreement, regret, grey_loss,
 * reason, stretches, n_min and n_max from duels[0..count), n rising. out's from
 * and labels must be set, they name the arms in the reason; its other fields are
 * not read. PB_ERR_MEMORY. */
enum pb_status pb_verdict_decide(const struct pb_duel *duels, size_t count,
                                 struct pb_crossover *out, struct pb_error *err);

#endif

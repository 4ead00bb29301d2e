#include "tests/evidence/peers_arm.h"

#include "tests/evidence/peers_arm_parts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct pb_peers_way *const ways[] = { &pb_peers_parbench, &pb_peers_phase,
                                                   &pb_peers_side, &pb_peers_ranks };

static const struct pb_peers_way *way_of(const struct pb_peers_runner *arm)
{
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++)
        if (strcmp(ways[i]->kind, arm->kind) == 0)
            return ways[i];
    return NULL;
}

bool pb_peers_begin(struct pb_peers_runner *arm)
{
    const struct pb_peers_way *way = way_of(arm);
    arm->process =
        (struct pb_process){ .in = -1, .out = -1, .err = -1, .pending = PB_TEXT_INIT };
    pb_point_init(&arm->point);
    pb_point_init(&arm->order.point);
    if (!way) {
        (void)snprintf(arm->name, sizeof arm->name, "no such kind of arm: %s", arm->kind);
        return false;
    }
    if (!pb_peers_what(arm->words, &arm->what, arm->name, sizeof arm->name))
        return false;
    arm->ns = malloc(arm->settings->rounds * sizeof *arm->ns);
    return arm->ns && way->begin(arm);
}

bool pb_peers_add(struct pb_peers_runner *arm, double ns)
{
    if (!isfinite(ns) || ns <= 0) {
        (void)snprintf(arm->name, sizeof arm->name, "a piece took %g ns", ns);
        return false;
    }
    if (arm->count < arm->settings->rounds)
        arm->ns[arm->count++] = ns;
    return true;
}

bool pb_peers_go(struct pb_peers_runner *arm)
{
    return way_of(arm)->go(arm);
}

bool pb_peers_end(struct pb_peers_runner *arm)
{
    return way_of(arm)->end(arm);
}

void pb_peers_release(struct pb_peers_runner *arm)
{
    char name[sizeof arm->name];
    memcpy(name, arm->name, sizeof name);
    pb_process_continue(&arm->process);
    pb_process_stop(&arm->process, 2);
    pb_pool_free(arm->pool);
    pb_order_release(&arm->order);
    pb_point_release(&arm->point);
    free(arm->ns);
    *arm = (struct pb_peers_runner){ .kind = arm->kind,
                                     .label = arm->label,
                                     .wanted = arm->wanted,
                                     .words = arm->words,
                                     .settings = arm->settings,
                                     .what = arm->what,
                                     .has_failed = arm->has_failed };
    memcpy(arm->name, name, sizeof name);
}

#include "measure/turns.h"

/* Both up to before their first samples, on one CPU. */
static bool begin(const struct pb_turns_side sides[2], unsigned first,
                  struct pb_turn turns[2])
{
    int cpu = PB_CPU_ANY;
    for (unsigned i = 0; i < 2; i++) {
        const unsigned side = i ? !first : first;
        sides[side].order->takes_turns = true;
        sides[side].order->cpu = cpu;
        if (!pb_pool_begin(sides[side].pool, &turns[side]))
            return false;
        if (turns[side].is_waiting)
            cpu = turns[side].cpu;
    }
    return true;
}

/* A sample of each, as long as one waits: a worker that failed half-way leaves the other
 * alone to its end. */
static bool alternate(unsigned first, struct pb_turn turns[2])
{
    for (unsigned sample = 0; turns[0].is_waiting || turns[1].is_waiting; sample++)
        for (unsigned i = 0; i < 2; i++) {
            struct pb_turn *turn = &turns[(first + sample + i) % 2];
            if (turn->is_waiting && !pb_pool_go(turn))
                return false;
        }
    return true;
}

bool pb_turns_execute(const struct pb_turns_side sides[2], unsigned first,
                      double timeout_s, bool (*should_stop)(void))
{
    struct pb_turn turns[2];
    for (unsigned side = 0; side < 2; side++) {
        pb_point_init(sides[side].out);
        turns[side] = (struct pb_turn){ .order = sides[side].order,
                                        .timeout_s = timeout_s,
                                        .should_stop = should_stop,
                                        .out = sides[side].out };
    }
    if (begin(sides, first, turns) && alternate(first, turns))
        return true;
    for (unsigned side = 0; side < 2; side++) {
        pb_pool_abandon(&turns[side]);
        pb_point_release(sides[side].out);
        pb_point_init(sides[side].out);
    }
    return false;
}

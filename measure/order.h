/* order.h - the protocol between driver and worker: one JSON object per line each way.
 *
 *   driver -> worker                          worker -> driver
 *     {"order":"measure","round":0,             {"point":{..}}
 *      "position":17,"seed":1,
 *      "sampling":{..},"point":{..}}
 *     {"order":"check","seed":1,"point":{..}}   {"point":{..}}
 *     {"order":"probe"}                         {"probe":{..}}
 *     {"order":"link","device":"..",            {"link":{..}}
 *      "workers":1,"budget_ns":2e9}
 *
 * Where a measure order has "turns":true, the worker says {"turn":{"cpu":3}} before every
 * sample, when it is ready, and on which CPU; it takes the sample at {"order":"go"}. An
 * order that it does not understand, or a backend that is not usable, it answers with
 * {"error":".."}.
 *
 * A point travels in the result file's own form (results/codec.h): what a worker answers
 * is what the journal keeps.
 */
#ifndef PB_MEASURE_ORDER_H
#define PB_MEASURE_ORDER_H

#include "backends/backend.h"
#include "measure/error.h"
#include "measure/sampler.h"
#include "results/record.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum pb_order_kind {
    PB_ORDER_MEASURE,
    PB_ORDER_CHECK,
    PB_ORDER_PROBE,
    PB_ORDER_GO,
    PB_ORDER_LINK, /* see measure/link.h */
    PB_ORDER_COUNT
};

#define PB_CPU_ANY  (-1)
#define PB_CPUS_MAX 8192 /* what Linux can be built for */

struct pb_order {
    enum pb_order_kind kind;
    unsigned round, position;
    uint64_t seed;
    bool is_lean;     /* samples alone: no phases, no completion check */
    bool is_bare;     /* lean, on arrays of zeros, and nothing verified: see bare.h */
    bool takes_turns; /* before every sample it says so and waits for PB_ORDER_GO */
    bool is_guarded; /* with the guard beside every sample (guard.h), if it takes turns */
    /* Where a worker of one core takes its samples if it takes turns; PB_CPU_ANY:
     * where it is. */
    double quiet_ns; /* what the guard takes when nothing disturbs; INFINITY: not known */
    int cpu;
    unsigned offset_bytes; /* shift of every host array, a multiple of 64 below 4096 */
    struct pb_sampling sampling; /* PB_ORDER_MEASURE */
    struct pb_point point;       /* owned; identity only; empty for PB_ORDER_PROBE */
};
void pb_order_release(struct pb_order *order);

/* A line without its newline, to free(); NULL when out of memory. */
char *pb_order_encode(const struct pb_order *order);
enum pb_status pb_order_decode(const char *line, struct pb_order *out,
                               struct pb_error *err);

char *pb_answer_encode_point(const struct pb_point *point);
char *pb_answer_encode_probe(const struct pb_probe *probe);
char *pb_answer_encode_error(const char *text);
char *pb_answer_encode_turn(int cpu);

/* Decode an answer of the kind that was asked for; {"error"} becomes PB_ERR_ENVIRONMENT
 * with its text. */
enum pb_status pb_answer_decode_point(const char *line, struct pb_point *out,
                                      struct pb_error *err);
bool pb_answer_is_turn(const char *line);
enum pb_status pb_answer_decode_turn(const char *line, int *cpu, struct pb_error *err);
enum pb_status pb_answer_decode_probe(const char *line, struct pb_probe *out,
                                      struct pb_error *err);

#endif

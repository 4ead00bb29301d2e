/* record_fixture.h - a record with every kind of field set, and the text it is written
 * as. */
#ifndef PB_TESTS_UNIT_RECORD_FIXTURE_H
#define PB_TESTS_UNIT_RECORD_FIXTURE_H

#include "results/codec.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static inline void set(char **field, const char *value)
{
    assert_true(pb_set(field, value));
}

static inline void add_invocation(struct pb_point *point, unsigned round)
{
    struct pb_invocation invocation = { .round = round,
                                        .order = 17 + round,
                                        .batch = 64,
                                        .nsamples = 3,
                                        .first_call_ns = 5000,
                                        .steal_ticks = round ? -1 : 2,
                                        .involuntary_switches = 0,
                                        .in_process = round == 1,
                                        .in_turn = round == 0,
                                        .bout = round == 1 ? 3 : 0 };
    invocation.samples_ns = calloc(3, sizeof(double));
    assert_non_null(invocation.samples_ns);
    for (size_t i = 0; i < 3; i++)
        invocation.samples_ns[i] = 100.5 + (double)i + 0.25 * round;
    set(&invocation.stopped, "precision");
    assert_int_equal(pb_point_add(point, &invocation, NULL), PB_OK);
}

static inline void fill_point(struct pb_point *p)
{
    pb_point_init(p);
    set(&p->kernel, "saxpy");
    set(&p->dtype, "f32");
    p->n = 1048576;
    set(&p->backend, "opencl");
    set(&p->device, "A \"GPU\"");
    set(&p->device_type, "gpu");
    set(&p->worker_kind, "device");
    set(&p->variant, "default");
    set(&p->residency, "once");
    p->reuse = 8;
    set(&p->host_memory, "pinned");
    set(&p->cache, "hot");
    p->max_error = 0.25;
    p->tolerance = 0.5;
    p->flops = 2097152;
    p->bytes = 12582912;
    p->moved = (struct pb_moved){ .in_bytes = 8388608,
                                  .in_arrays = 2,
                                  .shared_bytes = 0,
                                  .shared_arrays = 0,
                                  .out_bytes = 4194304,
                                  .out_arrays = 1 };
    p->time.ns = (struct pb_estimate){ .estimate = 101.5, .low = 100.5, .high = 103 };
    set(&p->time.estimator, "median");
    p->time.confidence = 0.95;
    p->phases.first_call = 5000;
    p->phases.kernel = 80.5;
    set(&p->phases.note, "no timestamps");
    add_invocation(p, 0);
    add_invocation(p, 1);
}

static inline void fill_run(struct pb_record *r)
{
    set(&r->version, "0.1.0");
    set(&r->compiler, "gcc 12.2.0");
    set(&r->cflags, "-O2");
    set(&r->id, "c0ffee");
    set(&r->started, "2024-05-06T07:08:09Z");
    r->command = calloc(2, sizeof *r->command);
    assert_non_null(r->command);
    r->ncommand = 2;
    set(&r->command[0], "parbench");
    set(&r->command[1], "run");
    r->seed = 9007199254740991u;
    r->rounds = 3;
    set(&r->rigor, "normal");
    r->complete = true;
}

static inline void fill_machine(struct pb_machine *m)
{
    set(&m->cpu, "Some CPU");
    m->cores = 2;
    m->logical_cpus = 4;
    m->sockets = 1;
    m->l1d_bytes = 32768;
    m->l2_bytes = 1048576;
    m->memory_bytes = 8589934592u;
    set(&m->os, "Linux 6.1");
    set(&m->blas, "OpenBLAS 0.3.21 (Haswell)");
    m->peaks = calloc(2, sizeof *m->peaks);
    assert_non_null(m->peaks);
    m->npeaks = 2;
    m->peaks[0] = (struct pb_peak){ .workers = 2, .per_s = { 6.5e10, 6e10, 6.5e10 } };
    set(&m->peaks[0].what, "triad");
    set(&m->peaks[0].where, "l2");
    m->peaks[0].is_streaming = true;
    set(&m->peaks[0].dtype, "f64");
    set(&m->peaks[0].backend, "openmp");
    set(&m->peaks[0].isa, "avx2");
    m->peaks[0].bytes = 524288;
    m->peaks[1] = (struct pb_peak){ .workers = 1,
                                    .per_s = { (double)NAN, (double)NAN, (double)NAN } };
    set(&m->peaks[1].what, "fma");
    set(&m->peaks[1].dtype, "f64");
    set(&m->peaks[1].backend, "opencl");
    set(&m->peaks[1].device, "A \"GPU\"");
    set(&m->peaks[1].reason, "no f64");
    m->clock_resolution_ns = 25;
    m->devices = calloc(1, sizeof *m->devices);
    assert_non_null(m->devices);
    m->ndevices = 1;
    set(&m->devices[0].name, "A \"GPU\"");
    set(&m->devices[0].type, "gpu");
    set(&m->devices[0].driver, "1.2");
}

static inline void fill_record(struct pb_record *r)
{
    pb_record_init(r);
    fill_run(r);
    fill_machine(&r->machine);
    r->absent = calloc(1, sizeof *r->absent);
    assert_non_null(r->absent);
    r->nabsent = 1;
    set(&r->absent[0].backend, "mpi");
    set(&r->absent[0].reason, "no mpirun");
    r->fitness = calloc(1, sizeof *r->fitness);
    assert_non_null(r->fitness);
    r->nfitness = 1;
    set(&r->fitness[0].id, "governor");
    set(&r->fitness[0].seen, "powersave");
    set(&r->fitness[0].level, "warn");
    struct pb_point point;
    fill_point(&point);
    assert_int_equal(pb_record_add(r, &point, NULL), PB_OK);
    pb_point_init(&point);
    set(&point.kernel, "dot");
    set(&point.dtype, "f64");
    point.n = 5;
    set(&point.backend, "scalar");
    set(&point.isa, "scalar");
    set(&point.worker_kind, "core");
    set(&point.variant, "default");
    set(&point.residency, "host");
    set(&point.cache, "cold");
    point.status = PB_OUTCOME_TIMEOUT;
    set(&point.reason, "hung");
    assert_int_equal(pb_record_add(r, &point, NULL), PB_OK);
    pb_record_sort(r);
}

static const char golden[] =
    "{\"schema\":1,"
    "\"parbench\":{\"version\":\"0.1.0\",\"git\":null,\"compiler\":\"gcc 12.2.0\","
    "\"cflags\":\"-O2\"},"
    "\"run\":{\"id\":\"c0ffee\",\"started\":\"2024-05-06T07:08:09Z\","
    "\"seed\":9007199254740991,\"rounds\":3,\"rigor\":\"normal\",\"complete\":true,"
    "\"paired_with\":null,\"screen_pairs\":null,\"command\":[\"parbench\",\"run\"]},"
    "\"machine\":{\"cpu\":\"Some CPU\",\"cores\":2,\"logical_cpus\":4,\"sockets\":1,"
    "\"numa_nodes\":null,\"memory_bytes\":8589934592,\"os\":\"Linux 6.1\","
    "\"governor\":null,\"mpi\":null,\"blas\":\"OpenBLAS 0.3.21 "
    "(Haswell)\",\"clock_resolution_ns\":25,"
    "\"caches_bytes\":{\"l1d\":32768,\"l2\":1048576,\"l3\":null},"
    "\"devices\":[{\"name\":\"A \\\"GPU\\\"\",\"type\":\"gpu\",\"driver\":\"1.2\"}],"
    "\"links\":[],\"peaks\":["
    "{\"what\":\"triad\",\"where\":\"l2\",\"is_streaming\":true,\"dtype\":\"f64\","
    "\"backend\":\"openmp\",\"isa\":\"avx2\",\"device\":null,\"workers\":2,"
    "\"bytes\":524288,\"reason\":null,"
    "\"per_s\":{\"estimate\":65000000000,\"low\":60000000000,\"high\":65000000000}},"
    "{\"what\":\"fma\",\"where\":null,\"is_streaming\":false,\"dtype\":\"f64\","
    "\"backend\":\"opencl\",\"isa\":null,\"device\":\"A \\\"GPU\\\"\",\"workers\":1,"
    "\"bytes\":null,\"reason\":\"no f64\",\"per_s\":null}]},"
    "\"absent\":[{\"backend\":\"mpi\",\"reason\":\"no mpirun\"}],"
    "\"fitness\":[{\"id\":\"governor\",\"seen\":\"powersave\",\"level\":\"warn\"}],"
    "\"points\":["
    "{\"kernel\":\"dot\",\"dtype\":\"f64\",\"n\":5,\"backend\":\"scalar\","
    "\"isa\":\"scalar\",\"device\":null,\"device_type\":null,\"workers\":1,"
    "\"worker_kind\":\"core\",\"variant\":\"default\",\"residency\":\"host\",\"reuse\":1,"
    "\"host_memory\":null,\"cache\":\"cold\",\"status\":\"timeout\","
    "\"reason\":\"hung\",\"verify\":{\"max_error\":null,\"tolerance\":null},"
    "\"work\":{\"flops\":null,\"bytes\":null},"
    "\"moved\":{\"in_bytes\":null,\"in_arrays\":null,\"shared_bytes\":null,"
    "\"shared_arrays\":null,\"out_bytes\":null,\"out_arrays\":null},"
    "\"time_ns\":{\"estimate\":null,\"estimator\":null,\"low\":null,\"high\":null,"
    "\"confidence\":null},"
    "\"phases_ns\":{\"first_call\":null,\"compile\":null,\"h2d\":null,\"launch\":null,"
    "\"kernel\":null,\"d2h\":null},\"phases_note\":null,\"invocations\":[]},"
    "{\"kernel\":\"saxpy\",\"dtype\":\"f32\",\"n\":1048576,\"backend\":\"opencl\","
    "\"isa\":null,\"device\":\"A \\\"GPU\\\"\",\"device_type\":\"gpu\",\"workers\":1,"
    "\"worker_kind\":\"device\",\"variant\":\"default\",\"residency\":\"once\","
    "\"reuse\":8,\"host_memory\":\"pinned\",\"cache\":\"hot\",\"status\":\"ok\","
    "\"reason\":null,\"verify\":{\"max_error\":0.25,\"tolerance\":0.5},"
    "\"work\":{\"flops\":2097152,\"bytes\":12582912},"
    "\"moved\":{\"in_bytes\":8388608,\"in_arrays\":2,\"shared_bytes\":0,"
    "\"shared_arrays\":0,\"out_bytes\":4194304,\"out_arrays\":1},"
    "\"time_ns\":{\"estimate\":101.5,\"estimator\":\"median\",\"low\":100.5,"
    "\"high\":103,\"confidence\":0.95},"
    "\"phases_ns\":{\"first_call\":5000,\"compile\":null,\"h2d\":null,\"launch\":null,"
    "\"kernel\":80.5,\"d2h\":null},\"phases_note\":\"no timestamps\","
    "\"invocations\":["
    "{\"round\":0,\"order\":17,\"batch\":64,\"stopped\":\"precision\","
    "\"first_call_ns\":5000,\"steal_ticks\":2,\"involuntary_switches\":0,"
    "\"in_turn\":true,\"samples_ns\":[100.5,101.5,102.5]}"
    ","
    "{\"round\":1,\"order\":18,\"batch\":64,\"stopped\":\"precision\","
    "\"first_call_ns\":5000,\"steal_ticks\":null,\"involuntary_switches\":0,"
    "\"in_process\":true,\"bout\":3,\"samples_ns\":[100.75,101.75,102."
    "75]}]}]}";

static inline char *print(const struct pb_record *record, bool with_points)
{
    struct pb_json *json = pb_record_encode(record, with_points);
    char *text = pb_json_print(json, false);
    assert_non_null(text);
    pb_json_free(json);
    return text;
}

static inline enum pb_status decode(const char *text, size_t len, bool need_points,
                                    struct pb_record *out, struct pb_error *err)
{
    struct pb_json_doc *doc = NULL;
    enum pb_status status = pb_json_parse("F", text, len, &doc, err);
    if (!status)
        status = pb_record_decode(doc, need_points, out, err);
    pb_json_doc_free(doc);
    return status;
}

#endif

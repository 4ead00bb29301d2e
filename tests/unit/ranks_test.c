/* Ranks of several threads: how they are asked for, named, kept and started. */
#include "backends/backend.h"
#include "backends/host.h"
#include "cmd/lists.h"
#include "cmd/wish.h"
#include "results/codec.h"
#include "results/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

extern const struct pb_backend pb_backend_mpi;

/* ---- --ranks ----------------------------------------------------------------------- */

/* "1x1 2x4", so that a test reads as what a user would type. */
static const char *listed(const char *ranks, const char *threads, char *buf, size_t bytes)
{
    struct pb_rank_list list;
    struct pb_error err = { "" };
    size_t used = 0;
    buf[0] = '\0';
    if (pb_list_ranks(ranks, threads, 4, &list, &err))
        fail_msg("%s", err.text);
    for (size_t i = 0; i < list.count; i++)
        used += (size_t)snprintf(buf + used, bytes - used, "%s%ux%u", i ? " " : "",
                                 list.ranks[i], list.threads[i]);
    return buf;
}

static void test_ranks_and_threads(void **state)
{
    (void)state;
    char buf[256];
    assert_string_equal(listed("2", NULL, buf, sizeof buf), "2x1");
    assert_string_equal(listed("3,1,3", NULL, buf, sizeof buf), "1x1 3x1");
    assert_string_equal(listed("all", NULL, buf, sizeof buf), "1x1 2x1 4x1");
    assert_string_equal(listed("2x4", NULL, buf, sizeof buf), "2x4");
    assert_string_equal(listed("2x4,2,1x8", NULL, buf, sizeof buf), "1x8 2x1 2x4");
    assert_string_equal(listed("2,1", "4,1", buf, sizeof buf), "1x1 1x4 2x1 2x4");
    /* A pair has said what it wants. */
    assert_string_equal(listed("2x3,1", "4", buf, sizeof buf), "1x4 2x3");
}

static void test_refused_ranks(void **state)
{
    (void)state;
    static const char *const wrong[] = { "x",   "2x",      "x2",   "2x2x2", "0x1",
                                         "1x0", "2x65537", "-1x2", "1x2,,3" };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct pb_rank_list list;
        struct pb_error err = { "" };
        assert_int_equal(pb_list_ranks(wrong[i], NULL, 4, &list, &err), PB_ERR_USAGE);
        assert_non_null(strstr(err.text, "--ranks"));
    }
}

static void test_threads_are_for_ranks_that_were_asked_for(void **state)
{
    (void)state;
    assert_true(pb_wish_gives_threads_to_ranks(
        &(struct pb_wish){ .threads = "2", .ranks = "2" }));
    assert_true(pb_wish_gives_threads_to_ranks(
        &(struct pb_wish){ .threads = "2", .job_ranks = 2 }));
    assert_false(pb_wish_gives_threads_to_ranks(&(struct pb_wish){ .threads = "2" }));
    assert_false(pb_wish_gives_threads_to_ranks(&(struct pb_wish){ .ranks = "2" }));
    assert_false(pb_wish_gives_threads_to_ranks(&(struct pb_wish){
        .threads = "1,2", .ranks = "1,2", .lists_are_defaults = true }));
}

/* ---- the point --------------------------------------------------------------------- */

static void make_point(struct pb_point *point, unsigned threads)
{
    pb_point_init(point);
    point->n = 64;
    point->workers = 2;
    point->threads_per_rank = threads;
    assert_true(pb_set(&point->kernel, "saxpy") && pb_set(&point->dtype, "f32") &&
                pb_set(&point->backend, "mpi") && pb_set(&point->worker_kind, "rank") &&
                pb_set(&point->residency, "resident") &&
                pb_set(&point->variant, "default") && pb_set(&point->cache, "hot"));
}

static void test_identity(void **state)
{
    (void)state;
    struct pb_point one, four, copy;
    struct pb_error err;
    char label[64];
    make_point(&one, 1);
    make_point(&four, 4);
    pb_point_init(&copy);
    assert_string_equal(pb_point_label(&one, label, sizeof label), "mpi x2 resident");
    assert_string_equal(pb_point_label(&four, label, sizeof label), "mpi x2x4 resident");
    assert_true(pb_point_compare(&one, &four) < 0);
    assert_true(pb_point_compare_curve(&four, &one) > 0);
    assert_int_equal(pb_point_copy_identity(&copy, &four, &err), PB_OK);
    assert_int_equal(pb_point_compare(&copy, &four), 0);
    pb_point_release(&one);
    pb_point_release(&four);
    pb_point_release(&copy);
}

/* Files of a parbench that knew no threads of ranks lack the member: there it is 1. */
static void test_file(void **state)
{
    (void)state;
    for (unsigned threads = 1; threads <= 4; threads += 3) {
        struct pb_point point, read;
        struct pb_error err = { "" };
        struct pb_json_doc *doc = NULL;
        make_point(&point, threads);
        struct pb_json *json = pb_point_encode(&point);
        char *text = pb_json_print(json, false);
        assert_non_null(text);
        assert_int_equal(strstr(text, "threads_per_rank") != NULL, threads > 1);
        assert_int_equal(pb_json_parse("test", text, strlen(text), &doc, &err), PB_OK);
        if (pb_point_decode(doc, pb_json_root(doc), &read, &err))
            fail_msg("%s", err.text);
        assert_int_equal(read.threads_per_rank, threads);
        pb_json_doc_free(doc);
        pb_json_free(json);
        free(text);
        pb_point_release(&point);
        pb_point_release(&read);
    }
}

/* ---- the launch -------------------------------------------------------------------- */

static const char *env_of(const struct pb_launch *launch, const char *name)
{
    const size_t len = strlen(name);
    for (size_t i = 0; i < launch->nenv; i++)
        if (strncmp(launch->env[i], name, len) == 0 && launch->env[i][len] == '=')
            return launch->env[i] + len + 1;
    return NULL;
}

/* mpirun is a script that only tells its version; no MPI is needed. */
static struct pb_launch launched(const char *says, unsigned ranks, unsigned threads)
{
    char dir[] = "/tmp/parbench-ranks-XXXXXX", file[64];
    const struct pb_config config = { .workers = ranks, .threads = threads };
    struct pb_launch launch;
    struct pb_error err = { "" };
    assert_non_null(mkdtemp(dir));
    (void)snprintf(file, sizeof file, "%s/mpirun", dir);
    FILE *out = fopen(file, "w");
    assert_non_null(out);
    (void)fprintf(out, "#!/bin/sh\necho '%s'\n", says);
    assert_int_equal(fclose(out), 0);
    assert_int_equal(chmod(file, 0755), 0);
    char *path = strdup(getenv("PATH"));
    (void)setenv("PATH", dir, 1);
    const enum pb_status status = pb_backend_mpi.launch(&config, NULL, &launch, &err);
    (void)setenv("PATH", path, 1);
    free(path);
    (void)unlink(file);
    (void)rmdir(dir);
    if (status)
        fail_msg("%s", err.text);
    return launch;
}

static bool has_arg(const struct pb_launch *launch, const char *arg)
{
    for (size_t i = 0; i < launch->nargv; i++)
        if (strcmp(launch->argv[i], arg) == 0)
            return true;
    return false;
}

static void test_a_rank_is_bound_to_its_threads_cores(void **state)
{
    (void)state;
    const bool is_pinned = pb_host_cores() < (unsigned)sysconf(_SC_NPROCESSORS_ONLN);
    if (pb_host_cores() < 2 || is_pinned)
        skip();
    (void)unsetenv("OMP_PLACES");
    (void)unsetenv("OMP_PROC_BIND");
    struct pb_launch launch = launched("mpirun (Open MPI) 4.1.4", 1, 2);
    assert_string_equal(env_of(&launch, "OMP_NUM_THREADS"), "2");
    if (!has_arg(&launch, "--oversubscribe")) { /* not two threads of one core */
        assert_true(has_arg(&launch, "slot:PE=2") && has_arg(&launch, "core"));
        assert_string_equal(env_of(&launch, "OMP_PROC_BIND"), "close");
        assert_string_equal(env_of(&launch, "OMP_PLACES"), "cores");
    }
    pb_launch_release(&launch);
    launch = launched("HYDRA build details:", 1, 2);
    assert_true(has_arg(&launch, "core:2") || has_arg(&launch, "none"));
    pb_launch_release(&launch);
}

static void test_threads_that_share_cores_do_not_spin(void **state)
{
    (void)state;
    (void)unsetenv("OMP_WAIT_POLICY");
    (void)unsetenv("OMP_PROC_BIND");
    struct pb_launch launch = launched("mpirun (Open MPI) 4.1.4", pb_host_cores(), 2);
    assert_true(has_arg(&launch, "none") && has_arg(&launch, "--oversubscribe"));
    assert_string_equal(env_of(&launch, "OMP_WAIT_POLICY"), "passive");
    assert_string_equal(env_of(&launch, "OMP_PROC_BIND"), "false");
    assert_non_null(strstr(launch.note, "of 2 threads share"));
    pb_launch_release(&launch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ranks_and_threads),
        cmocka_unit_test(test_refused_ranks),
        cmocka_unit_test(test_threads_are_for_ranks_that_were_asked_for),
        cmocka_unit_test(test_identity),
        cmocka_unit_test(test_file),
        cmocka_unit_test(test_a_rank_is_bound_to_its_threads_cores),
        cmocka_unit_test(test_threads_that_share_cores_do_not_spin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

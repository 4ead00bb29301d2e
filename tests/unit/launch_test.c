/* How workers are started: the strings of struct pb_launch, and what openmp asks for. */
#include "backends/backend.h"

#include "backends/host.h"
#include "backends/registry.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void test_strings_are_copied_and_bounded(void **state)
{
    (void)state;
    struct pb_launch launch = { 0 };
    char arg[] = "mpirun";
    assert_int_equal(pb_launch_arg(&launch, arg, NULL), PB_OK);
    arg[0] = 'X';
    assert_string_equal(launch.argv[0], "mpirun");
    struct pb_error err = { "" };
    enum pb_status status = PB_OK;
    for (int i = 0; i < PB_LAUNCH_MAX && !status; i++)
        status = pb_launch_env(&launch, "A=1", &err);
    assert_int_equal(status, PB_ERR_INTERNAL);
    assert_non_null(strstr(err.text, "A=1"));
    assert_null(launch.env[launch.nenv]);
    pb_launch_release(&launch);
    assert_int_equal(launch.nargv, 0);
    assert_int_equal(launch.nenv, 0);
}

static void test_every_name_differs(void **state)
{
    (void)state;
    for (int a = 0; a < PB_RESIDENCY_COUNT; a++)
        for (int b = 0; b < a; b++)
            assert_string_not_equal(pb_residency_name((enum pb_residency)a),
                                    pb_residency_name((enum pb_residency)b));
    for (int a = 0; a < PB_WORKER_KIND_COUNT; a++)
        for (int b = 0; b < a; b++)
            assert_string_not_equal(pb_worker_kind_name((enum pb_worker_kind)a),
                                    pb_worker_kind_name((enum pb_worker_kind)b));
}

static const char *env_of(const struct pb_launch *launch, const char *name)
{
    const size_t len = strlen(name);
    for (size_t i = 0; i < launch->nenv; i++)
        if (strncmp(launch->env[i], name, len) == 0 && launch->env[i][len] == '=')
            return launch->env[i] + len + 1;
    return "";
}

static struct pb_launch openmp_launch(unsigned workers)
{
    const struct pb_backend *openmp = pb_backend_find("openmp");
    const struct pb_config config = { .workers = workers, .reuse = 1 };
    struct pb_launch launch = { 0 };
    assert_int_equal(openmp->launch(&config, NULL, &launch, NULL), PB_OK);
    return launch;
}

static void forget_placing(void)
{
    (void)unsetenv("OMP_PLACES");
    (void)unsetenv("OMP_PROC_BIND");
    (void)unsetenv("GOMP_CPU_AFFINITY");
    (void)unsetenv("KMP_AFFINITY");
}

static void test_openmp_binds_one_thread_to_a_core(void **state)
{
    (void)state;
    forget_placing();
    struct pb_launch launch = openmp_launch(1);
    assert_string_equal(env_of(&launch, "OMP_NUM_THREADS"), "1");
    assert_string_equal(env_of(&launch, "OMP_DYNAMIC"), "false");
    assert_string_equal(env_of(&launch, "OMP_PLACES"), "cores");
    assert_string_equal(env_of(&launch, "OMP_PROC_BIND"), "spread");
    assert_string_equal(launch.note, "");
    pb_launch_release(&launch);
}

static void test_openmp_does_not_bind_more_threads_than_cores(void **state)
{
    (void)state;
    forget_placing();
    struct pb_launch launch = openmp_launch(pb_host_cores() + 1);
    assert_string_equal(env_of(&launch, "OMP_PROC_BIND"), "false");
    assert_string_equal(env_of(&launch, "OMP_PLACES"), "");
    assert_non_null(strstr(launch.note, "share"));
    pb_launch_release(&launch);
}

static void test_openmp_leaves_the_users_placing_alone(void **state)
{
    (void)state;
    forget_placing();
    (void)setenv("OMP_PLACES", "sockets", 1);
    struct pb_launch launch = openmp_launch(1);
    assert_string_equal(env_of(&launch, "OMP_PLACES"), "");
    assert_string_equal(env_of(&launch, "OMP_PROC_BIND"), "");
    assert_non_null(strstr(launch.note, "OMP_PLACES"));
    pb_launch_release(&launch);
    forget_placing();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_strings_are_copied_and_bounded),
        cmocka_unit_test(test_every_name_differs),
        cmocka_unit_test(test_openmp_binds_one_thread_to_a_core),
        cmocka_unit_test(test_openmp_does_not_bind_more_threads_than_cores),
        cmocka_unit_test(test_openmp_leaves_the_users_placing_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

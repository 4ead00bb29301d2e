/* --residency and --host-memory, and the points that come of them. */
#include "cmd/lists.h"

#include "measure/moved.h"
#include "measure/plan.h"
#include "tests/unit/toy_kernels.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

static struct pb_residencies residencies(const char *text)
{
    struct pb_residencies out;
    struct pb_error err = { "" };
    if (pb_list_residencies(text, &out, &err) != PB_OK)
        fail_msg("%s: %s", text ? text : "NULL", err.text);
    return out;
}

static void must_refuse(const char *text, const char *word)
{
    struct pb_residencies out;
    struct pb_error err = { "" };
    assert_int_equal(pb_list_residencies(text, &out, &err), PB_ERR_USAGE);
    if (!strstr(err.text, word))
        fail_msg("'%s' does not say '%s'", err.text, word);
}

static void test_residencies(void **state)
{
    (void)state;
    const unsigned host = 1u << PB_HOST, always = 1u << PB_ALWAYS,
                   resident = 1u << PB_RESIDENT;
    assert_int_equal(residencies(NULL).mask, host | always | resident);
    assert_int_equal(residencies(NULL).nreuses, 0);
    assert_int_equal(residencies("both").mask, host | always | resident);
    assert_int_equal(residencies("resident").mask, host | resident);
    const struct pb_residencies mixed = residencies("once:64,always,once:8,once:64");
    assert_int_equal(mixed.mask, host | always);
    assert_int_equal(mixed.nreuses, 2);
    assert_int_equal(mixed.reuses[0], 64);
    assert_int_equal(mixed.reuses[1], 8);
    assert_int_equal(residencies("once:1000000").mask, host);
    static const char *const bad[] = {
        "once:1",  "once:0",       "once:",
        "once:x",  "once:8x",      "once:-8",
        "once: 8", "once:1000001", "once:99999999999999999999"
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        must_refuse(bad[i], "from 2 to 1000000");
    must_refuse("once", "none of always, once:K, resident, both");
    must_refuse("host", "none of always");
    must_refuse("once:2,once:3,once:4,once:5,once:6,once:7,once:8,once:9,once:10",
                "more than 8");
}

static void test_host_memories(void **state)
{
    (void)state;
    unsigned out;
    struct pb_error err = { "" };
    assert_int_equal(pb_list_host_memories(NULL, &out, NULL), PB_OK);
    assert_int_equal(out, 1u << PB_PAGEABLE);
    assert_int_equal(pb_list_host_memories("mapped,pinned", &out, NULL), PB_OK);
    assert_int_equal(out, 1u << PB_PINNED | 1u << PB_MAPPED);
    assert_int_equal(pb_list_host_memories("all", &out, NULL), PB_OK);
    assert_int_equal(out, 7);
    assert_int_equal(pb_list_host_memories("paged", &out, &err), PB_ERR_USAGE);
    assert_non_null(strstr(err.text, "none of pageable, pinned, mapped, all"));
}

/* ---- points ------------------------------------------------------------------------ */

static const struct pb_backend card = {
    .abi = PB_BACKEND_ABI,
    .name = "cards",
    .worker_kind = PB_RANK,
    .uses_isa = true,
    .residencies = 1u << PB_ALWAYS | 1u << PB_RESIDENT,
    .host_memories = 1u << PB_PAGEABLE | 1u << PB_PINNED,
};

static size_t count(const struct pb_record *record, const char *residency, unsigned reuse,
                    const char *host_memory)
{
    size_t found = 0;
    for (size_t i = 0; i < record->npoints; i++)
        found += !strcmp(record->points[i].residency, residency) &&
                 record->points[i].reuse == reuse &&
                 !strcmp(record->points[i].host_memory, host_memory);
    return found;
}

static void test_points(void **state)
{
    (void)state;
    const struct pb_kernel axpy = TOY_AXPY(toy_axpy_body);
    const struct pb_sizes sizes = { .n = { 4, 8 }, .count = 2 };
    static const char *const isas[] = { "scalar" };
    static const unsigned workers[] = { 2 }, reuses[] = { 8, 64 };
    const struct pb_plan_request request = {
        .kernel = &axpy,
        .dtype = PB_DTYPE_f64,
        .sizes = &sizes,
        .backend = &card,
        .isas = isas,
        .nisas = 1,
        .workers = workers,
        .nworkers = 1,
        .residencies = 1u << PB_HOST | 1u << PB_ALWAYS | 1u << PB_RESIDENT,
        .reuses = reuses,
        .nreuses = 2,
        .host_memories = 1u << PB_PAGEABLE | 1u << PB_PINNED | 1u << PB_MAPPED,
    };
    struct pb_record record;
    pb_record_init(&record);
    assert_int_equal(pb_plan_add(&request, &record, NULL), PB_OK);
    static const char *const memories[] = { "pageable", "pinned" };
    for (size_t m = 0; m < 2; m++) {
        assert_int_equal(count(&record, "always", 1, memories[m]), 2);
        assert_int_equal(count(&record, "once", 8, memories[m]), 2);
        assert_int_equal(count(&record, "once", 64, memories[m]), 2);
    }
    assert_int_equal(count(&record, "resident", 1, "pageable"), 2); /* it does not move */
    /* And nothing from mapped memory: not offered. */
    assert_int_equal(record.npoints, 14);
    pb_record_release(&record);
}

/* ---- what is moved ----------------------------------------------------------------- */

static void test_moved(void **state)
{
    (void)state;
    const struct pb_kernel axpy = TOY_AXPY(toy_axpy_body), sum = TOY_SUM(toy_sum_body);
    struct pb_moved moved;
    pb_moved_of(&axpy, 10, PB_DTYPE_f64, PB_DEVICE, &moved); /* x in, y in and out */
    assert_true(moved.in_bytes == 160 && moved.in_arrays == 2);
    assert_true(moved.out_bytes == 80 && moved.out_arrays == 1);
    assert_true(moved.shared_bytes == 0 && moved.shared_arrays == 0);
    pb_moved_of(&sum, 10, PB_DTYPE_f64, PB_DEVICE, &moved);
    assert_true(moved.out_arrays == 1 && moved.in_arrays == 1);
    pb_moved_of(&sum, 10, PB_DTYPE_f64, PB_RANK, &moved); /* merged as part of a call */
    assert_true(moved.out_arrays == 0 && moved.in_bytes == 80);
    static const struct pb_arg whole[] = {
        { .name = "b", .access = PB_IN, .spread = PB_WHOLE, .len = toy_n },
    };
    struct pb_kernel reader = axpy;
    reader.args = whole;
    reader.nargs = 1;
    pb_moved_of(&reader, 10, PB_DTYPE_f64, PB_RANK, &moved);
    assert_true(moved.shared_bytes == 80 && moved.shared_arrays == 1);
    assert_true(moved.in_arrays == 0);
    pb_moved_of(&reader, 10, PB_DTYPE_f64, PB_DEVICE, &moved);
    assert_true(moved.in_bytes == 80 && moved.shared_arrays == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_residencies),
        cmocka_unit_test(test_host_memories),
        cmocka_unit_test(test_points),
        cmocka_unit_test(test_moved),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* isa_test.c - names of data types and instruction sets, and what the machine says of
 * them.
 */
#include "backends/simd/isa.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void dtype_names_are_found_again(void **state)
{
    (void)state;
    for (size_t d = 0; d < PB_DTYPE_COUNT; d++) {
        enum pb_dtype found = PB_DTYPE_COUNT;
        assert_true(pb_dtype_find(pb_dtype_name((enum pb_dtype)d), &found));
        assert_int_equal(found, d);
    }
    assert_string_equal(pb_dtype_name(PB_DTYPE_f32), "f32");
    assert_int_equal(pb_dtype_bytes(PB_DTYPE_f32), 4);
    assert_int_equal(pb_dtype_bytes(PB_DTYPE_f64), 8);
}

static void roundoff_is_half_the_gap_above_one(void **state)
{
    (void)state;
    assert_true(pb_dtype_roundoff(PB_DTYPE_f32) * 2 == 0x1p-23);
    assert_true(pb_dtype_roundoff(PB_DTYPE_f64) * 2 == 0x1p-52);
}

static void unknown_names_leave_out_alone(void **state)
{
    (void)state;
    enum pb_dtype dtype = PB_DTYPE_f64;
    assert_false(pb_dtype_find("f16", &dtype));
    assert_false(pb_dtype_find("", &dtype));
    assert_int_equal(dtype, PB_DTYPE_f64);

    enum pb_isa isa = PB_ISA_generic;
    assert_false(pb_isa_find("avx", &isa));
    assert_false(pb_isa_find("AVX2", &isa));
    assert_int_equal(isa, PB_ISA_generic);
}

static void isa_names_are_found_again(void **state)
{
    (void)state;
    for (size_t i = 0; i < PB_ISA_COUNT; i++) {
        enum pb_isa found = PB_ISA_COUNT;
        assert_true(pb_isa_find(pb_isa_name((enum pb_isa)i), &found));
        assert_int_equal(found, i);
    }
}

static void best_is_the_last_supported(void **state)
{
    (void)state;
    const enum pb_isa best = pb_isa_best();
    assert_true(pb_isa_supported(best));
    for (size_t i = best + 1; i < PB_ISA_COUNT; i++)
        assert_false(pb_isa_supported((enum pb_isa)i));
    assert_true(pb_isa_supported(PB_ISA_scalar));
    assert_true(pb_isa_supported(PB_ISA_generic));
#if defined(__x86_64__)
    assert_true(pb_isa_supported(PB_ISA_sse2)); /* part of the architecture */
#elif defined(__aarch64__)
    assert_true(pb_isa_supported(PB_ISA_neon));
#endif
}

static void lanes_fill_a_vector(void **state)
{
    (void)state;
    assert_int_equal(pb_isa_lanes(PB_ISA_scalar, PB_DTYPE_f32), 1);
    assert_int_equal(pb_isa_lanes(PB_ISA_scalar, PB_DTYPE_f64), 1);
    assert_int_equal(pb_isa_lanes(PB_ISA_generic, PB_DTYPE_f32), 4);
#if defined(__x86_64__)
    assert_int_equal(pb_isa_lanes(PB_ISA_avx2, PB_DTYPE_f32), 8);
    assert_int_equal(pb_isa_lanes(PB_ISA_avx512, PB_DTYPE_f64), 8);
#endif
    for (size_t i = 1; i < PB_ISA_COUNT; i++) {
        const enum pb_isa isa = (enum pb_isa)i;
        assert_int_equal(pb_isa_lanes(isa, PB_DTYPE_f32),
                         2 * pb_isa_lanes(isa, PB_DTYPE_f64));
        assert_true(pb_isa_lanes(isa, PB_DTYPE_f64) >=
                    pb_isa_lanes((enum pb_isa)(i - 1), PB_DTYPE_f64));
    }
}

#if defined(__x86_64__)
/* Does the kernel list the feature, which it does only where it saves the registers? */
static bool cpuinfo_lists(const char *feature)
{
    FILE *file = fopen("/proc/cpuinfo", "r");
    if (file == NULL)
        skip();
    char *line = NULL;
    size_t bytes = 0;
    bool is_listed = false;
    while (!is_listed && getline(&line, &bytes, file) > 0) {
        if (strncmp(line, "flags", 5) != 0)
            continue;
        for (char *rest = line, *word; (word = strtok_r(rest, " \t\n:", &rest)) != NULL;)
            is_listed = is_listed || strcmp(word, feature) == 0;
        break;
    }
    free(line);
    fclose(file);
    return is_listed;
}

static void supported_sets_are_in_cpuinfo(void **state)
{
    (void)state;
    if (pb_isa_supported(PB_ISA_avx2))
        assert_true(cpuinfo_lists("avx2") && cpuinfo_lists("fma"));
    if (pb_isa_supported(PB_ISA_avx512))
        assert_true(cpuinfo_lists("avx512f"));
}
#else
static void supported_sets_are_in_cpuinfo(void **state)
{
    (void)state;
    skip(); /* its words are x86's */
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dtype_names_are_found_again),
        cmocka_unit_test(roundoff_is_half_the_gap_above_one),
        cmocka_unit_test(unknown_names_leave_out_alone),
        cmocka_unit_test(isa_names_are_found_again),
        cmocka_unit_test(best_is_the_last_supported),
        cmocka_unit_test(lanes_fill_a_vector),
        cmocka_unit_test(supported_sets_are_in_cpuinfo),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Variants of a backend, beside those of a kernel: which kernels have a form for them,
 * what they lack, which are chosen, and which points they become. */
#include "cmd/variants.h"

#include "backends/registry.h"
#include "backends/registry_table.h"
#include "cmd/choose.h"
#include "cmd/wish.h"
#include "kernels/registry.h"
#include "measure/plan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* NULL: opencl was not built here. */
static const struct pb_backend *opencl(void)
{
    const struct pb_backend *backend = pb_backend_find("opencl");
    const struct pb_registry_backend *entry = pb_registry_backends;
    while (entry->backend != backend)
        entry++;
    return entry->absent ? NULL : backend;
}

static void test_forms_are_found_by_name(void **state)
{
    (void)state;
    const struct pb_backend *backend = opencl();
    if (!backend)
        skip();
    assert_true(pb_backend_has_variant(backend, "saxpy", "clblast"));
    assert_true(pb_backend_has_variant(backend, "null", "default"));
    assert_true(pb_backend_has_variant(backend, "null", NULL));
    assert_false(pb_backend_has_variant(backend, "null", "clblast"));
    assert_false(pb_backend_has_variant(backend, "sax", "clblast"));
    assert_false(pb_backend_has_variant(backend, "saxpy", "blas"));
    assert_false(pb_backend_has_variant(pb_backend_find("simd"), "saxpy", "clblast"));
    assert_null(pb_backend_variant_find(backend, "blocked"));
}

static bool is_usable_with(const char *file, char why[256])
{
    const struct pb_backend *backend = pb_backend_find("opencl");
    const struct pb_backend_variant *variant =
        pb_backend_variant_find(backend, "clblast");
    assert_non_null(variant);
    assert_true(variant->is_yardstick);
    setenv("PARBENCH_CLBLAST", file, 1);
    why[0] = '\0';
    const bool usable = variant->look(why, 256);
    unsetenv("PARBENCH_CLBLAST");
    return usable;
}

static void test_a_missing_library_is_told_with_its_cure(void **state)
{
    (void)state;
    char why[256];
    assert_false(is_usable_with("/nonexistent/libclblast.so", why));
    assert_non_null(strstr(why, "/nonexistent/libclblast.so"));
    assert_non_null(strstr(why, "apt-get install libclblast1"));
    assert_true(is_usable_with("/proc/self/exe", why)); /* a file: loading finds out */
}

/* ---- which are chosen ---- */

static void choose(const struct pb_wish *wish, struct pb_choice *choice)
{
    struct pb_error err;
    *choice =
        (struct pb_choice){ .kernels = { pb_kernel_find("matmul") }, .nkernels = 1 };
    assert_int_equal(pb_variants_choose(wish, choice, &err), PB_OK);
}

static bool chose(const struct pb_choice *choice, const char *name)
{
    for (size_t i = 0; i < choice->nvariants; i++)
        if (strcmp(choice->variants[i], name) == 0)
            return true;
    return false;
}

static void test_a_yardstick_is_a_default_where_backends_are(void **state)
{
    (void)state;
    struct pb_choice choice;
    if (!opencl())
        skip();
    choose(&(struct pb_wish){ .backends = NULL }, &choice);
    assert_int_equal(choice.nvariants, 2);
    assert_true(chose(&choice, "default") && chose(&choice, "clblast"));
    choose(&(struct pb_wish){ .no_yardsticks = true }, &choice);
    assert_int_equal(choice.nvariants, 1);
    choose(&(struct pb_wish){ .backends = "opencl" }, &choice);
    assert_int_equal(choice.nvariants, 1);
    choose(&(struct pb_wish){ .no_yardsticks = true, .variants = "clblast" }, &choice);
    assert_int_equal(choice.nvariants, 1);
    assert_true(chose(&choice, "clblast"));
    choose(&(struct pb_wish){ .variants = "all" }, &choice);
    assert_true(choice.nvariants >= 3); /* and those of mpi, where it was built */
    assert_true(chose(&choice, "blocked") && chose(&choice, "clblast"));
}

static void test_an_unknown_variant_is_refused(void **state)
{
    (void)state;
    struct pb_error err;
    struct pb_choice choice = { .kernels = { pb_kernel_find("null") }, .nkernels = 1 };
    const struct pb_wish wish = { .variants = "default,clblast" };
    assert_int_equal(pb_variants_choose(&wish, &choice, &err), PB_ERR_USAGE);
    assert_non_null(strstr(err.text, "\"clblast\""));
}

static void test_what_a_chosen_backend_lacks_is_told(void **state)
{
    (void)state;
    struct pb_chosen chosen[] = { { .backend = pb_backend_find("simd") },
                                  { .backend = pb_backend_find("opencl") } };
    struct pb_choice choice = { .backends = chosen, .nbackends = 1 };
    char why[256] = "";
    setenv("PARBENCH_CLBLAST", "/nonexistent", 1);
    const bool without = pb_variants_lack("clblast", &choice, why, sizeof why);
    choice.nbackends = 2;
    const bool with = pb_variants_lack("clblast", &choice, why, sizeof why);
    const bool other = pb_variants_lack("default", &choice, why, sizeof why);
    unsetenv("PARBENCH_CLBLAST");
    assert_false(without); /* nobody asked for opencl */
    assert_true(with);
    assert_non_null(strstr(why, "/nonexistent"));
    assert_false(other);
}

/* ---- which points they become ---- */

static size_t count_points(const char *kernel)
{
    static const struct pb_sizes sizes = { .n = { 64, 4096 }, .count = 2 };
    static const struct pb_device device = { .name = "big",
                                             .type = "gpu",
                                             .dtypes = ~0u };
    static const char *const variants[] = { "default", "blocked", "clblast" };
    static const unsigned one = 1;
    const struct pb_plan_request request = {
        .kernel = pb_kernel_find(kernel),
        .dtype = PB_DTYPE_f32,
        .sizes = &sizes,
        .backend = opencl(),
        .variants = variants,
        .nvariants = 3,
        .workers = &one,
        .nworkers = 1,
        .devices = &device,
        .ndevices = 1,
        .residencies = 1u << PB_RESIDENT,
    };
    struct pb_record record;
    struct pb_error err;
    pb_record_init(&record);
    assert_int_equal(pb_plan_add(&request, &record, &err), PB_OK);
    const size_t count = record.npoints;
    for (size_t i = 0; i < count; i++)
        assert_string_not_equal(record.points[i].variant, "blocked");
    pb_record_release(&record);
    return count;
}

static void test_points_are_planned_where_there_is_a_form(void **state)
{
    (void)state;
    if (!opencl())
        skip();
    assert_int_equal(count_points("matmul"), 4); /* blocked is one of its bodies */
    assert_int_equal(count_points("null"), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forms_are_found_by_name),
        cmocka_unit_test(test_a_missing_library_is_told_with_its_cure),
        cmocka_unit_test(test_a_yardstick_is_a_default_where_backends_are),
        cmocka_unit_test(test_an_unknown_variant_is_refused),
        cmocka_unit_test(test_what_a_chosen_backend_lacks_is_told),
        cmocka_unit_test(test_points_are_planned_where_there_is_a_form),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

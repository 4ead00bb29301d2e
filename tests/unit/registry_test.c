/* The two registries: what make listed is found, ordered and sound; what is broken is
 * refused with its name and a cure. */
#include "backends/registry.h"

#include "backends/registry_table.h"
#include "kernels/registry.h"
#include "measure/text.h"
#include "toy_kernels.h"

#include <dlfcn.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* ---- backends ---------------------------------------------------------------------- */

static void test_backends_stand_in_rising_level(void **state)
{
    (void)state;
    assert_true(pb_backend_count() >= 2);
    for (size_t i = 0; i < pb_backend_count(); i++) {
        const struct pb_backend *backend = pb_backend_at(i);
        assert_non_null(backend);
        assert_ptr_equal(pb_backend_find(backend->name), backend);
        assert_int_equal(backend->abi, PB_BACKEND_ABI);
        assert_true(backend->residencies != 0);
        assert_non_null(backend->summary);
        if (i > 0)
            assert_true(pb_backend_at(i - 1)->level <= backend->level);
    }
    assert_string_equal(pb_backend_at(0)->name, "scalar");
    assert_null(pb_backend_find("no_such"));
    assert_null(pb_backend_at(pb_backend_count()));
}

static void test_an_unusable_backend_says_why(void **state)
{
    (void)state;
    for (size_t i = 0; i < pb_backend_count(); i++) {
        char why[512] = "";
        if (!pb_backend_usable(pb_backend_at(i), why, sizeof why))
            assert_true(strlen(why) > 10);
    }
}

static void test_a_kernels_own_forms_are_found_by_name(void **state)
{
    (void)state;
    const struct pb_backend *blas = pb_backend_find("blas");
    assert_non_null(blas);
    const struct pb_registry_backend *entry = pb_registry_backends;
    while (entry->backend != blas)
        entry++;
    const bool is_built = !entry->absent;
    assert_int_equal(pb_backend_has_override(blas, "saxpy"), is_built);
    assert_int_equal(pb_backend_library(blas) != NULL, is_built);
    assert_false(pb_backend_has_override(blas, "null"));
    assert_false(pb_backend_has_override(pb_backend_find("scalar"), "saxpy"));
    /* saxpy.simd.c is the vector body, no form for a backend. */
    assert_false(pb_backend_has_override(pb_backend_find("simd"), "saxpy"));
}

static void test_ops_are_loaded_once(void **state)
{
    (void)state;
    const struct pb_backend *scalar = pb_backend_find("scalar");
    const struct pb_backend_ops *first = NULL, *second = NULL;
    struct pb_probe probe;
    assert_int_equal(pb_backend_load(scalar, &first, NULL), PB_OK);
    assert_int_equal(pb_backend_load(scalar, &second, NULL), PB_OK);
    assert_ptr_equal(first, second);
    assert_int_equal(first->probe(&probe, NULL), PB_OK);
    assert_int_equal(probe.max_workers, 1);
    pb_backends_stop();
    pb_backends_stop();
}

static const struct pb_registry_backend *some_module(void)
{
    for (size_t i = 0; pb_registry_backends[i].backend; i++)
        if (pb_registry_backends[i].module)
            return &pb_registry_backends[i];
    return NULL;
}

static void test_a_module_that_is_none_is_named(void **state)
{
    (void)state;
    const struct pb_registry_backend *entry = some_module();
    if (!entry) {
        skip();
        return;
    }
    char folder[] = "/tmp/parbench-test-XXXXXX";
    assert_non_null(mkdtemp(folder));
    char *file = pb_text_format("%s/%s", folder, entry->module);
    const char *before = getenv("PARBENCH_MODULES");
    char *restore = before ? strdup(before) : NULL;
    assert_int_equal(setenv("PARBENCH_MODULES", folder, 1), 0);
    FILE *out = fopen(file, "w");
    assert_non_null(out);
    (void)fputs("not a shared object\n", out);
    (void)fclose(out);
    const struct pb_backend_ops *ops = NULL;
    struct pb_error err = { "" };
    assert_int_equal(pb_backend_load(entry->backend, &ops, &err), PB_ERR_ENVIRONMENT);
    assert_non_null(strstr(err.text, file));
    assert_null(ops);
    (void)unlink(file);
    (void)rmdir(folder);
    if (restore)
        (void)setenv("PARBENCH_MODULES", restore, 1);
    else
        (void)unsetenv("PARBENCH_MODULES");
    free(restore);
    free(file);
}

static void test_a_stranger_is_not_loaded(void **state)
{
    (void)state;
    static const struct pb_backend stranger = { .name = "stranger" };
    const struct pb_backend_ops *ops = NULL;
    struct pb_error err = { "" };
    assert_int_equal(pb_backend_load(&stranger, &ops, &err), PB_ERR_INTERNAL);
    assert_non_null(strstr(err.text, "stranger"));
}

/* ---- kernels ----------------------------------------------------------------------- */

static void test_every_kernel_keeps_the_contract(void **state)
{
    (void)state;
    assert_true(pb_kernel_count() > 0);
    for (size_t i = 0; i < pb_kernel_count(); i++) {
        const struct pb_kernel *kernel = pb_kernel_at(i);
        struct pb_error err = { "" };
        assert_int_equal(kernel->abi, PB_KERNEL_ABI);
        if (pb_kernel_validate(kernel, &err))
            fail_msg("%s", err.text);
        assert_ptr_equal(pb_kernel_find(kernel->name), kernel);
    }
    assert_null(pb_kernel_find("no_such"));
}

/* Whatever n: a split array has whole items, and costs are numbers. */
static void test_every_kernel_splits_evenly(void **state)
{
    (void)state;
    for (size_t i = 0; i < pb_kernel_count(); i++) {
        const struct pb_kernel *k = pb_kernel_at(i);
        for (size_t n = 1; n < 70; n += 3) {
            assert_true(k->items(n) >= 1);
            assert_true(k->flops(n) >= 0 && k->bytes(n, PB_DTYPE_f32) >= 0);
            assert_true(k->tolerance(n, PB_DTYPE_f64) >= 0);
            for (size_t a = 0; a < k->nargs; a++)
                if (k->args[a].spread == PB_SPLIT)
                    assert_int_equal(k->args[a].len(n) % k->items(n), 0);
        }
    }
}

static void test_names_fit_or_are_cut(void **state)
{
    (void)state;
    char all[1024], few[4];
    assert_ptr_equal(pb_kernel_names(all, sizeof all), all);
    assert_non_null(strstr(all, pb_kernel_at(0)->name));
    assert_true(strlen(pb_kernel_names(few, sizeof few)) < sizeof few);
}

static void must_refuse(const struct pb_kernel *kernel, const char *word)
{
    struct pb_error err = { "" };
    assert_int_equal(pb_kernel_validate(kernel, &err), PB_ERR_INPUT);
    if (!strstr(err.text, word))
        fail_msg("'%s' does not say '%s'", err.text, word);
}

static void test_broken_descriptors_are_refused(void **state)
{
    (void)state;
    const struct pb_kernel right = TOY_SUM(toy_sum_body);
    assert_int_equal(pb_kernel_validate(&right, NULL), PB_OK);
    struct pb_kernel k = right;
    k.name = "not-a-name";
    must_refuse(&k, "not-a-name");
    k = right, k.name = NULL;
    must_refuse(&k, "identifier");
    k = right, k.nargs = PB_ARGS_MAX + 1;
    must_refuse(&k, "PB_ARGS_MAX");
    k = right, k.dtypes = 1u << PB_DTYPE_COUNT;
    must_refuse(&k, "data types");
    k = right, k.items = NULL;
    must_refuse(&k, "items");
    k = right, k.error = NULL;
    must_refuse(&k, "error");
    k = right, k.bodies = NULL;
    must_refuse(&k, "OpenCL");
    k = right, k.merge = NULL;
    must_refuse(&k, "merge");
    const struct pb_arg whole = { "x", PB_OUT, PB_WHOLE, toy_n };
    k = right, k.args = &whole, k.nargs = 1;
    must_refuse(&k, "PB_WHOLE");
    const struct pb_arg partial = { "x", PB_INOUT, PB_PARTIAL, toy_n };
    k = right, k.args = &partial, k.nargs = 1;
    must_refuse(&k, "PB_PARTIAL");
}

/* ---- plugins ----------------------------------------------------------------------- */

static void must_not_load(const char *file, const char *word)
{
    const size_t before = pb_kernel_count();
    struct pb_error err = { "" };
    assert_int_equal(pb_kernel_load_plugin(file, &err), PB_ERR_INPUT);
    if (!strstr(err.text, word) || !strstr(err.text, file))
        fail_msg("'%s' does not say '%s' and '%s'", err.text, file, word);
    assert_int_equal(pb_kernel_count(), before);
}

static void test_a_file_that_is_no_plugin(void **state)
{
    (void)state;
    must_not_load("no-such-plugin.so", "cannot load");
    Dl_info libm;
    if (!dladdr(dlsym(RTLD_DEFAULT, "cos"), &libm))
        skip();
    must_not_load(libm.dli_fname, "pb_plugin_kernels");
}

/* Compiles `source` to a shared object; false where there is no compiler at hand. */
static bool compile(const char *source, const char *folder, char *file, size_t bytes)
{
    char c[256], command[1024];
    (void)snprintf(c, sizeof c, "%s/plugin.c", folder);
    (void)snprintf(file, bytes, "%s/plugin.so", folder);
    FILE *out = fopen(c, "w");
    assert_non_null(out);
    (void)fputs(source, out);
    (void)fclose(out);
    const char *cc = getenv("CC");
    (void)snprintf(command, sizeof command, "%s -shared -fPIC -o %s %s 2>/dev/null",
                   cc ? cc : "cc", file, c);
    const bool is_built = system(command) == 0;
    (void)unlink(c);
    return is_built;
}

static void test_plugins_that_break_the_rules(void **state)
{
    (void)state;
    char duplicate[512];
    (void)snprintf(duplicate, sizeof duplicate,
                   "extern const char pb_kernel_%s[];"
                   "const void *pb_plugin_kernels[] = {pb_kernel_%s, 0};",
                   pb_kernel_at(0)->name, pb_kernel_at(0)->name);
    const struct {
        const char *source, *word;
    } bad[] = {
        { "const unsigned k[64] = {4242}; const void *pb_plugin_kernels[] = {k, 0};",
          "ABI 4242" },
        { "const void *pb_plugin_kernels[] = {0};", "no kernel" },
        { duplicate, "already" },
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char folder[] = "/tmp/parbench-test-XXXXXX", file[256];
        assert_non_null(mkdtemp(folder));
        const bool is_built = compile(bad[i].source, folder, file, sizeof file);
        if (is_built)
            must_not_load(file, bad[i].word);
        (void)unlink(file);
        (void)rmdir(folder);
        if (!is_built)
            skip();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_backends_stand_in_rising_level),
        cmocka_unit_test(test_an_unusable_backend_says_why),
        cmocka_unit_test(test_a_kernels_own_forms_are_found_by_name),
        cmocka_unit_test(test_ops_are_loaded_once),
        cmocka_unit_test(test_a_module_that_is_none_is_named),
        cmocka_unit_test(test_a_stranger_is_not_loaded),
        cmocka_unit_test(test_every_kernel_keeps_the_contract),
        cmocka_unit_test(test_every_kernel_splits_evenly),
        cmocka_unit_test(test_names_fit_or_are_cut),
        cmocka_unit_test(test_broken_descriptors_are_refused),
        cmocka_unit_test(test_a_file_that_is_no_plugin),
        cmocka_unit_test(test_plugins_that_break_the_rules),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

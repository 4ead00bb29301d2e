/* A BLAS, loaded by name: matmul is its gemm. No other is in this process, so that its
 * symbols and its threads are its own. */
#include "backends/simd/isa.h"
#include "tests/evidence/peers_side.h"

#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* cblas.h: enum CBLAS_ORDER, enum CBLAS_TRANSPOSE */
enum { ROW_MAJOR = 101, NO_TRANS = 111 };
enum { MATMUL_A, MATMUL_B, MATMUL_C };

static bool run_sgemm(struct pb_side *side, size_t calls)
{
    const int n = (int)side->what.n;
    void **buf = side->problem.buf;
    for (size_t i = 0; i < calls; i++)
        side->call.sgemm(ROW_MAJOR, NO_TRANS, NO_TRANS, n, n, n, 1.0f, buf[MATMUL_A], n,
                         buf[MATMUL_B], n, 0.0f, buf[MATMUL_C], n);
    return true;
}

static bool run_dgemm(struct pb_side *side, size_t calls)
{
    const int n = (int)side->what.n;
    void **buf = side->problem.buf;
    for (size_t i = 0; i < calls; i++)
        side->call.dgemm(ROW_MAJOR, NO_TRANS, NO_TRANS, n, n, n, 1.0, buf[MATMUL_A], n,
                         buf[MATMUL_B], n, 0.0, buf[MATMUL_C], n);
    return true;
}

/* A function of the library; NULL: it has none of that name. POSIX lets a pointer to data
 * be one to a function. */
static void *symbol(void *library, const char *name)
{
    return dlsym(library, name);
}

/* The code of OpenBLAS for the widest instruction set here; NULL: it needs no help. */
static const char *code_for_this_cpu(void)
{
    const char *best = pb_isa_name(pb_isa_best());
    if (strcmp(best, "avx512") == 0)
        return "SkylakeX";
    return strcmp(best, "avx2") == 0 ? "Haswell" : NULL;
}

/* A release older than the CPU falls back on its code for a Pentium 4, a quarter of the
 * speed and no yardstick: as in backends/blas/library.c, it gets the best that it has. */
static void choose_code(void *library)
{
    union {
        void *symbol;
        char *(*text)(void);
        void (*call)(void);
    } core = { symbol(library, "openblas_get_corename") },
      quit = { symbol(library, "gotoblas_dynamic_quit") },
      init = { symbol(library, "gotoblas_dynamic_init") };
    const char *code = code_for_this_cpu();
    if (!code || !core.symbol || !quit.symbol || !init.symbol ||
        getenv("OPENBLAS_CORETYPE") || strcmp(core.text(), "Prescott") != 0)
        return;
    (void)setenv("OPENBLAS_CORETYPE", code, 1);
    quit.call();
    init.call();
}

/* The number of BLIS's code for AVX-512, where it has chosen that for a Haswell instead:
 * it knows a Xeon by the words in its name. 255: it has chosen well, or is no BLIS. */
static int better_architecture(const char *file)
{
    enum { NONE = 255 };
    void *library = dlopen(file, RTLD_NOW | RTLD_LOCAL);
    union {
        void *symbol;
        int (*id)(void);
        const char *(*name)(int id);
    } found = { library ? symbol(library, "bli_arch_query_id") : NULL },
      name = { library ? symbol(library, "bli_arch_string") : NULL };
    if (!found.symbol || !name.symbol || strcmp(name.name(found.id()), "haswell") != 0)
        return NONE;
    for (int id = 0; id < NONE && strcmp(name.name(id), "generic") != 0; id++)
        if (strcmp(name.name(id), "skx") == 0)
            return id;
    return NONE;
}

/* It reads another choice only before it has looked: a child looks. */
static void choose_architecture(const char *file)
{
    char number[16];
    int status = 0;
    if (getenv("BLIS_ARCH_TYPE") || strcmp(pb_isa_name(pb_isa_best()), "avx512") != 0)
        return;
    const pid_t child = fork();
    if (child == 0)
        _exit(better_architecture(file));
    if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status) ||
        WEXITSTATUS(status) == 255)
        return;
    (void)snprintf(number, sizeof number, "%d", WEXITSTATUS(status));
    (void)setenv("BLIS_ARCH_TYPE", number, 1);
}

static void set_threads(void *library, unsigned threads)
{
    union {
        void *symbol;
        void (*openblas)(int threads);
        void (*blis)(int64_t threads);
    } set = { symbol(library, "openblas_set_num_threads") };
    if (set.symbol) {
        set.openblas((int)threads);
        return;
    }
    set.symbol = symbol(library, "bli_thread_set_num_threads");
    if (set.symbol)
        set.blis((int64_t)threads);
}

/* "OpenBLAS 0.3.21 (SkylakeX)", "BLIS 0.9.0 (skx)" */
static void describe(struct pb_side *side, void *library)
{
    union {
        void *symbol;
        const char *(*text)(void);
        int (*id)(void);
        const char *(*name)(int id);
    } config = { symbol(library, "openblas_get_config") },
      core = { symbol(library, "openblas_get_corename") },
      version = { symbol(library, "bli_info_get_version_str") },
      id = { symbol(library, "bli_arch_query_id") },
      name = { symbol(library, "bli_arch_string") };
    if (config.symbol && core.symbol) {
        const char *text = config.text();
        const size_t first = strcspn(text, " ");
        const size_t len = first + (text[first] ? 1 + strcspn(text + first + 1, " ") : 0);
        (void)snprintf(side->text, sizeof side->text, "%.*s (%s)", (int)len, text,
                       core.text());
    } else if (version.symbol) {
        (void)snprintf(side->text, sizeof side->text, "BLIS %s (%s)", version.text(),
                       id.symbol && name.symbol ? name.name(id.id()) : "unknown code");
    }
}

static bool make_problem(struct pb_side *side)
{
    struct pb_error err = { "" };
    if (pb_problem_init(&side->problem, side->what.kernel, side->what.n, side->what.dtype,
                        1, &err)) {
        (void)snprintf(side->text, sizeof side->text, "%.390s", err.text);
        return false;
    }
    pb_problem_fill(&side->problem);
    return true;
}

bool pb_side_open_blas(struct pb_side *side)
{
    const char *file = pb_peers_word(side->words, "library");
    if (file)
        choose_architecture(file);
    void *library = file ? dlopen(file, RTLD_NOW | RTLD_LOCAL) : NULL;
    const bool is_f32 = side->what.dtype == PB_DTYPE_f32;
    if (!library) {
        (void)snprintf(side->text, sizeof side->text, "%s is not installed",
                       file ? file : "the library");
        return false;
    }
    if (strcmp(side->what.kernel->name, "matmul") != 0) {
        (void)snprintf(side->text, sizeof side->text, "only matmul is compared");
        return false;
    }
    side->call.symbol = symbol(library, is_f32 ? "cblas_sgemm" : "cblas_dgemm");
    if (!side->call.symbol) {
        (void)snprintf(side->text, sizeof side->text, "%s has no cblas_sgemm", file);
        return false;
    }
    choose_code(library);
    set_threads(library, side->workers);
    describe(side, library);
    side->run = is_f32 ? run_sgemm : run_dgemm;
    return make_problem(side);
}

#include "backends/blas/library.h"

#include "backends/blas/override.h"
#include "backends/simd/isa.h"

#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What a library has of these, the loader finds; the others stay NULL. openblas_* stand
 * in OpenBLAS's own cblas.h, too, and there have these types. */
#define WEAK __attribute__((weak))
extern WEAK void openblas_set_num_threads(int threads);
extern WEAK int openblas_get_num_threads(void);
extern WEAK int openblas_get_parallel(void);
extern WEAK char *openblas_get_config(void);
extern WEAK char *openblas_get_corename(void);
extern WEAK void gotoblas_dynamic_quit(void);
extern WEAK void gotoblas_dynamic_init(void);
extern WEAK void bli_thread_set_num_threads(int64_t threads);
extern WEAK int64_t bli_thread_get_num_threads(void);
extern WEAK const char *bli_info_get_version_str(void);
extern WEAK void MKL_Set_Num_Threads(int threads);
extern WEAK int MKL_Get_Max_Threads(void);
extern WEAK void mkl_get_version_string(char *buf, int bytes);

/* The code of OpenBLAS for the widest instruction set here; NULL: it needs no help. */
static const char *code_for_this_cpu(void)
{
    const char *best = pb_isa_name(pb_isa_best());
    if (strcmp(best, "avx512") == 0)
        return "SkylakeX";
    return strcmp(best, "avx2") == 0 ? "Haswell" : NULL;
}

/* A release that is older than the CPU falls back, silently, on its code for a Pentium 4
 * of 2004: a quarter of the speed, and no yardstick. */
void pb_blas_choose_code(void)
{
    const char *code = code_for_this_cpu();
    if (!code || !openblas_get_corename || !gotoblas_dynamic_quit ||
        !gotoblas_dynamic_init || getenv("OPENBLAS_CORETYPE") ||
        strcmp(openblas_get_corename(), "Prescott") != 0)
        return;
    (void)setenv("OPENBLAS_CORETYPE", code, 1);
    gotoblas_dynamic_quit();
    gotoblas_dynamic_init();
}

/* "OpenBLAS 0.3.21" of "OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH ..". */
static void describe_openblas(char *buf, size_t bytes)
{
    const char *config = openblas_get_config();
    const char *core = openblas_get_corename ? openblas_get_corename() : "unknown";
    const char *blank = strchr(config, ' ');
    const size_t name = blank ? (size_t)(blank - config) + 1 : 0;
    const size_t len = name + strcspn(config + name, " ");
    (void)snprintf(buf, bytes, "%.*s (%s)", (int)len, config, core);
}

/* "libblas.so.3.11.0", whatever links lead there. */
static void describe_file(char *buf, size_t bytes)
{
    Dl_info info = { 0 };
    union {
        __typeof__(&cblas_sgemm) function;
        const void *address;
    } symbol = { .function = cblas_sgemm };
    char *path = dladdr(symbol.address, &info) && info.dli_fname
                     ? realpath(info.dli_fname, NULL)
                     : NULL;
    const char *slash = path ? strrchr(path, '/') : NULL;
    (void)snprintf(buf, bytes, "%s", slash ? slash + 1 : "unknown");
    free(path);
}

void pb_blas_describe(char *buf, size_t bytes)
{
    if (openblas_get_config)
        describe_openblas(buf, bytes);
    else if (bli_info_get_version_str)
        (void)snprintf(buf, bytes, "BLIS %s", bli_info_get_version_str());
    else if (mkl_get_version_string)
        mkl_get_version_string(buf, (int)bytes);
    else
        describe_file(buf, bytes);
}

/* A build of OpenBLAS without threads has the calls all the same. */
static bool is_parallel_openblas(void)
{
    return openblas_set_num_threads && openblas_get_num_threads &&
           (!openblas_get_parallel || openblas_get_parallel() != 0);
}

bool pb_blas_has_threads(void)
{
    return is_parallel_openblas() ||
           (bli_thread_set_num_threads && bli_thread_get_num_threads) ||
           (MKL_Set_Num_Threads && MKL_Get_Max_Threads);
}

unsigned pb_blas_set_threads(unsigned threads)
{
    int64_t got = 1;
    if (is_parallel_openblas()) {
        openblas_set_num_threads((int)threads);
        got = openblas_get_num_threads();
    } else if (bli_thread_set_num_threads && bli_thread_get_num_threads) {
        bli_thread_set_num_threads((int64_t)threads);
        got = bli_thread_get_num_threads();
    } else if (MKL_Set_Num_Threads && MKL_Get_Max_Threads) {
        MKL_Set_Num_Threads((int)threads);
        got = MKL_Get_Max_Threads();
    }
    return got > 1 ? (unsigned)got : 1;
}

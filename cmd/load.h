/* load.h - result files as the analysing commands take them: several merged into one,
 * narrowed to what was asked for. */
#ifndef PB_CMD_LOAD_H
#define PB_CMD_LOAD_H

#include "cmd/options.h"
#include "results/record.h"

#include <stdbool.h>
#include <stddef.h>

struct pb_load {
    const char *const *files; /* "-": standard input */
    size_t nfiles;
    const char *kernels, *dtypes; /* "saxpy,matmul"; NULL: all, the canaries left out */
    const char *backends;         /* "simd,openmp"; NULL: all */
    bool keeps_canaries;          /* NULL kernels: these too */
};

/* Initialisers of the struct pb_option that narrow what is loaded, for a command that
 * keeps a struct pb_load among its options, at the offset `load`; it adds .help. */
#define PB_LOAD_AT(load, field)                                                          \
    .kind = PB_TEXT, .offset = (load) + offsetof(struct pb_load, field)
#define PB_LOAD_KERNEL(load)                                                             \
    .name = "kernel", .letter = 'k', PB_LOAD_AT(load, kernels), .metavar = "K,.."
#define PB_LOAD_DTYPE(load)                                                              \
    .name = "dtype", .letter = 't', PB_LOAD_AT(load, dtypes), .metavar = "T,.."
#define PB_LOAD_BACKEND(load)                                                            \
    .name = "backend", .letter = 'b', PB_LOAD_AT(load, backends), .metavar = "B,.."
/* The two that every command over whole files takes. */
#define PB_LOAD_OPTIONS(load)                                                            \
    { PB_LOAD_KERNEL(load), .help = "Only these kernels. Default: all in the files." },  \
    {                                                                                    \
        PB_LOAD_DTYPE(load), .help = "Only these data types. Default: all in the files." \
    }

/* Reads the files and joins their points in *out, which the caller releases on PB_OK. The
 * facts are those of the first file. A point that several files measured is the one of
 * the run with the most rounds, of equals the first; one that counts goes before one that
 * does not. PB_ERR_INPUT: a file cannot be read, or two are from machines with different
 * CPUs. PB_ERR_USAGE: a kernel or data type that is in none of them. */
enum pb_status pb_load_records(const struct pb_load *load, struct pb_record *out,
                               struct pb_error *err);

/* Is the point one of load->kernels, load->dtypes and load->backends? No canary
 * (results/canary.h) is, unless it is named or load->keeps_canaries: they are there for
 * compare. For commands that must read whole files and narrow what they say, not what
 * they know. */
bool pb_load_wants(const struct pb_load *load, const struct pb_point *point);
/* PB_ERR_USAGE: a kernel, data type or backend that the record has not. */
enum pb_status pb_load_check_names(const struct pb_load *load,
                                   const struct pb_record *record, struct pb_error *err);

#endif

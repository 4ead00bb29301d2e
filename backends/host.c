#include "backends/host.h"

#include "backends/caches.h"

#include "backends/simd/isa.h"

#include <assert.h>
#include <sched.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* Two lines: the adjacent-line prefetcher of x86 fetches them in pairs, so that private
 * copies on neighbouring lines would still be shared between cores. */
#define PRIVATE_ALIGN ((size_t)128)
#define PAGE          ((size_t)4096)
/* Arrays that all began at the same offset in a page would meet in the same sets of the
 * first-level cache, and a load would wait for a store to another array that agrees in
 * its low 12 address bits (4K aliasing: Intel 64 and IA-32 Architectures Optimization
 * Reference Manual, "Memory Disambiguation"). So every array starts 512 bytes lower in
 * its page than the one before it: what is written comes last, and a store then agrees
 * with loads that are over, not with those that are about to start. */
#define STAGGER   (PAGE / PB_ARGS_MAX)
#define LINE      ((size_t)64)
#define HUGE_PAGE ((size_t)2 << 20)
/* From two huge pages on, the kernel is asked for them: TLB misses would otherwise depend
 * on what the system's default is and on who allocated first. Below, a worker's slice
 * would be smaller than a page, and the first touch could not place it. */
#define HUGE_FROM (2 * HUGE_PAGE)

unsigned pb_host_cores(void)
{
    /* The mask has to be as long as the kernel's own, which is not known: grow it. */
    for (int cpus = 1024; cpus <= 1 << 20; cpus *= 2) {
        cpu_set_t *set = CPU_ALLOC((size_t)cpus);
        if (!set)
            return 1;
        const size_t bytes = CPU_ALLOC_SIZE((size_t)cpus);
        const bool is_known = sched_getaffinity(0, bytes, set) == 0;
        const int count = is_known ? CPU_COUNT_S(bytes, set) : 0;
        CPU_FREE(set);
        if (is_known)
            return count > 0 ? (unsigned)count : 1;
    }
    return 1;
}

struct pb_slice pb_host_slice(size_t items, unsigned workers, unsigned index)
{
    assert(index < workers);
    const size_t share = items / workers, rest = items % workers;
    const size_t begin = share * index + (index < rest ? index : rest);
    return (struct pb_slice){ .begin = begin, .end = begin + share + (index < rest) };
}

struct pb_slice pb_host_elements(const struct pb_kernel *kernel, size_t arg, size_t n,
                                 struct pb_slice items)
{
    const size_t len = kernel->args[arg].len(n);
    if (kernel->args[arg].spread != PB_SPLIT)
        return (struct pb_slice){ .begin = 0, .end = len };
    const size_t per_item = len / kernel->items(n);
    return (struct pb_slice){ .begin = items.begin * per_item,
                              .end = items.end * per_item };
}

/* The time of the slowest worker, in arbitrary units: for every element of its tile the
 * work, and for every row and column the reading and packing of what belongs to it, taken
 * as that of some elements. */
static double tile_cost(size_t items, size_t columns, struct pb_grid grid)
{
    const double packing = 32;
    const size_t tall = items / grid.rows + (items % grid.rows != 0);
    const size_t wide = columns / grid.columns + (columns % grid.columns != 0);
    return (double)tall * (double)wide + packing * ((double)tall + (double)wide);
}

struct pb_grid pb_host_grid(const struct pb_kernel *kernel, size_t n, unsigned workers)
{
    struct pb_grid best = { .rows = workers, .columns = 1 };
    if (!kernel->columns)
        return best;
    const size_t items = kernel->items(n), columns = kernel->columns(n);
    for (unsigned rows = 1; rows <= workers; rows++) {
        const struct pb_grid grid = { .rows = rows, .columns = workers / rows };
        if (tile_cost(items, columns, grid) < tile_cost(items, columns, best))
            best = grid;
    }
    return best;
}

static enum pb_status check_dtype(const struct pb_case *c, struct pb_error *err)
{
    if (c->kernel->dtypes & PB_DTYPE_BIT(c->dtype))
        return PB_OK;
    return pb_fail(err, PB_ERR_UNSUPPORTED, "kernel %s is not written for %s",
                   c->kernel->name, pb_dtype_name(c->dtype));
}

static enum pb_status find_body(const struct pb_case *c, pb_body_fn **out,
                                struct pb_error *err)
{
    const enum pb_isa isa = c->config.isa;
    const enum pb_status status = check_dtype(c, err);
    if (status)
        return status;
    if (!pb_isa_supported(isa))
        return pb_fail(err, PB_ERR_UNSUPPORTED, "this CPU does not run %s code",
                       pb_isa_name(isa));
    pb_body_fn *body = pb_kernel_body(c->kernel, c->config.variant, c->dtype, isa);
    if (!body)
        return pb_fail(err, PB_ERR_UNSUPPORTED, "kernel %s has no %s%s%s body for %s",
                       c->kernel->name, c->config.variant ? c->config.variant : "",
                       c->config.variant ? " " : "", pb_isa_name(isa),
                       pb_dtype_name(c->dtype));
    *out = body;
    return PB_OK;
}

/* How many items to cut at: whole cache lines of every array that is split, so that no
 * two workers write to one line and every slice starts where a vector is aligned. Items
 * of a line or more, and so few of them that a line more or less would show in a worker's
 * share, are cut one by one. */
static size_t cut_unit(const struct pb_host *host)
{
    const size_t many = 16; /* lines a worker: one of them is then 6 % of its share */
    const struct pb_kernel *kernel = host->c.kernel;
    size_t unit = 1;
    for (size_t a = 0; a < kernel->nargs && host->items; a++) {
        const size_t bytes = host->bytes[a] / host->items; /* of one item */
        if (kernel->args[a].spread != PB_SPLIT || bytes == 0 || bytes >= LINE)
            continue;
        const size_t power = bytes & (~bytes + 1); /* of two, that divides it */
        unit = LINE / power > unit ? LINE / power : unit;
    }
    return host->items / host->workers >= many * unit ? unit : 1;
}

/* Part `index` of `parts` of the items. */
static struct pb_slice cut(const struct pb_host *host, unsigned parts, unsigned index)
{
    const size_t unit = host->cut_unit, rest = host->items % unit;
    const struct pb_slice whole =
        pb_host_slice(host->items / unit + (rest != 0), parts, index);
    const size_t begin = whole.begin * unit, end = whole.end * unit;
    return (struct pb_slice){ begin < host->items ? begin : host->items,
                              end < host->items ? end : host->items };
}

/* Takes `bytes` at the next multiple of `align` (a power of two) plus `shift`, from
 * *cursor on. False: that overflows. */
static bool place(size_t *cursor, size_t align, size_t shift, size_t bytes,
                  size_t *offset)
{
    size_t at;
    if (__builtin_add_overflow(*cursor, align - 1, &at))
        return false;
    at = (at & ~(align - 1)) + shift;
    if (at < shift || __builtin_add_overflow(at, bytes, cursor))
        return false;
    *offset = at;
    return true;
}

struct layout {
    size_t array[PB_ARGS_MAX];   /* offsets in the arena */
    size_t partial[PB_ARGS_MAX]; /* of the private copy of worker 1 */
    size_t stride[PB_ARGS_MAX];  /* between the private copies */
    size_t scratch, scratch_stride;
    size_t bytes;
};

/* A worker's scratch begins on a page; a large one on a huge page, which then lies on the
 * worker's own NUMA node. */
static bool place_scratch(const struct pb_host *host, struct layout *l)
{
    const size_t unit = host->scratch_bytes < HUGE_PAGE / 2 ? PAGE : HUGE_PAGE;
    size_t all, padded;
    if (host->scratch_bytes == 0)
        return true;
    if (__builtin_add_overflow(host->scratch_bytes, unit - 1, &padded))
        return false;
    l->scratch_stride = padded / unit * unit;
    return !__builtin_mul_overflow(l->scratch_stride, (size_t)host->workers, &all) &&
           place(&l->bytes, unit, 0, all, &l->scratch);
}

static size_t offset_of(const struct pb_host *host, size_t arg)
{
    const size_t down = host->c.kernel->nargs - 1 - arg;
    return (down * STAGGER + host->c.config.offset_bytes) % PAGE;
}

static bool lay_out(struct pb_host *host, struct layout *out)
{
    const struct pb_kernel *kernel = host->c.kernel;
    struct layout l = { 0 };
    for (size_t a = 0; a < kernel->nargs; a++) {
        const size_t len = kernel->args[a].len(host->c.n);
        if (__builtin_mul_overflow(len, pb_dtype_bytes(host->c.dtype), &host->bytes[a]) ||
            !place(&l.bytes, PAGE, offset_of(host, a), host->bytes[a], &l.array[a]))
            return false;
    }
    for (size_t a = 0; a < kernel->nargs; a++) {
        size_t all, padded;
        if (kernel->args[a].spread != PB_PARTIAL)
            continue;
        if (__builtin_add_overflow(host->bytes[a], PRIVATE_ALIGN - 1, &padded))
            return false;
        l.stride[a] = padded & ~(PRIVATE_ALIGN - 1);
        if (__builtin_mul_overflow(l.stride[a], (size_t)host->workers - 1, &all) ||
            !place(&l.bytes, PRIVATE_ALIGN, 0, all, &l.partial[a]))
            return false;
    }
    if (!place_scratch(host, &l))
        return false;
    *out = l;
    return true;
}

/* Maps bytes without touching them; from HUGE_FROM on they begin at a huge page. */
static char *map(struct pb_host *host, size_t bytes)
{
    const size_t align = bytes >= HUGE_FROM ? HUGE_PAGE : 1;
    if (__builtin_add_overflow(bytes, align, &host->arena_bytes))
        return NULL;
    void *arena = mmap(NULL, host->arena_bytes, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (arena == MAP_FAILED)
        return NULL;
    host->arena = arena;
    char *start = arena;
    if (align > 1) {
        start += (align - (uintptr_t)start % align) % align;
        /* Only a wish: a kernel without huge pages refuses, and small ones do. */
        (void)madvise(start, bytes, MADV_HUGEPAGE);
    }
    return start;
}

static struct pb_range all_columns(const struct pb_host *host)
{
    const struct pb_kernel *kernel = host->c.kernel;
    return (struct pb_range){ 0, kernel->columns ? kernel->columns(host->c.n) : 0 };
}

static struct pb_task make_task(const struct pb_host *host, unsigned index)
{
    const struct pb_slice columns = pb_host_slice(
        all_columns(host).end, host->grid.columns, index % host->grid.columns);
    return (struct pb_task){
        .n = host->c.n,
        .dtype = host->c.dtype,
        .buf = host->worker_bufs + index * (size_t)PB_ARGS_MAX,
        .columns = { columns.begin, columns.end },
        .scratch = host->scratch ? host->scratch + index * host->scratch_stride : NULL,
        .caches = host->caches,
    };
}

static void point(struct pb_host *host, char *start, const struct layout *layout)
{
    for (size_t a = 0; a < host->c.kernel->nargs; a++) {
        host->buf[a] = start + layout->array[a];
        for (unsigned w = 0; w < host->workers; w++) {
            const bool is_private = host->c.kernel->args[a].spread == PB_PARTIAL && w > 0;
            host->worker_bufs[w * (size_t)PB_ARGS_MAX + a] =
                is_private ? start + layout->partial[a] + (w - 1) * layout->stride[a]
                           : host->buf[a];
        }
    }
    if (host->scratch_bytes)
        host->scratch = start + layout->scratch;
    host->scratch_stride = layout->scratch_stride;
    for (unsigned w = 0; w < host->workers; w++)
        host->tasks[w] = make_task(host, w);
    host->whole = host->tasks[0];
    host->whole.columns = all_columns(host);
}

enum pb_status pb_host_init(struct pb_host *host, const struct pb_case *c,
                            struct pb_error *err)
{
    pb_body_fn *body = NULL;
    *host = (struct pb_host){ .c = *c };
    enum pb_status status = find_body(c, &body, err);
    if (!status)
        status = pb_host_init_arrays(host, c, err);
    if (!status)
        host->body = body;
    return status;
}

enum pb_status pb_host_init_arrays(struct pb_host *host, const struct pb_case *c,
                                   struct pb_error *err)
{
    assert(c->config.workers >= 1);
    *host = (struct pb_host){ .c = *c, .workers = c->config.workers };
    const enum pb_status status = check_dtype(c, err);
    if (status)
        return status;
    host->items = c->kernel->items(c->n);
    host->grid = pb_host_grid(c->kernel, c->n, host->workers);
    host->caches = pb_caches_of_worker(PB_CACHES_DIR, host->workers);
    if (c->kernel->scratch_bytes)
        host->scratch_bytes = c->kernel->scratch_bytes(c->n, c->dtype, &host->caches);
    struct layout layout;
    if (!lay_out(host, &layout))
        return pb_fail(err, PB_ERR_MEMORY,
                       "the arrays of %s at n = %zu are larger than the address space",
                       c->kernel->name, c->n);
    host->worker_bufs = calloc(host->workers, PB_ARGS_MAX * sizeof *host->worker_bufs);
    host->tasks = calloc(host->workers, sizeof *host->tasks);
    const bool has_room = host->worker_bufs && host->tasks;
    char *start = has_room ? map(host, layout.bytes ? layout.bytes : 1) : NULL;
    if (!start) {
        pb_host_release(host);
        return pb_fail(err, PB_ERR_MEMORY,
                       "no memory for the arrays of %s at n = %zu: %zu bytes",
                       c->kernel->name, c->n, layout.bytes);
    }
    host->cut_unit = cut_unit(host);
    point(host, start, &layout);
    return PB_OK;
}

void pb_host_release(struct pb_host *host)
{
    if (host->arena)
        (void)munmap(host->arena, host->arena_bytes);
    free(host->worker_bufs);
    free(host->tasks);
    *host = (struct pb_host){ 0 };
}

struct pb_task pb_host_task_of(const struct pb_host *host, unsigned index)
{
    assert(index < host->workers);
    return host->tasks[index];
}

struct pb_slice pb_host_items_of(const struct pb_host *host, unsigned index)
{
    const unsigned row = index / host->grid.columns;
    if (row >= host->grid.rows)
        return (struct pb_slice){ host->items, host->items };
    return cut(host, host->grid.rows, row);
}

/* The elements of an array whose pages worker `index` should touch first. Items are dealt
 * to all workers alike, grid or not: those of one row of the grid get its items. */
static struct pb_slice owned(const struct pb_host *host, size_t arg, unsigned index)
{
    const struct pb_kernel *kernel = host->c.kernel;
    if (kernel->args[arg].spread == PB_WHOLE)
        return pb_host_slice(kernel->args[arg].len(host->c.n), host->workers, index);
    return pb_host_elements(kernel, arg, host->c.n, cut(host, host->workers, index));
}

void pb_host_load_slice(struct pb_host *host, const struct pb_task *from, unsigned index)
{
    const size_t width = pb_dtype_bytes(host->c.dtype);
    const struct pb_task task = pb_host_task_of(host, index);
    for (size_t a = 0; a < host->c.kernel->nargs; a++) {
        const struct pb_slice part = owned(host, a, index);
        memcpy((char *)task.buf[a] + part.begin * width,
               (const char *)from->buf[a] + part.begin * width,
               (part.end - part.begin) * width);
    }
    if (host->scratch)
        memset(task.scratch, 0xff, host->scratch_bytes); /* NaN: read before written */
}

void pb_host_merge(struct pb_host *host)
{
    if (!host->c.kernel->merge)
        return;
    for (unsigned w = 1; w < host->workers; w++)
        host->c.kernel->merge(&host->whole, &host->tasks[w]);
}

void pb_host_fetch(const struct pb_host *host, const struct pb_task *to)
{
    for (size_t a = 0; a < host->c.kernel->nargs; a++)
        if (host->c.kernel->args[a].access != PB_IN)
            memcpy(to->buf[a], host->buf[a], host->bytes[a]);
}

/* peers-gbench KERNEL TYPE N [--benchmark_..]: one loop under google/benchmark; prints
 * "ns_per_call TIME". */
#include "tests/evidence/peers_loops.h"

#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

namespace {

struct Job {
    pb_loop_fn *loop;
    size_t n, bytes;
};

void *array_of(const Job &job)
{
    const size_t whole = (job.n * job.bytes + 63) / 64 * 64;
    void *memory = std::aligned_alloc(64, whole);
    if (memory)
        pb_loop_copy(memory, nullptr, job.n, job.bytes);
    return memory;
}

void measure(benchmark::State &state, const Job &job)
{
    void *arrays[] = { array_of(job), array_of(job), array_of(job) };
    if (!arrays[0] || !arrays[1] || !arrays[2])
        state.SkipWithError("out of memory");
    for (auto _ : state) {
        job.loop(arrays, job.n);
        benchmark::ClobberMemory();
    }
    for (void *array : arrays)
        std::free(array);
}

/* Says one number instead of a table. */
class Reporter : public benchmark::BenchmarkReporter {
public:
    bool ReportContext(const Context &) override
    {
        return true;
    }
    void ReportRuns(const std::vector<Run> &runs) override
    {
        for (const Run &run : runs)
            if (!run.error_occurred)
                std::printf("ns_per_call %.9g\n", run.GetAdjustedRealTime());
    }
};

} // namespace

int main(int argc, char **argv)
{
    benchmark::Initialize(&argc, argv);
    if (argc != 4) {
        std::fprintf(stderr, "usage: peers-gbench KERNEL TYPE N [--benchmark_..]\n");
        return 2;
    }
    const Job job = { pb_loop_find(argv[1], argv[2]), std::strtoull(argv[3], nullptr, 10),
                      std::strcmp(argv[2], "f32") == 0 ? sizeof(float) : sizeof(double) };
    if (!job.loop || !job.n)
        return 2;
    benchmark::RegisterBenchmark("loop", measure, job)->UseRealTime();
    Reporter reporter;
    benchmark::RunSpecifiedBenchmarks(&reporter);
    return 0;
}

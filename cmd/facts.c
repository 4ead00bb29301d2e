#include "cmd/facts.h"

#include "cmd/version.h"
#include "measure/clock.h"
#include "measure/text.h"
#include "results/fitness.h"
#include "results/fitness_read.h"
#include "results/machine.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

static uint64_t random_bits(void)
{
    uint64_t bits;
    if (getrandom(&bits, sizeof bits, GRND_NONBLOCK) != (ssize_t)sizeof bits)
        bits = pb_clock_now(pb_clock_monotonic()) ^ ((uint64_t)getpid() << 32);
    return bits;
}

uint64_t pb_facts_random_seed(void)
{
    return (random_bits() >> 12) | 1;
}

static bool set_started(struct pb_record *record)
{
    char text[32];
    const time_t now = time(NULL);
    struct tm utc;
    (void)gmtime_r(&now, &utc);
    (void)strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
    return pb_set(&record->started, text);
}

static bool set_command(struct pb_record *record, int argc, char **argv)
{
    record->command = calloc((size_t)argc + 1, sizeof *record->command);
    if (!record->command)
        return false;
    record->command[0] = strdup("parbench");
    record->ncommand = (size_t)argc + 1;
    bool ok = record->command[0] != NULL;
    for (int i = 0; i < argc && ok; i++)
        ok = (record->command[i + 1] = strdup(argv[i])) != NULL;
    return ok;
}

static enum pb_status set_fitness(struct pb_record *record, struct pb_error *err)
{
    struct pb_fitness fitness = { .count = 0 };
    pb_fitness_read("", &fitness);
    pb_fitness_judge_clock(&fitness, record->machine.clock_resolution_ns);
    return pb_fitness_store(&fitness, record, err);
}

enum pb_status pb_facts_fill(struct pb_record *record, int argc, char **argv,
                             struct pb_error *err)
{
    record->seed = pb_facts_random_seed();
    record->id = pb_text_format("%016llx", (unsigned long long)random_bits());
    const bool ok = record->id && pb_set(&record->version, pb_version.version) &&
                    pb_set(&record->git, pb_version.git) &&
                    pb_set(&record->compiler, pb_version.compiler) &&
                    pb_set(&record->cflags, pb_version.cflags) && set_started(record) &&
                    set_command(record, argc, argv);
    if (!ok)
        return pb_fail(err, PB_ERR_MEMORY, "out of memory");
    const enum pb_status status = pb_machine_read(&record->machine, err);
    record->machine.clock_resolution_ns = pb_clock_monotonic()->resolution_ns;
    return status ? status : set_fitness(record, err);
}

void pb_facts_warn(const char *command, const struct pb_record *record, FILE *out)
{
    struct pb_text text = PB_TEXT_INIT;
    char title[32];
    for (size_t i = 0; i < record->nfitness; i++) {
        const struct pb_fitness_fact *fact = &record->fitness[i];
        if (strcmp(fact->level, pb_fitness_levels[PB_FITNESS_WARN]) == 0)
            pb_text_addf(&text, "%s%s: %s", text.len ? "; " : "",
                         pb_fitness_title(fact->id, title, sizeof title), fact->seen);
    }
    if (text.len)
        fprintf(out,
                "parbench %s: this machine is not fit to measure on (%s): see parbench "
                "doctor\n",
                command, text.str);
    pb_text_release(&text);
}

char **pb_facts_copy_command(int argc, char **argv)
{
    char **copy = calloc((size_t)argc + 1, sizeof *copy);
    for (int i = 0; copy && i < argc; i++)
        if (!(copy[i] = strdup(argv[i]))) {
            pb_facts_free_command(copy);
            return NULL;
        }
    return copy;
}

void pb_facts_free_command(char **command)
{
    for (size_t i = 0; command && command[i]; i++)
        free(command[i]);
    free(command);
}

char *pb_facts_file_name(void)
{
    char text[48];
    const time_t now = time(NULL);
    struct tm local;
    (void)localtime_r(&now, &local);
    (void)strftime(text, sizeof text, "parbench-%Y%m%d-%H%M%S.json", &local);
    return strdup(text);
}

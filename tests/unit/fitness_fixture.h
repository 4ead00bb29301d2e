/* fitness_fixture.h - findings about a made-up machine, and what is expected of them. */
#ifndef PB_TESTS_UNIT_FITNESS_FIXTURE_H
#define PB_TESTS_UNIT_FITNESS_FIXTURE_H

#include "results/fitness.h"
#include "results/fitness_read.h"
#include "tests/unit/fitness_tree.h"

#include <string.h>

static struct pb_fitness fitness;

static inline void read_again(void)
{
    fitness = (struct pb_fitness){ .count = 0 };
    pb_fitness_read(root, &fitness);
}

/* The finding's level and what was seen; whoever is told of a trouble, of the cure. */
static inline void expect(const char *id, enum pb_fitness_level level, const char *seen)
{
    const struct pb_finding *finding = pb_fitness_find(&fitness, id);
    assert_non_null(finding);
    if (finding->level != level || !strstr(finding->seen, seen))
        fail_msg("%s: found %s \"%s\", expected %s \"%s\"", id,
                 pb_fitness_levels[finding->level], finding->seen,
                 pb_fitness_levels[level], seen);
    if (level == PB_FITNESS_WARN || level == PB_FITNESS_NOTE)
        assert_true(finding->advice[0]);
    if (level == PB_FITNESS_OK)
        assert_string_equal(finding->advice, "");
}

#define ROOTED(test) cmocka_unit_test_setup_teardown(test, make_root, remove_root)

#endif

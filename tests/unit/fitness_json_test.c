/* Findings as JSON, and in a record. */
#include "results/codec.h"

#include "results/fitness.h"
#include "tests/unit/fitness_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void findings_are_written_as_json(void **state)
{
    (void)state;
    fitness = (struct pb_fitness){ .count = 0 };
    pb_fitness_add(&fitness, "load", PB_FITNESS_WARN, "8.00");
    pb_fitness_advise(&fitness, "end \"it\"");
    pb_fitness_add_unknown(&fitness, "smt");
    struct pb_json *json = pb_fitness_encode(&fitness);
    char *text = pb_json_print(json, false);
    assert_string_equal(
        text,
        "{\"verdict\":\"unfit\",\"summary\":\"not fit: load; first: end \\\"it\\\"\","
        "\"findings\":[{\"id\":\"load\",\"level\":\"warn\",\"seen\":\"8.00\","
        "\"advice\":\"end \\\"it\\\"\"},{\"id\":\"smt\",\"level\":\"unknown\","
        "\"seen\":\"not available\",\"advice\":null}]}");
    free(text);
    pb_json_free(json);
}

static void a_record_keeps_the_facts(void **state)
{
    (void)state;
    struct pb_record record, again;
    struct pb_json_doc *doc = NULL;
    struct pb_error err = { .text = "" };
    pb_record_init(&record);
    put_good_machine();
    read_again();
    assert_int_equal(pb_fitness_store(&fitness, &record, &err), PB_OK);
    put(GOVERNOR(0), "ondemand\n");
    read_again(); /* the second replaces the first */
    assert_int_equal(pb_fitness_store(&fitness, &record, &err), PB_OK);
    assert_int_equal(record.nfitness, fitness.count);
    struct pb_json *json = pb_record_encode(&record, true);
    char *text = pb_json_print(json, false);
    assert_int_equal(pb_json_parse("F", text, strlen(text), &doc, &err), PB_OK);
    assert_int_equal(pb_record_decode(doc, true, &again, &err), PB_OK);
    assert_int_equal(again.nfitness, fitness.count);
    for (size_t i = 0; i < again.nfitness; i++) {
        assert_string_equal(again.fitness[i].id, fitness.findings[i].id);
        assert_string_equal(again.fitness[i].seen, fitness.findings[i].seen);
        assert_string_equal(again.fitness[i].level,
                            pb_fitness_levels[fitness.findings[i].level]);
    }
    pb_json_doc_free(doc);
    pb_json_free(json);
    free(text);
    pb_record_release(&record);
    pb_record_release(&again);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(findings_are_written_as_json),
        ROOTED(a_record_keeps_the_facts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

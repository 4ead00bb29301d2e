/* Damaged result files: refused with a message or read, never a crash. */
#include "results/codec.h"

#include "record_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void test_every_truncation_is_refused(void **state)
{
    (void)state;
    for (size_t len = 0; len < sizeof golden - 1; len++) {
        struct pb_record record;
        struct pb_error err = { 0 };
        if (decode(golden, len, true, &record, &err) != PB_ERR_INPUT)
            fail_msg("accepted the first %zu bytes", len);
        assert_memory_equal(err.text, "F:1:", 4);
    }
}

static uint64_t next_random(uint64_t *seed) /* splitmix64 */
{
    uint64_t z = (*seed += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static void mutate(char *text, size_t *len, uint64_t *seed)
{
    static const char alphabet[] = "{}[]\",:0123456789-+.eE\\u nulltrfas\x00\xff\x1f";
    const size_t at = next_random(seed) % *len;
    const size_t other = next_random(seed) % *len;
    const char byte = alphabet[next_random(seed) % (sizeof alphabet - 1)];
    const size_t count = (other > at ? other - at : 1) % 64;
    switch (next_random(seed) % 4) {
    case 0: /* replace */
        text[at] = byte;
        break;
    case 1: /* delete a stretch */
        memmove(text + at, text + at + count, *len - at - count);
        *len -= count;
        break;
    case 2: /* exchange */
        text[at] = text[other];
        text[other] = byte;
        break;
    default: /* overwrite a stretch with another */
        memmove(text + at, text + (other + count <= *len ? other : 0),
                at + count <= *len ? count : 0);
    }
}

/* Whatever stands in the file: it is refused with a message, or read and written. */
static void test_mutations_never_crash(void **state)
{
    (void)state;
    uint64_t seed = 1;
    size_t accepted = 0, refused = 0;
    for (int i = 0; i < 5000; i++) {
        char text[sizeof golden];
        memcpy(text, golden, sizeof golden);
        size_t len = sizeof golden - 1;
        for (uint64_t k = next_random(&seed) % 3 + 1; k > 0; k--)
            mutate(text, &len, &seed);
        struct pb_record record;
        struct pb_error err = { 0 };
        if (decode(text, len, false, &record, &err) == PB_OK) {
            char *again = print(&record, true);
            free(again);
            pb_record_release(&record);
            accepted++;
        } else {
            assert_memory_equal(err.text, "F:", 2);
            refused++;
        }
    }
    assert_true(accepted > 50 && refused > 1000); /* both kinds were tried */
}
int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_truncation_is_refused),
        cmocka_unit_test(test_mutations_never_crash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

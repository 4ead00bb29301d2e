/* Nothing measured is lost: a journal that was cut off anywhere is read up to there, and
 * continued; any other damage is named by its line. */
#include "measure/journal.h"

#include "record_fixture.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

struct fixture {
    char folder[64], file[128];
    struct pb_record record; /* facts; its points are what is appended */
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    if (!f)
        return -1;
    (void)snprintf(f->folder, sizeof f->folder, "%s/parbench-test-XXXXXX", "/tmp");
    if (!mkdtemp(f->folder))
        return -1;
    (void)snprintf(f->file, sizeof f->file, "%s/run.json.journal", f->folder);
    fill_record(&f->record);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    (void)unlink(f->file);
    (void)rmdir(f->folder);
    pb_record_release(&f->record);
    free(f);
    return 0;
}

static void create(struct fixture *f, size_t points)
{
    struct pb_journal *journal = NULL;
    struct pb_error err = { "" };
    assert_int_equal(pb_journal_create(f->file, &f->record, &journal, &err), PB_OK);
    for (size_t i = 0; i < points; i++)
        assert_int_equal(
            pb_journal_append(journal, &f->record.points[i % f->record.npoints], &err),
            PB_OK);
    pb_journal_close(journal, false);
}

static char *contents(const struct fixture *f)
{
    FILE *in = fopen(f->file, "r");
    assert_non_null(in);
    char *text = calloc(1, 65536);
    assert_non_null(text);
    const size_t len = fread(text, 1, 65535, in);
    assert_true(len < 65535);
    assert_int_equal(fclose(in), 0);
    return text;
}

static void overwrite(const struct fixture *f, const char *text, size_t len)
{
    FILE *out = fopen(f->file, "w");
    assert_non_null(out);
    assert_int_equal(fwrite(text, 1, len, out), len);
    assert_int_equal(fclose(out), 0);
}

static struct pb_record resume(const struct fixture *f, struct pb_journal **journal)
{
    struct pb_record got;
    struct pb_error err = { "" };
    const enum pb_status status = pb_journal_resume(f->file, &got, journal, &err);
    assert_string_equal(err.text, "");
    assert_int_equal(status, PB_OK);
    return got;
}

static void refuses(const struct fixture *f, const char *says)
{
    struct pb_record got;
    struct pb_journal *journal = NULL;
    struct pb_error err = { "" };
    assert_int_equal(pb_journal_resume(f->file, &got, &journal, &err), PB_ERR_INPUT);
    assert_null(journal);
    if (!strstr(err.text, says))
        fail_msg("\"%s\" does not say \"%s\"", err.text, says);
}

static void test_name(void **state)
{
    (void)state;
    char *name = pb_journal_name("results/run.json");
    assert_string_equal(name, "results/run.json.journal");
    free(name);
}

static void test_what_was_appended_comes_back(void **state)
{
    struct fixture *f = *state;
    create(f, 2);
    struct pb_journal *journal = NULL;
    struct pb_record got = resume(f, &journal);
    assert_string_equal(got.id, f->record.id);
    assert_string_equal(got.command[1], "run");
    assert_int_equal(got.seed, f->record.seed);
    assert_string_equal(got.machine.cpu, "Some CPU");
    assert_int_equal(got.npoints, 2);
    for (size_t i = 0; i < 2; i++) { /* in the order written */
        assert_int_equal(pb_point_compare(&got.points[i], &f->record.points[i]), 0);
        assert_int_equal(got.points[i].status, f->record.points[i].status);
        assert_int_equal(got.points[i].ninvocations, f->record.points[i].ninvocations);
    }
    pb_journal_close(journal, false);
    pb_record_release(&got);
}

static void test_every_point_is_a_line_at_once(void **state)
{
    struct fixture *f = *state;
    struct pb_journal *journal = NULL;
    assert_int_equal(pb_journal_create(f->file, &f->record, &journal, NULL), PB_OK);
    for (size_t lines = 1; lines < 5;
         lines++) { /* read while it is open: a kill -9 now loses nothing */
        char *text = contents(f);
        size_t newlines = 0;
        for (const char *c = text; *c; c++)
            newlines += *c == '\n';
        assert_int_equal(newlines, lines);
        free(text);
        assert_int_equal(pb_journal_append(journal, &f->record.points[0], NULL), PB_OK);
    }
    pb_journal_close(journal, false);
}

static void test_existing_journal_is_not_overwritten(void **state)
{
    struct fixture *f = *state;
    create(f, 1);
    char *before = contents(f);
    struct pb_journal *journal = NULL;
    struct pb_error err = { "" };
    assert_int_equal(pb_journal_create(f->file, &f->record, &journal, &err),
                     PB_ERR_USAGE);
    assert_non_null(strstr(err.text, f->file));
    assert_non_null(strstr(err.text, "--resume"));
    assert_null(journal);
    char *after = contents(f);
    assert_string_equal(before, after);
    free(before);
    free(after);
}

static void test_place_that_cannot_be_written_is_named(void **state)
{
    struct fixture *f = *state;
    char file[160];
    struct pb_journal *journal = NULL;
    struct pb_error err = { "" };
    (void)snprintf(file, sizeof file, "%s/none/run.json.journal", f->folder);
    assert_int_equal(pb_journal_create(file, &f->record, &journal, &err),
                     PB_ERR_ENVIRONMENT);
    assert_non_null(strstr(err.text, file));
}

static void test_closing_removes_only_when_told(void **state)
{
    struct fixture *f = *state;
    struct pb_journal *journal = NULL;
    create(f, 1);
    assert_int_equal(access(f->file, F_OK), 0);
    struct pb_record got = resume(f, &journal);
    pb_record_release(&got);
    pb_journal_close(journal, true);
    assert_int_not_equal(access(f->file, F_OK), 0);
    pb_journal_close(NULL, true);
}

/* Cut off, as a power cut leaves it: the whole lines count, and the next point starts a
 * line of its own. */
static void test_cut_off_anywhere(void **state)
{
    struct fixture *f = *state;
    create(f, 2);
    char *text = contents(f);
    const size_t len = strlen(text), header = (size_t)(strchr(text, '\n') - text) + 1;
    for (size_t cut = header; cut <= len; cut++) {
        if (text[cut - 1] != '\n' && text[cut] != '\n' && cut % 61)
            continue; /* around every newline, and here and there in between */
        overwrite(f, text, cut);
        size_t whole = 0;
        for (size_t i = header; i < cut; i++)
            whole += text[i] == '\n';
        struct pb_journal *journal = NULL;
        struct pb_record got = resume(f, &journal);
        assert_int_equal(got.npoints, whole);
        pb_record_release(&got);
        assert_int_equal(pb_journal_append(journal, &f->record.points[1], NULL), PB_OK);
        pb_journal_close(journal, false);
        got = resume(f, &journal);
        assert_int_equal(got.npoints, whole + 1);
        assert_int_equal(pb_point_compare(&got.points[whole], &f->record.points[1]), 0);
        pb_record_release(&got);
        pb_journal_close(journal, false);
    }
    free(text);
}

static void test_cut_off_in_the_first_line_there_is_nothing_to_resume(void **state)
{
    struct fixture *f = *state;
    create(f, 0);
    char *text = contents(f);
    overwrite(f, text, strlen(text) - 1);
    refuses(f, "nothing to resume");
    overwrite(f, text, 0);
    refuses(f, "nothing to resume");
    free(text);
    (void)unlink(f->file);
    refuses(f, "nothing to resume");
}

/* A file system may leave zeros where the last block should be. */
static void test_zeros_at_the_end_are_cut_off(void **state)
{
    struct fixture *f = *state;
    create(f, 1);
    FILE *out = fopen(f->file, "a");
    assert_non_null(out);
    for (int i = 0; i < 4096; i++)
        assert_int_equal(fputc('\0', out), 0);
    assert_int_equal(fclose(out), 0);
    struct pb_journal *journal = NULL;
    struct pb_record got = resume(f, &journal);
    assert_int_equal(got.npoints, 1);
    pb_record_release(&got);
    pb_journal_close(journal, false);
    char *text = contents(f);
    struct stat info;
    assert_int_equal(stat(f->file, &info), 0);
    assert_int_equal(info.st_size, strlen(text));
    free(text);
}

static void replace_line(const struct fixture *f, unsigned number, const char *with)
{
    char *text = contents(f), changed[65536] = "";
    const char *line = text;
    for (unsigned i = 1; i < number; i++)
        line = strchr(line, '\n') + 1;
    (void)snprintf(changed, sizeof changed, "%.*s%s%s", (int)(line - text), text, with,
                   strchr(line, '\n'));
    overwrite(f, changed, strlen(changed));
    free(text);
}

static void refuses_line(struct fixture *f, unsigned number, const char *with)
{
    char where[160];
    create(f, 3);
    replace_line(f, number, with);
    (void)snprintf(where, sizeof where, "%s:%u: ", f->file, number);
    char *before = contents(f);
    refuses(f, where);
    char *after = contents(f);
    assert_string_equal(before, after); /* what could be saved by hand is still there */
    free(before);
    free(after);
    assert_int_equal(unlink(f->file), 0);
}

static void test_damage_in_the_middle_is_named_by_its_line(void **state)
{
    struct fixture *f = *state;
    refuses_line(f, 3, "{\"point\":{\"kernel\":\"sax");
    refuses_line(f, 2, "");
    refuses_line(f, 4, "{\"point\":{\"kernel\":\"saxpy\"}}");
    refuses_line(f, 3, "{\"probe\":{}}");
    refuses_line(f, 2, "{\"error\":\"no driver\"}");
}

static void test_damaged_header_is_named(void **state)
{
    struct fixture *f = *state;
    refuses_line(f, 1, "");
    refuses_line(f, 1, "{}");
    refuses_line(f, 1, "{\"journal\":1}");
    refuses_line(f, 1, "{\"journal\":2,\"record\":{}}");
    refuses_line(f, 1, "{\"journal\":1,\"record\":{\"schema\":99}}");
    refuses_line(f, 1, "{\"point\":{}}");
}

/* A limit on the size of files stands for the end of the disk: both let a write fail in
 * the middle of a line. */
static void test_line_that_cannot_be_written_is_told(void **state)
{
    struct fixture *f = *state;
    struct pb_journal *journal = NULL;
    struct pb_error err = { "" };
    struct rlimit before, small;
    struct stat info;
    create(f, 2);
    struct pb_record got = resume(f, &journal);
    pb_record_release(&got);
    assert_int_equal(stat(f->file, &info), 0);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small = before;
    small.rlim_cur = (rlim_t)info.st_size + 10;
    void (*const handler)(int) = signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    const enum pb_status status = pb_journal_append(journal, &f->record.points[0], &err);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    (void)signal(SIGXFSZ, handler);
    assert_int_equal(status, PB_ERR_ENVIRONMENT);
    assert_non_null(strstr(err.text, f->file));
    assert_non_null(strstr(err.text, "--resume"));
    pb_journal_close(journal, false);
    got = resume(f, &journal); /* what came before is whole */
    assert_int_equal(got.npoints, 2);
    pb_record_release(&got);
    pb_journal_close(journal, false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(test_name),
        TEST(test_what_was_appended_comes_back),
        TEST(test_every_point_is_a_line_at_once),
        TEST(test_existing_journal_is_not_overwritten),
        TEST(test_place_that_cannot_be_written_is_named),
        TEST(test_closing_removes_only_when_told),
        TEST(test_cut_off_anywhere),
        TEST(test_cut_off_in_the_first_line_there_is_nothing_to_resume),
        TEST(test_zeros_at_the_end_are_cut_off),
        TEST(test_damage_in_the_middle_is_named_by_its_line),
        TEST(test_damaged_header_is_named),
        TEST(test_line_that_cannot_be_written_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

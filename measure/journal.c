#include "measure/journal.h"

#include "measure/clock.h"
#include "measure/order.h"
#include "measure/text.h"
#include "results/codec.h"
#include "results/json.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

struct pb_journal {
    char *file; /* owned */
    int fd;
    uint64_t synced_ns;
};

char *pb_journal_name(const char *result_file)
{
    return pb_text_format("%s.journal", result_file);
}

static struct pb_journal *new_journal(const char *file, int fd)
{
    struct pb_journal *journal = calloc(1, sizeof *journal);
    if (!journal)
        return NULL;
    journal->fd = fd;
    journal->file = strdup(file);
    return journal;
}

/* Two runs appending to one journal would mix: whoever holds it, holds a lock. */
static enum pb_status lock(int fd, const char *file, struct pb_error *err)
{
    if (flock(fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK)
        return PB_OK; /* a file system without locks is no reason to stop */
    return pb_fail(
        err, PB_ERR_USAGE,
        "%s is being written by another parbench that still runs: wait for it, "
        "or choose another file with -o",
        file);
}

static enum pb_status write_line(struct pb_journal *journal, const char *line,
                                 struct pb_error *err)
{
    char *text = line ? pb_text_format("%s\n", line) : NULL;
    if (!text)
        return pb_fail(err, PB_ERR_MEMORY, "out of memory for a line of %s",
                       journal->file);
    enum pb_status status = PB_OK;
    for (size_t done = 0, len = strlen(text); done < len && !status;) {
        const ssize_t count = write(journal->fd, text + done, len - done);
        if (count >= 0)
            done += (size_t)count;
        else if (errno != EINTR)
            status =
                pb_fail(err, PB_ERR_ENVIRONMENT,
                        "cannot write to %s: %s; what was measured before is in that "
                        "file: make room, then continue with --resume",
                        journal->file, strerror(errno));
    }
    free(text);
    return status;
}

static char *header_line(const struct pb_record *record)
{
    struct pb_json *json = pb_json_new_object();
    const bool ok = pb_json_add_number(json, "journal", 1) &&
                    pb_json_add(json, "record", pb_record_encode(record, false));
    char *line = ok ? pb_json_print(json, false) : NULL;
    pb_json_free(json);
    return line;
}

static enum pb_status refuse_existing(const char *file, struct pb_error *err)
{
    const int fd = open(file, O_RDONLY | O_CLOEXEC);
    const enum pb_status held = fd < 0 ? PB_OK : lock(fd, file, err);
    if (fd >= 0)
        (void)close(fd);
    if (held)
        return held;
    return pb_fail(
        err, PB_ERR_USAGE,
        "%s holds what an interrupted run measured: continue it with --resume, "
        "or delete that file",
        file);
}

enum pb_status pb_journal_create(const char *file, const struct pb_record *record,
                                 struct pb_journal **out, struct pb_error *err)
{
    const int fd = open(file, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0666);
    if (fd < 0 && errno == EEXIST)
        return refuse_existing(file, err);
    if (fd < 0)
        return pb_fail(err, PB_ERR_ENVIRONMENT,
                       "cannot create %s: %s; choose another place with -o", file,
                       strerror(errno));
    (void)lock(fd, file, NULL); /* just made: nobody else can hold it */
    struct pb_journal *journal = new_journal(file, fd);
    char *line = header_line(record);
    const enum pb_status status = journal ? write_line(journal, line, err)
                                          : pb_fail(err, PB_ERR_MEMORY, "out of memory");
    free(line);
    if (status) {
        pb_journal_close(journal, true);
        return status;
    }
    *out = journal;
    return PB_OK;
}

enum pb_status pb_journal_append(struct pb_journal *journal, const struct pb_point *point,
                                 struct pb_error *err)
{
    char *line = pb_answer_encode_point(point);
    const enum pb_status status = write_line(journal, line, err);
    free(line);
    const uint64_t now_ns = pb_clock_now(pb_clock_monotonic());
    if (!status && now_ns - journal->synced_ns >=
                       1000000000u) { /* a sync per point would disturb what we measure */
        (void)fdatasync(journal->fd);
        journal->synced_ns = now_ns;
    }
    return status;
}

void pb_journal_close(struct pb_journal *journal, bool remove)
{
    if (!journal)
        return;
    if (!remove)
        (void)fdatasync(journal->fd);
    (void)close(journal->fd);
    if (remove && journal->file)
        (void)unlink(journal->file);
    free(journal->file);
    free(journal);
}

/* ---- resume ------------------------------------------------------------------------ */

static enum pb_status read_header(const char *line, struct pb_record *record,
                                  struct pb_error *err)
{
    struct pb_json_doc *doc = NULL, *inner = NULL;
    const struct pb_json *object = NULL;
    uint64_t version;
    enum pb_status status =
        pb_json_parse("its first line", line, strlen(line), &doc, err);
    if (!status)
        status =
            pb_json_get_integer(doc, pb_json_root(doc), "journal", 1, 1, &version, err);
    if (!status)
        status = pb_json_get_object(doc, pb_json_root(doc), "record", &object, err);
    if (!status && !object)
        status = pb_fail(err, PB_ERR_INPUT, "its first line lacks \"record\"");
    if (!status) { /* the record's decoder wants a document of its own */
        char *text = pb_json_print(object, false);
        status = text ? pb_json_parse("its first line", text, strlen(text), &inner, err)
                      : pb_fail(err, PB_ERR_MEMORY, "out of memory");
        free(text);
    }
    if (!status)
        status = pb_record_decode(inner, false, record, err);
    pb_json_doc_free(inner);
    pb_json_doc_free(doc);
    return status;
}

/* Reads line number `index` (from 0) into the record. */
static enum pb_status read_line(const char *file, size_t index, const char *line,
                                struct pb_record *record, struct pb_error *err)
{
    struct pb_point point;
    enum pb_status status;
    if (index == 0) {
        status = read_header(line, record, err);
    } else {
        status = pb_answer_decode_point(line, &point, err);
        if (!status)
            return pb_record_add(record, &point, err);
    }
    return status ? pb_fail_prefix(err, PB_ERR_INPUT, "%s:%zu", file, index + 1) : PB_OK;
}

/* Reads whole lines; *whole_bytes is where they end. */
static enum pb_status read_lines(const char *file, FILE *in, struct pb_record *record,
                                 off_t *whole_bytes, struct pb_error *err)
{
    char *line = NULL;
    size_t cap = 0, index = 0;
    enum pb_status status = PB_OK;
    for (ssize_t len;
         !status && (len = getline(&line, &cap, in)) > 0 && line[len - 1] == '\n';
         index++) {
        line[len - 1] = '\0';
        *whole_bytes += len;
        status = read_line(file, index, line, record, err);
    }
    free(line);
    if (!status && index == 0)
        status = pb_fail(
            err, PB_ERR_INPUT,
            "%s holds no whole line: nothing to resume; delete it and start again", file);
    return status;
}

/* Reads the journal behind fd and cuts off the half line at its end, or the next point
 * would be glued to it. */
static enum pb_status take_over(const char *file, int fd, struct pb_record *record,
                                struct pb_error *err)
{
    off_t whole_bytes = 0;
    FILE *in = fopen(file, "re");
    if (!in)
        return pb_fail(err, PB_ERR_INPUT, "cannot read %s: %s", file, strerror(errno));
    const enum pb_status status = read_lines(file, in, record, &whole_bytes, err);
    (void)fclose(in);
    if (!status && ftruncate(fd, whole_bytes))
        return pb_fail(err, PB_ERR_ENVIRONMENT, "cannot continue %s: %s", file,
                       strerror(errno));
    return status;
}

enum pb_status pb_journal_resume(const char *file, struct pb_record *record,
                                 struct pb_journal **out, struct pb_error *err)
{
    const int fd = open(file, O_WRONLY | O_APPEND | O_CLOEXEC);
    if (fd < 0)
        return pb_fail(err, PB_ERR_INPUT, "nothing to resume: cannot open %s: %s", file,
                       strerror(errno));
    pb_record_init(record);
    struct pb_journal *journal = new_journal(file, fd);
    enum pb_status status =
        journal ? lock(fd, file, err) : pb_fail(err, PB_ERR_MEMORY, "out of memory");
    if (!status)
        status = take_over(file, fd, record, err);
    if (!status) {
        *out = journal;
        return PB_OK;
    }
    pb_record_release(record);
    if (journal)
        pb_journal_close(journal, false);
    else
        (void)close(fd);
    return status;
}

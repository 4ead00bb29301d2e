#include "cmd/resume.h"

#include "measure/text.h"

static enum pb_status refuse_mixture(const char *what, const char *then, const char *now,
                                     struct pb_error *err)
{
    if (pb_text_same(then, now))
        return PB_OK;
    return pb_fail(err, PB_ERR_USAGE,
                   "the journal was begun with another %s (\"%s\", now \"%s\"): one file "
                   "must not mix the two; finish it "
                   "there, or start a new run",
                   what, then ? then : "unknown", now ? now : "unknown");
}

enum pb_status pb_resume_check(const struct pb_record *then, const struct pb_record *now,
                               struct pb_error *err)
{
    enum pb_status status = refuse_mixture("build", then->git, now->git, err);
    if (!status)
        status = refuse_mixture("compiler", then->compiler, now->compiler, err);
    if (!status)
        status = refuse_mixture("set of compiler flags", then->cflags, now->cflags, err);
    return status ? status
                  : refuse_mixture("CPU", then->machine.cpu, now->machine.cpu, err);
}

#include "cmd/analyse.h"

#include "cmd/command.h"

#include <stdio.h>

static enum pb_status analyse(const struct pb_analysis *a, int argc, char **argv,
                              const char **nothing, struct pb_error *err)
{
    struct pb_record record;
    char **files;
    size_t nfiles;
    enum pb_status status =
        pb_options_parse(a->command, argc, argv, a->options, &files, &nfiles, err);
    if (status)
        return status;
    a->load->files = (const char *const *)files;
    a->load->nfiles = nfiles;
    status = pb_load_records(a->load, &record, err);
    if (status)
        return status;
    status = a->work(a->options, &record, nothing, err);
    pb_record_release(&record);
    return status;
}

int pb_analyse(const struct pb_analysis *analysis, int argc, char **argv)
{
    const char *name = analysis->command->name;
    const char *nothing = NULL;
    struct pb_error err = { .text = "" };
    const enum pb_status status = analyse(analysis, argc, argv, &nothing, &err);
    if (status)
        return pb_command_fail(name, status, &err);
    if (!nothing)
        return PB_EXIT_OK;
    fprintf(stderr, "parbench %s: %s\n", name, nothing);
    return PB_EXIT_INCONCLUSIVE;
}

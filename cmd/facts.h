/* facts.h - what a result file says of the run itself: build, command, machine, time. */
#ifndef PB_CMD_FACTS_H
#define PB_CMD_FACTS_H

#include "measure/error.h"
#include "results/record.h"

#include <stdio.h>

/* Below 2^52, so that JSON keeps it exactly. */
uint64_t pb_facts_random_seed(void);

/* Fills build, id, start time, a random seed, the command ("parbench" + argv[0..argc)),
 * the machine and its fitness as far as it can be read in a moment. */
enum pb_status pb_facts_fill(struct pb_record *record, int argc, char **argv,
                             struct pb_error *err);
/* One line to out where the record's fitness holds a warning, else nothing. */
void pb_facts_warn(const char *command, const struct pb_record *record, FILE *out);

/* A NULL-ended copy of argv, and its undoing (accepts NULL). */
char **pb_facts_copy_command(int argc, char **argv);
void pb_facts_free_command(char **command);

/* "parbench-20261122-104745.json", to free(); local time. */
char *pb_facts_file_name(void);

#endif

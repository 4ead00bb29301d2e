/* peers_output.h - what a program says, read from its output. */
#ifndef PB_TESTS_EVIDENCE_PEERS_OUTPUT_H
#define PB_TESTS_EVIDENCE_PEERS_OUTPUT_H

#include <stddef.h>

/* The number behind `key` in what a shell command prints, the last one if there are
 * several; 0: none, or the command failed. */
double pb_peers_number_from(const char *command, const char *key);
/* The first line that it prints, without its end; "" where there is none. */
void pb_peers_first_line(const char *command, char *buf, size_t bytes);

#endif

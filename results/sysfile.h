/* sysfile.h - the small text files of /proc and /sys. Every function takes the root that
 * they stand under: "" for this machine, a folder for a test. */
#ifndef PB_RESULTS_SYSFILE_H
#define PB_RESULTS_SYSFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The first bytes of root/path as a string; a final newline is cut off. false: cannot be
 * read, or empty. */
bool pb_sysfile_read(const char *root, const char *path, char *buf, size_t bytes);

/* Copies what follows `key` and any of " \t:=" on the first line of root/path that starts
 * with it: "model name" in /proc/cpuinfo. false: no such file or line, or nothing
 * there. */
bool pb_sysfile_find(const char *root, const char *path, const char *key, char *buf,
                     size_t bytes);

/* The same as a whole number; what stands behind it is not looked at. */
bool pb_sysfile_find_number(const char *root, const char *path, const char *key,
                            uint64_t *out);

#endif

/* version.h - which build this is: what make wrote, behind one door. */
#ifndef PB_CMD_VERSION_H
#define PB_CMD_VERSION_H

struct pb_version {
    const char *version; /* "0.1.0" */
    const char *git; /* the commit, "-dirty" behind it for a changed tree; "unknown" */
    const char *compiler; /* "gcc 12.2.0" */
    const char *cflags;   /* as make was given them */
};

extern const struct pb_version pb_version;

#endif

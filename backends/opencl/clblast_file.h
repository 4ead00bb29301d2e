/* clblast_file.h - which file CLBlast is: for the card, which only looks, and for the
 * sessions, which load it.
 */
#ifndef PB_BACKENDS_OPENCL_CLBLAST_FILE_H
#define PB_BACKENDS_OPENCL_CLBLAST_FILE_H

#include <stdlib.h>

/* A build of one's own stands where PARBENCH_CLBLAST says. */
static inline const char *pb_clblast_file(void)
{
    const char *own = getenv("PARBENCH_CLBLAST");
    return own != NULL && own[0] != '\0' ? own : "libclblast.so.1";
}

#endif

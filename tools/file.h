/*
 * A whole file in memory. May use libc.
 */
#ifndef TOOLS_FILE_H
#define TOOLS_FILE_H

#include <stddef.h>

/*
 * All of a file, to be freed: NULL, and errno says why. EFBIG: there is more
 * than max. Something is allocated for an empty one also.
 */
char *file_read(const char *name, size_t max, size_t *length);

/* Why a file cannot be read: an errno number; 0: it can be. */
int file_error(const char *name);

#endif

/*
 * Internationalised domain names as people write them. May use the public
 * headers.
 */
#ifndef TOOLS_UNICODE_H
#define TOOLS_UNICODE_H

/* 253 octets of A-labels, each at most one character of four octets. */
#define UNICODE_ROOM 1024

/*
 * Write the name with its A-labels as letters, in UTF-8. 0 when that is the
 * same name, or this build knows no internationalised names.
 */
int unicode_differs(const char *name, char out[UNICODE_ROOM]);

/* The same in memory of its own, to free(); NULL for 0. */
char *unicode_form(const char *name);

#endif

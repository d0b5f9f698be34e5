/*
 * Internationalised domain names as people write them. May use the public
 * headers.
 */
#ifndef TOOLS_UNICODE_H
#define TOOLS_UNICODE_H

/*
 * The name with its A-labels as letters, in UTF-8; free() it. NULL when that
 * is the same name, or this build knows no internationalised names.
 */
char *unicode_form(const char *name);

#endif

/*
 * Which known word somebody may have meant. May use libc.
 */
#ifndef TOOLS_NEAR_H
#define TOOLS_NEAR_H

#include <stddef.h>

#define NEAR_MAX 3 /* slips, more than are forgiven */

/*
 * How many slips lead from one word to the other: a letter too many, one
 * missing, another one, or two neighbours exchanged. NEAR_MAX when that many
 * are not enough to tell, or there are more of them than every third letter.
 */
int near_slips(const char *typed, size_t length, const char *known);

#endif

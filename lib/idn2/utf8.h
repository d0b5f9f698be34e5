/*
 * UTF-8, one character at a time and strictly (RFC 3629): what comes from a
 * mail address is held against this before any other library sees it. May
 * use libc.
 */
#ifndef MXSEL_IDN2_UTF8_H
#define MXSEL_IDN2_UTF8_H

#include <stddef.h>
#include <stdint.h>

/*
 * The character that text begins with goes to *character. Returns its octets,
 * 1 to 4; 0: left is 0, or this is no UTF-8. NUL is a character like others.
 */
size_t mxsel__utf8_next(uint32_t *character, const char *text, size_t left);

#endif

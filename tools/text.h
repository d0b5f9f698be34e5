/*
 * Strings on their way out: to JSON, and to a terminal. Both may hold any
 * octet a stranger put into a destination, so neither is written as it is.
 * May use libc.
 */
#ifndef TOOLS_TEXT_H
#define TOOLS_TEXT_H

#include <stddef.h>
#include <stdio.h>

#include "buffer.h"

/*
 * A JSON string with its quotes: valid UTF-8 as it is, every invalid sequence
 * as U+FFFD, control characters as \u00XX (RFC 8259 7). There is a NUL at
 * s[length].
 */
void text_json(struct buffer *out, const char *s, size_t length);

/* The same of a C string; NULL counts as empty. */
void text_json_string(struct buffer *out, const char *s);

/*
 * For people: what is no UTF-8, controls the terminal or turns the
 * direction of writing comes as \DDD, octet by octet.
 */
void text_plain(FILE *out, const char *s);

/*
 * How many columns of a terminal a text takes that text_plain() wrote, with
 * East Asian wide characters as two and combining marks as none.
 */
size_t text_columns(const char *s);

#endif

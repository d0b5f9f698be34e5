/*
 * Internationalised domain names as people write them, where libmxsel-idn2 is
 * there to tell. May use the public headers.
 */
#include "unicode.h"

#include <stdlib.h>
#include <string.h>

#ifdef HAVE_IDN2
#include <mxsel/idn2.h>

/* 253 octets of A-labels, each at most one character of four octets. */
#define ROOM 1024

char *unicode_form(const char *name)
{
	size_t size = ROOM;
	char *out = malloc(size);

	if (out == NULL)
		return NULL;
	if (mxsel_idn2_to_display(name, out, &size) != 0 ||
	    strcmp(out, name) == 0) {
		free(out);
		return NULL;
	}
	return out;
}
#else
char *unicode_form(const char *name)
{
	(void)name;
	return NULL;
}
#endif

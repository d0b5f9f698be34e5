/*
 * Internationalised domain names as people write them, where libmxsel-idn2 is
 * there to tell. May use the public headers.
 */
#include "unicode.h"

#include <stdlib.h>
#include <string.h>

#ifdef HAVE_IDN2
#include <mxsel/idn2.h>

int unicode_differs(const char *name, char out[UNICODE_ROOM])
{
	size_t size = UNICODE_ROOM;

	/* Nothing else is written differently (RFC 5890 2.3.2.5). */
	if (strstr(name, "xn--") == NULL)
		return 0;
	return mxsel_idn2_to_display(name, out, &size) == 0 &&
		strcmp(out, name) != 0;
}
#else
int unicode_differs(const char *name, char out[UNICODE_ROOM])
{
	(void)name;
	(void)out;
	return 0;
}
#endif

char *unicode_form(const char *name)
{
	char shown[UNICODE_ROOM], *out;

	if (!unicode_differs(name, shown))
		return NULL;
	out = malloc(strlen(shown) + 1);
	if (out != NULL)
		memcpy(out, shown, strlen(shown) + 1);
	return out;
}

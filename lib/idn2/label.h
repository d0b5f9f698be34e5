/*
 * One label of an internationalised name, there and back, by libidn2. May
 * use libidn2, <mxsel/mxsel.h> and libc.
 */
#ifndef MXSEL_IDN2_LABEL_H
#define MXSEL_IDN2_LABEL_H

#include <stddef.h>

#define MXSEL__LABEL_MAX 63    /* octets of a label, RFC 1035 2.3.4 */
#define MXSEL__INPUT_MAX 1024  /* octets of a name that is looked at */
/* Room for the U-label of any A-label: at most 59 characters of 4 octets. */
#define MXSEL__ULABEL_SIZE 256

/* Does it begin with "xn--", in any case? */
int mxsel__label_is_xn(const char *text, size_t length);

/*
 * A label to lower case ASCII and a NUL: plain letters, digits, '-' and '_'
 * stay, an A-label is checked, everything else becomes an A-label. text is
 * UTF-8, up to MXSEL__INPUT_MAX octets without NUL and dots. Returns 0 or a
 * negative number: MXSEL_ESYNTAX, also when length is 0, MXSEL_ENOMEM.
 */
int mxsel__label_to_ascii(char out[MXSEL__LABEL_MAX + 1], const char *text,
	size_t length);

/*
 * The U-label of an A-label. MXSEL_ESYNTAX when it is no valid one;
 * MXSEL_ENOMEM.
 */
int mxsel__label_to_unicode(char out[MXSEL__ULABEL_SIZE], const char *text,
	size_t length);

#endif

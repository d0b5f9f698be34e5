/*
 * UTF-8 as RFC 3629 has it: the shortest form only, no surrogates, nothing
 * above U+10FFFF. A table says for each first octet what may follow. May use
 * libc.
 */
#include "idn2/utf8.h"

/* RFC 3629 4: ranges of the first octet and of the second; the third and the
   fourth are 80..BF. */
static const struct form {
	unsigned char first, last, low, high, octets;
} forms[] = {
	{ 0x00, 0x7f, 0, 0, 1 },
	{ 0xc2, 0xdf, 0x80, 0xbf, 2 },
	{ 0xe0, 0xe0, 0xa0, 0xbf, 3 }, /* no shorter form */
	{ 0xe1, 0xec, 0x80, 0xbf, 3 },
	{ 0xed, 0xed, 0x80, 0x9f, 3 }, /* no surrogates */
	{ 0xee, 0xef, 0x80, 0xbf, 3 },
	{ 0xf0, 0xf0, 0x90, 0xbf, 4 }, /* no shorter form */
	{ 0xf1, 0xf3, 0x80, 0xbf, 4 },
	{ 0xf4, 0xf4, 0x80, 0x8f, 4 }, /* up to U+10FFFF */
};

#define FORMS (sizeof(forms) / sizeof(forms[0]))

static const struct form *form_of(unsigned char octet)
{
	size_t i;

	for (i = 0; i < FORMS; i++)
		if (octet >= forms[i].first && octet <= forms[i].last)
			return &forms[i];
	return NULL;
}

size_t mxsel__utf8_next(uint32_t *character, const char *text, size_t left)
{
	const struct form *form;
	unsigned char octet;
	size_t i;

	form = left == 0 ? NULL : form_of((unsigned char)text[0]);
	if (form == NULL || left < form->octets)
		return 0;
	/* Of 2, 3, 4 octets the first has 5, 4, 3 bits of the character. */
	octet = (unsigned char)text[0];
	*character = form->octets == 1 ? octet
		: octet & (0x7fu >> form->octets);
	for (i = 1; i < form->octets; i++) {
		octet = (unsigned char)text[i];
		if (octet < (i == 1 ? form->low : 0x80) ||
			octet > (i == 1 ? form->high : 0xbf))
			return 0;
		*character = *character << 6 | (octet & 0x3fu);
	}
	return form->octets;
}

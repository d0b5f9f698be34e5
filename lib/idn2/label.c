/*
 * One label, there and back. libidn2 is asked twice: it maps as UTS 46 has
 * it, and then checks the A-label that came out as IDNA2008 has it, without
 * the characters that UTS 46 lets pass for the sake of IDNA2003. Its own STD3
 * rules are left alone: they drop what is forbidden instead of refusing it,
 * and with it the '_' of service names. May use libidn2, <mxsel/mxsel.h> and
 * libc.
 */
#include "idn2/label.h"

#include <errno.h>
#include <idn2.h>
#include <string.h>

#include <mxsel/mxsel.h>

/* UTS 46 4, non-transitional: sharp s, final sigma and joiners are letters. */
#define MAP (IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL)
/* RFC 5891 5.4, on what is in the DNS already: nothing is mapped. */
#define CHECK (IDN2_NFC_INPUT | IDN2_NO_TR46)

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static int is_plain_octet(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
		c == '_';
}

static int is_plain(const char *text, size_t length)
{
	size_t i;

	for (i = 0; i < length; i++)
		if (!is_plain_octet(lower(text[i])))
			return 0;
	return 1;
}

int mxsel__label_is_xn(const char *text, size_t length)
{
	return length >= 4 && lower(text[0]) == 'x' && lower(text[1]) == 'n' &&
		text[2] == '-' && text[3] == '-';
}

/* What libidn2 returned; some of its callees speak of memory in errno. */
static int judge(int rc)
{
	if (rc == IDN2_OK)
		return 0;
	return rc == IDN2_MALLOC || errno == ENOMEM ? MXSEL_ENOMEM
		: MXSEL_ESYNTAX;
}

/* Copy and free what libidn2 gave; room includes the NUL. */
static int keep(char *out, size_t room, char *given)
{
	size_t length = strlen(given);
	int fits = length > 0 && length < room;

	if (fits)
		memcpy(out, given, length + 1);
	idn2_free(given);
	return fits ? 0 : MXSEL_ESYNTAX;
}

static int convert(char out[MXSEL__LABEL_MAX + 1], const char *label,
	int flags)
{
	char *given = NULL;
	int rc;

	errno = 0;
	rc = judge(idn2_to_ascii_8z(label, &given, flags));
	return rc == 0 ? keep(out, MXSEL__LABEL_MAX + 1, given) : rc;
}

/* A folded label, not plain or with "xn--", to the A-label it stands for. */
static int to_a_label(char out[MXSEL__LABEL_MAX + 1], const char *label)
{
	char again[MXSEL__LABEL_MAX + 1];
	int rc = convert(out, label, MAP);

	if (rc != 0)
		return rc;
	/* What a character stands for may have signs: U+2100 is "a/c". */
	if (!is_plain(out, strlen(out)))
		return MXSEL_ESYNTAX;
	if (!mxsel__label_is_xn(out, strlen(out)))
		return 0;
	rc = convert(again, out, CHECK);
	if (rc != 0)
		return rc;
	return strcmp(again, out) == 0 ? 0 : MXSEL_ESYNTAX;
}

int mxsel__label_to_ascii(char out[MXSEL__LABEL_MAX + 1], const char *text,
	size_t length)
{
	char label[MXSEL__INPUT_MAX + 1];
	int plain = is_plain(text, length);
	size_t i;
	int rc;

	if (length == 0 || length > (plain ? MXSEL__LABEL_MAX
		: MXSEL__INPUT_MAX))
		return MXSEL_ESYNTAX;
	for (i = 0; i < length; i++)
		label[i] = lower(text[i]);
	label[length] = '\0';
	if (plain && !mxsel__label_is_xn(label, length)) {
		memcpy(out, label, length + 1);
		return 0;
	}
	rc = to_a_label(out, label);
	/* RFC 5891 5.3: an A-label is looked up as it is, or not at all. */
	if (rc == 0 && plain && strcmp(out, label) != 0)
		return MXSEL_ESYNTAX;
	return rc;
}

int mxsel__label_to_unicode(char out[MXSEL__ULABEL_SIZE], const char *text,
	size_t length)
{
	char label[MXSEL__LABEL_MAX + 1];
	char *given = NULL;
	int rc = MXSEL_ESYNTAX;

	if (mxsel__label_is_xn(text, length) && is_plain(text, length))
		rc = mxsel__label_to_ascii(label, text, length);
	if (rc != 0)
		return rc;
	errno = 0;
	rc = judge(idn2_to_unicode_8z8z(label, &given, 0));
	return rc == 0 ? keep(out, MXSEL__ULABEL_SIZE, given) : rc;
}

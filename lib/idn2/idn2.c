/*
 * <mxsel/idn2.h>: whole names, bounded and checked as UTF-8 before libidn2
 * sees their labels one by one. Plain labels are none of its business: what
 * the core takes alone it takes beside an internationalised label too. May
 * use the public headers and libc; libidn2 is behind label.h.
 */
#include <mxsel/idn2.h>

#include <string.h>

#include "idn2/label.h"
#include "idn2/utf8.h"

#define TEXT_MAX 253 /* octets of a name's text, RFC 1035 2.3.4 */

/* --------------------------------------------------------------- to ASCII */

/* What is left of a name that is read label by label. */
struct reader {
	const char *text;
	size_t left;
};

/* UTS 46 maps three more to the dot: ideographic, fullwidth, halfwidth. */
static int is_dot(uint32_t c)
{
	return c == '.' || c == 0x3002 || c == 0xff0e || c == 0xff61;
}

/* Controls, and the signs that no host name has. Of letters beyond ASCII
   libidn2 decides. */
static int is_forbidden(uint32_t c)
{
	if (c >= 0x80)
		return c < 0xa0;
	return !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		(c >= '0' && c <= '9') || c == '-' || c == '_');
}

/* Step over a label and its dot; its length, 0 for none that can be. */
static size_t read_label(struct reader *reader)
{
	size_t length = 0, octets;
	uint32_t c;

	for (; reader->left > 0; length += octets) {
		octets = mxsel__utf8_next(&c, reader->text, reader->left);
		if (octets == 0)
			return 0;
		reader->text += octets;
		reader->left -= octets;
		if (is_dot(c))
			break;
		if (is_forbidden(c))
			return 0;
	}
	return length;
}

/* out has room for a name and, at its end, a label more. */
static int to_ascii(char *out, const char *name, size_t length)
{
	struct reader reader = { name, length };
	size_t used = 0;

	do {
		const char *label = reader.text;
		int rc = mxsel__label_to_ascii(out + used, label,
			read_label(&reader));

		if (rc != 0)
			return rc;
		used += strlen(out + used);
		if (used > TEXT_MAX)
			return MXSEL_ESYNTAX;
		out[used++] = '.';
	} while (reader.left > 0);
	out[used - 1] = '\0'; /* also when the name ended with a dot (R2) */
	return 0;
}

int mxsel_idn2_to_ascii(const char *name, size_t length, char *out,
	void *user)
{
	char text[TEXT_MAX + 1 + MXSEL__LABEL_MAX + 1];
	int rc;

	(void)user;
	if (name == NULL || out == NULL)
		return MXSEL_EUSAGE;
	out[0] = '\0';
	if (length > MXSEL__INPUT_MAX)
		return MXSEL_ESYNTAX;
	rc = to_ascii(text, name, length);
	if (rc == 0)
		memcpy(out, text, strlen(text) + 1);
	return rc;
}

int mxsel_idn2_use(mxsel_options *options)
{
	return mxsel_options_set_idn(options, mxsel_idn2_to_ascii, NULL);
}

/* ------------------------------------------------------------- to display */

/* Text that is counted on when there is no room for it any more. */
struct sink {
	char *out;
	size_t room, needed;
};

static void put(struct sink *sink, const char *text, size_t length)
{
	if (sink->needed < sink->room && length < sink->room - sink->needed)
		memcpy(sink->out + sink->needed, text, length);
	sink->needed += length;
}

/* Octets up to the next dot; one behind a backslash is none (RFC 1035 5.1). */
static size_t label_length(const char *name)
{
	size_t n;

	for (n = 0; name[n] != '\0' && name[n] != '.'; n++)
		if (name[n] == '\\' && name[n + 1] != '\0')
			n++;
	return n;
}

static int put_label(struct sink *sink, const char *label, size_t length)
{
	char shown[MXSEL__ULABEL_SIZE];
	int rc = mxsel__label_to_unicode(shown, label, length);

	if (rc == 0)
		put(sink, shown, strlen(shown));
	else
		put(sink, label, length);
	return rc == MXSEL_ENOMEM ? rc : 0;
}

/* Everything but the NUL; 0 or MXSEL_ENOMEM. */
static int put_name(struct sink *sink, const char *name)
{
	for (;;) {
		size_t length = label_length(name);
		int rc = put_label(sink, name, length);

		if (rc != 0 || name[length] == '\0')
			return rc;
		put(sink, ".", 1);
		name += length + 1;
	}
}

int mxsel_idn2_to_display(const char *name, char *out, size_t *size)
{
	struct sink sink = { out, 0, 0 };
	int rc;

	if (name == NULL || out == NULL || size == NULL)
		return MXSEL_EUSAGE;
	sink.room = *size;
	rc = put_name(&sink, name);
	if (rc == 0) {
		*size = sink.needed + 1;
		rc = sink.needed < sink.room ? 0 : MXSEL_ESPACE;
	}
	if (sink.room > 0)
		out[rc == 0 ? sink.needed : 0] = '\0';
	return rc;
}

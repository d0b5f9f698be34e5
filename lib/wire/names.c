/*
 * Names of a packet as text. The usual name is folded eight octets at a time;
 * one with octets that no host name has is written octet by octet. May use
 * base and name.
 */
#include "wire/message.h"

#include <string.h>

#include "name/text.h"
#include "wire/walk.h"

/*
 * Write a label of 1..63 octets, folded. What is read beyond it is in the
 * packet, what is written beyond it is in out. Returns 0 when an octet is
 * odd.
 */
static int put_eights(char *out, const uint8_t *label, unsigned length)
{
	uint64_t eight;
	unsigned i;

	for (i = 0; length - i > 8; i += 8) {
		eight = mxsel__lower_eight(mxsel__get_eight(label + i));
		mxsel__put_eight(out + i, eight);
		if (mxsel__odd_eight(eight) != 0)
			return 0;
	}
	eight = mxsel__lower_eight(mxsel__get_eight(label + i));
	mxsel__put_eight(out + i, eight);
	return mxsel__odd_eight(eight) << 8 * (8 - (length - i)) == 0;
}

/* The same for a label near the end of the packet. */
static int put_octets(char *out, const uint8_t *label, unsigned length)
{
	unsigned i;

	for (i = 0; i < length; i++) {
		unsigned char folded = mxsel__name_fold[label[i]];

		if (folded == 0)
			return 0;
		out[i] = (char)folded;
	}
	return 1;
}

static int put_label(char *out, const struct mxsel__walk *walk,
	unsigned length)
{
	const uint8_t *label = walk->packet + walk->at + 1;

	if (walk->size - walk->at > ((length + 7) & ~7u))
		return put_eights(out, label, length);
	return put_octets(out, label, length);
}

/* Any name, with escapes. */
static enum mxsel__name_kind write_odd(struct mxsel__walk *walk, char *out,
	size_t *length)
{
	struct mxsel__text text;
	enum mxsel__name_kind kind;
	unsigned octets, i;

	mxsel__text_begin(&text, out);
	for (;;) {
		octets = mxsel__walk_label(walk);
		if (octets == 0)
			break;
		if (octets == MXSEL__LABEL_BAD)
			return MXSEL__NAME_BROKEN;
		for (i = 1; i <= octets; i++) {
			if (mxsel__text_octet(&text,
					walk->packet[walk->at + i]) != 0)
				return MXSEL__NAME_BROKEN;
		}
		(void)mxsel__text_label(&text);
		mxsel__walk_on(walk, octets);
	}
	kind = mxsel__text_end(&text);
	*length = text.length;
	return kind;
}

/* A pointer to the question's name, whose text is known (RFC 1035 4.1.4)? */
static int is_question(const struct mxsel__message *m,
	const struct mxsel__walk *walk)
{
	return m->question_length > 0 && walk->size - walk->at >= 2 &&
		mxsel__get16(walk->packet + walk->at) ==
			MXSEL__POINTER_TO_QUESTION;
}

enum mxsel__name_kind mxsel__wire_name(const struct mxsel__message *m,
	size_t offset, char *out, size_t *length)
{
	struct mxsel__walk walk;
	size_t n = 0;
	unsigned octets;

	mxsel__walk_begin(&walk, m->packet, m->size, offset);
	for (;;) {
		if (is_question(m, &walk)) {
			memcpy(out + n, m->question, m->question_length);
			n += m->question_length + 1u;
			break;
		}
		octets = mxsel__walk_label(&walk);
		if (octets == 0)
			break;
		if (octets == MXSEL__LABEL_BAD ||
			n + octets > MXSEL__NAME_MAX ||
			!put_label(out + n, &walk, octets)) {
			mxsel__walk_begin(&walk, m->packet, m->size, offset);
			return write_odd(&walk, out, length);
		}
		n += octets;
		out[n++] = '.';
		mxsel__walk_on(&walk, octets);
	}
	n -= n > 0;
	out[n] = '\0';
	*length = n;
	return mxsel__text_kind(out, n, 0);
}

/* Is the label this text begins with? Then *text goes behind it. */
static int label_is(const uint8_t *label, unsigned length, const char **text)
{
	const char *at = *text;
	unsigned i;

	for (i = 0; i < length; i++, at++) {
		unsigned char folded = mxsel__name_fold[label[i]];

		if (folded == 0 || folded != (unsigned char)*at)
			return 0;
	}
	if (*at != '\0' && *at != '.')
		return 0;
	*text = at + (*at == '.');
	return 1;
}

int mxsel__wire_name_is(const struct mxsel__message *m, size_t offset,
	const char *name)
{
	struct mxsel__walk walk;
	unsigned octets;

	mxsel__walk_begin(&walk, m->packet, m->size, offset);
	while (*name != '\0') {
		octets = mxsel__walk_label(&walk);
		if (octets == 0 || octets == MXSEL__LABEL_BAD ||
			!label_is(walk.packet + walk.at + 1, octets, &name))
			return 0;
		mxsel__walk_on(&walk, octets);
	}
	return mxsel__walk_label(&walk) == 0;
}

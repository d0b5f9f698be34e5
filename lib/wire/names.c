/*
 * Names of a packet as text. The usual name is folded eight octets at a time;
 * one with octets that no host name has is written octet by octet. May use
 * base and name.
 */
#include "wire/message.h"

#include <string.h>

#include "name/text.h"
#include "wire/walk.h"

/* More than "[IPv6:" and eight groups, the last two in dotted form, need. */
#define ADDRESS_OCTETS_MAX 60u

/*
 * Write the label reached, of 1..63 octets, folded: eight at once as long as
 * the packet has them. What is written beyond it is in out. Returns 0 when an
 * octet is odd.
 */
static int put_label(char *out, const struct mxsel__walk *walk)
{
	size_t from = walk->at + 1;
	unsigned length = walk->length;
	unsigned i;

	for (i = 0; i < length && from + 8 <= walk->size; i += 8) {
		uint64_t eight = mxsel__lower_eight(mxsel__get_eight(
			walk->packet + from));
		uint64_t odd = mxsel__odd_eight(eight);

		mxsel__put_eight(out + i, eight);
		if (i + 8 > length) /* what stands beyond it is not asked */
			odd <<= 8 * ((64 - length) % 8);
		if (odd != 0)
			return 0;
		from += 8;
	}
	for (; i < length; i++) {
		unsigned char folded = mxsel__name_fold[mxsel__read8(
			walk->packet, walk->size, from++)];

		if (folded == 0)
			return 0;
		out[i] = (char)folded;
	}
	return 1;
}

/* Any name, with escapes. */
static enum mxsel__name_kind write_odd(struct mxsel__walk *walk, char *out,
	size_t *length)
{
	struct mxsel__text text;
	enum mxsel__name_kind kind;
	size_t at, end;

	mxsel__text_begin(&text, out);
	for (;;) {
		end = mxsel__walk_label(walk);
		if (end == 0)
			return MXSEL__NAME_BROKEN;
		if (walk->length == 0)
			break;
		for (at = walk->at + 1; at < end; at++) {
			if (mxsel__text_octet(&text, walk->packet[at]) != 0)
				return MXSEL__NAME_BROKEN;
		}
		(void)mxsel__text_label(&text);
		walk->at = end;
	}
	kind = mxsel__text_end(&text);
	*length = text.length;
	return kind;
}

/* A pointer to the question's name, whose text is known (RFC 1035 4.1.4)? */
static int is_question(const struct mxsel__message *m,
	const struct mxsel__walk *walk)
{
	return m->question_length > 0 && mxsel__read16(walk->packet,
		walk->size, walk->at) == MXSEL__POINTER_TO_QUESTION;
}

enum mxsel__name_kind mxsel__wire_name(const struct mxsel__message *m,
	size_t offset, char *out, size_t *length)
{
	struct mxsel__walk walk;
	size_t n = 0;
	size_t end;

	mxsel__walk_begin(&walk, m->packet, m->size, offset);
	for (;;) {
		if (is_question(m, &walk)) {
			memcpy(out + n, m->question, m->question_length);
			n += m->question_length + 1u;
			break;
		}
		end = mxsel__walk_label(&walk);
		if (end == walk.at + 1)
			break;
		if (end == 0 || n > MXSEL__NAME_MAX - walk.length ||
			!put_label(out + n, &walk)) {
			mxsel__walk_begin(&walk, m->packet, m->size, offset);
			return write_odd(&walk, out, length);
		}
		n += walk.length;
		out[n++] = '.';
		walk.at = end;
	}
	if (n > 0)
		n--;
	out[n] = '\0';
	*length = n;
	return mxsel__text_kind(out, n, 0);
}

int mxsel__wire_is_no_host(const struct mxsel__message *m, size_t offset)
{
	char out[MXSEL__LABEL_MAX + 1];
	struct mxsel__walk walk;
	size_t octets = 0;
	size_t end;
	int odd = 0;

	mxsel__walk_begin(&walk, m->packet, m->size, offset);
	end = mxsel__walk_label(&walk);
	while (end > walk.at + 1) {
		octets += walk.length + 1u;
		odd |= !put_label(out, &walk);
		walk.at = end;
		end = mxsel__walk_label(&walk);
	}
	return odd && octets > ADDRESS_OCTETS_MAX;
}

/* Is the label reached the one that this text begins with? */
static int label_is(const struct mxsel__walk *walk, const char *text)
{
	unsigned i;

	for (i = 0; i < walk->length; i++) {
		unsigned char folded = mxsel__name_fold[mxsel__read8(
			walk->packet, walk->size, walk->at + 1 + i)];

		if (folded == 0 || folded != (unsigned char)text[i])
			return 0;
	}
	return text[i] == '\0' || text[i] == '.';
}

int mxsel__wire_name_is(const struct mxsel__message *m, size_t offset,
	const char *name)
{
	struct mxsel__walk walk;
	size_t at = 0;
	size_t end;

	mxsel__walk_begin(&walk, m->packet, m->size, offset);
	while (name[at] != '\0') {
		end = mxsel__walk_label(&walk);
		if (end == 0 || walk.length == 0 ||
			at > MXSEL__NAME_MAX - walk.length ||
			!label_is(&walk, name + at))
			return 0;
		at += walk.length;
		at += name[at] == '.';
		walk.at = end;
	}
	return mxsel__walk_label(&walk) != 0 && walk.length == 0;
}

/*
 * How an answer is laid out. What can be computed is not stored, and of a
 * mail exchanger's name only what differs from the name before it: hosts of
 * one provider end alike. May use libc only.
 */
#include "cache/pack.h"

#include <string.h>

static int is_answer(unsigned outcome, unsigned security)
{
	return (outcome == MXSEL_DNS_COMPLETE ||
		outcome == MXSEL_DNS_NXDOMAIN) &&
		security != MXSEL_SECURITY_BOGUS;
}

int mxsel__cached_is_answer(const struct mxsel__cached *answer)
{
	return is_answer(answer->outcome, answer->security);
}

int mxsel__section_is_answer(const unsigned char *section)
{
	uint64_t word = mxsel__section_word(section);

	return is_answer(mxsel__section_bits(word, MXSEL__OUTCOME_AT, 15),
		mxsel__section_bits(word, MXSEL__SECURITY_AT, 3));
}

/* ---------------------------------------------------------- mail exchangers */

/*
 * A record: kind in three bits and whether the preference is wide in a
 * fourth; the preference, 1 octet or 2; octets of its own; octets that the
 * text before ends with also; its own octets.
 */
#define WIDE 8u

struct text {
	const unsigned char *at;
	size_t length;
};

static size_t shared_end(struct text a, struct text b)
{
	size_t shorter = a.length < b.length ? a.length : b.length;
	size_t n = 0;

	while (n < shorter &&
		a.at[a.length - 1 - n] == b.at[b.length - 1 - n])
		n++;
	return n;
}

/* One record from *in to *out; 0 when it is none. */
static int pack_mx(unsigned char **out, const unsigned char **in,
	const unsigned char *end, struct text *before)
{
	const unsigned char *p = *in;
	unsigned char *q = *out;
	struct text text;
	size_t shared;

	if (end - p < 5 || end - p < 5 + p[2])
		return 0;
	text.at = p + 4;
	text.length = p[2];
	if (p[3] >= WIDE || text.at[text.length] != 0)
		return 0;
	*in = text.at + text.length + 1;
	shared = shared_end(text, *before);
	*q++ = (unsigned char)(p[3] | (p[0] != 0 ? WIDE : 0));
	if (p[0] != 0)
		*q++ = p[0];
	*q++ = p[1];
	*q++ = (unsigned char)(text.length - shared);
	*q++ = (unsigned char)shared;
	memcpy(q, text.at, text.length - shared);
	*out = q + (text.length - shared);
	*before = text;
	return 1;
}

/*
 * By 16 octets, which compilers make two instructions of: names are short,
 * and to call memcpy() for each would be most of the work. Up to
 * MXSEL__SLACK octets too many are read and written; they may overlap.
 */
static void copy(unsigned char *to, const unsigned char *from, size_t size)
{
	unsigned char part[MXSEL__SLACK];
	size_t i;

	for (i = 0; i < size; i += MXSEL__SLACK) {
		memcpy(part, from + i, MXSEL__SLACK);
		memcpy(to + i, part, MXSEL__SLACK);
	}
}

/* Where unpacking is; before: the text before, in the same octets as out. */
struct unpacking {
	const unsigned char *in;
	unsigned char *out, *end;
	struct text before;
};

static void unpack_mx(struct unpacking *u, int is_first)
{
	const unsigned char *p = u->in;
	unsigned char *q = u->out;
	unsigned head = *p++;
	const unsigned char *tail;
	size_t own, shared;

	q[0] = head & WIDE ? *p++ : 0;
	q[1] = *p++;
	own = *p++;
	shared = *p++;
	q[2] = (unsigned char)(own + shared);
	q[3] = head & (WIDE - 1);
	q += 4;
	tail = u->before.at + u->before.length - shared;
	if (!is_first && (size_t)(u->end - q) >= own + shared + MXSEL__SLACK) {
		copy(q, p, own);
		copy(q + own, tail, shared);
	} else { /* the name before is the caller's, with nothing behind it */
		memcpy(q, p, own);
		memcpy(q + own, tail, shared);
	}
	q[own + shared] = 0;
	u->before.at = q;
	u->before.length = own + shared;
	u->out = q + own + shared + 1;
	u->in = p + own;
}

/* ------------------------------------------------------------------ records */

/* Where the packed records end; NULL when they are not what they should. */
static unsigned char *pack_records(unsigned char *out, unsigned class,
	struct text name, const struct mxsel__cached *answer,
	const unsigned char *in)
{
	const unsigned char *end = answer->data + answer->size;
	size_t size = (size_t)(end - in);
	unsigned i;

	if ((class == MXSEL__CLASS_A && size != answer->records * 4u) ||
		(class == MXSEL__CLASS_AAAA && size != answer->records * 16u))
		return NULL;
	if (class != MXSEL__CLASS_MX) {
		memcpy(out, in, size);
		return out + size;
	}
	for (i = 0; i < answer->records; i++) {
		if (!pack_mx(&out, &in, end, &name))
			return NULL;
	}
	return in == end ? out : NULL;
}

static void put16(unsigned char *out, unsigned value)
{
	out[0] = (unsigned char)(value >> 8);
	out[1] = (unsigned char)value;
}

static uint64_t word_for(unsigned class, size_t size,
	const struct mxsel__cached *a)
{
	return (uint64_t)size << MXSEL__SIZE_AT |
		(uint64_t)class << MXSEL__CLASS_AT |
		(uint64_t)a->outcome << MXSEL__OUTCOME_AT |
		(uint64_t)a->security << MXSEL__SECURITY_AT |
		(uint64_t)(a->has_negative != 0) << MXSEL__NEGATIVE_AT |
		(uint64_t)(a->canonical_length != 0) << MXSEL__ALIAS_AT;
}

size_t mxsel__section_pack(unsigned char out[MXSEL__SECTION_MAX],
	const char *name, size_t length, uint16_t type,
	const struct mxsel__cached *answer)
{
	struct text owner = { (const unsigned char *)name, length };
	unsigned class = mxsel__class_of(type);
	unsigned char *at = out + MXSEL__SECTION_HEAD;
	const unsigned char *in = answer->data;
	uint64_t word;

	if (answer->size > MXSEL__CACHED_MAX || answer->outcome > 15 ||
		answer->security > 3)
		return 0;
	if (class == MXSEL__CLASS_OTHER) {
		put16(at, type);
		put16(at + 2, answer->records);
		at += 4;
	}
	if (answer->canonical_length > 0) {
		if (answer->size <= answer->canonical_length ||
			in[answer->canonical_length] != 0)
			return 0;
		*at++ = answer->links;
		*at++ = answer->canonical_length;
		memcpy(at, in, answer->canonical_length);
		at += answer->canonical_length;
		in += answer->canonical_length + 1;
	}
	at = pack_records(at, class, owner, answer, in);
	if (at == NULL)
		return 0;
	word = word_for(class, (size_t)(at - out) - MXSEL__SECTION_HEAD,
		answer);
	memcpy(out, &word, sizeof(word));
	return (size_t)(at - out);
}

void mxsel__section_set_end(unsigned char *section, uint64_t end)
{
	uint64_t word = mxsel__section_word(section) | end;

	memcpy(section, &word, sizeof(word));
}

static void unpack_records(const unsigned char *in, const unsigned char *end,
	unsigned class, struct text owner, struct mxsel__cached *out,
	unsigned char *at)
{
	struct unpacking u = { in, at, out->data + sizeof(out->data), owner };
	size_t size = (size_t)(end - in);

	if (class == MXSEL__CLASS_MX) {
		for (out->records = 0; u.in < end; out->records++)
			unpack_mx(&u, out->records == 0);
	} else {
		memcpy(at, in, size);
		u.out += size;
	}
	if (class == MXSEL__CLASS_A)
		out->records = (uint16_t)(size / 4);
	else if (class == MXSEL__CLASS_AAAA)
		out->records = (uint16_t)(size / 16);
	out->size = (uint16_t)(u.out - out->data);
}

void mxsel__section_unpack(const unsigned char *section, const char *name,
	size_t length, struct mxsel__cached *out)
{
	struct text owner = { (const unsigned char *)name, length };
	uint64_t word = mxsel__section_word(section);
	unsigned class = mxsel__section_bits(word, MXSEL__CLASS_AT, 3);
	const unsigned char *in = section + MXSEL__SECTION_HEAD;
	const unsigned char *end = section + mxsel__section_size(section);
	unsigned char *at = out->data;

	out->outcome = word >> MXSEL__OUTCOME_AT & 15;
	out->security = word >> MXSEL__SECURITY_AT & 3;
	out->has_negative = word >> MXSEL__NEGATIVE_AT & 1;
	out->links = 0;
	out->canonical_length = 0;
	if (class == MXSEL__CLASS_OTHER) {
		out->records = (uint16_t)(in[2] << 8 | in[3]);
		in += 4;
	}
	if (mxsel__section_bits(word, MXSEL__ALIAS_AT, 1)) {
		out->links = *in++;
		out->canonical_length = *in++;
		memcpy(at, in, out->canonical_length);
		at += out->canonical_length;
		*at++ = 0;
		in += out->canonical_length;
	}
	unpack_records(in, end, class, owner, out, at);
}

/*
 * The answer to a question, from header to outcome. Everything is checked
 * before anything is believed. May use base and name.
 */
#include "wire/message.h"

#include <string.h>

#include <mxsel/mxsel.h>

#include "wire/record.h"
#include "wire/scan.h"

#define PACKET_MAX 65535u

#define FLAG_QR 0x8000u
#define FLAG_AA 0x0400u
#define FLAG_TC 0x0200u
#define OPCODE_MASK 0x7800u

/*
 * The octets of the name at offset 12 when it is this one (letters in any
 * case), else 0.
 */
static size_t match_name(const uint8_t *packet, size_t size, const char *name)
{
	const uint8_t *p = packet + MXSEL__HEADER_SIZE;
	size_t room = size - MXSEL__HEADER_SIZE;
	size_t at = 0;

	/* Behind a label p and name go on at the same offset. */
	while (name[at] != '\0') {
		size_t length = mxsel__read8(p, room, at);
		size_t end = at + 1 + length;

		if (length == 0 || length > MXSEL__LABEL_MAX ||
			end >= room || end >= MXSEL__WIRE_NAME_MAX)
			return 0;
		while (++at < end) {
			unsigned char folded = mxsel__name_fold[p[at]];

			if (folded == 0 ||
				folded != (unsigned char)name[at - 1])
				return 0;
		}
		at = end;
		if (name[end - 1] == '\0')
			break;
		if (name[end - 1] != '.')
			return 0;
	}
	return at < room && p[at] == 0 ? at + 1 : 0;
}

/*
 * Is the question the one that was asked (S1)? Sets s->at behind it.
 * A name that is none at all is malformed rather than another one.
 */
static int check_question(struct mxsel__scan *s, const char *name,
	uint16_t type)
{
	size_t length = match_name(s->packet, s->size, name);
	const uint8_t *p = s->packet;
	size_t end = MXSEL__HEADER_SIZE + length;

	if (length == 0)
		end = mxsel__scan_name(s, MXSEL__HEADER_SIZE);
	if (end == 0 || end + 4 > s->size)
		return MXSEL_EMALFORMED;
	if (length == 0 || mxsel__get16(p + end) != type ||
		mxsel__get16(p + end + 2) != MXSEL__CLASS_IN)
		return MXSEL_EMISMATCH;
	s->question = name;
	s->question_length = length;
	s->at = end + 4;
	return MXSEL_OK;
}

/* RFC 1035 4.1.1 and RFC 6891 6.1.3. */
static uint8_t outcome_of(unsigned rcode)
{
	static const uint8_t outcomes[] = {
		MXSEL_DNS_COMPLETE, MXSEL_DNS_FORMERR, MXSEL_DNS_SERVFAIL,
		MXSEL_DNS_NXDOMAIN, MXSEL_DNS_NOTIMP, MXSEL_DNS_REFUSED
	};

	return rcode < sizeof(outcomes) ? outcomes[rcode] : MXSEL_DNS_RCODE;
}

static int check_sections(struct mxsel__scan *s)
{
	if (mxsel__scan_answer(s, mxsel__get16(s->packet + 6)) != 0 ||
		mxsel__scan_authority(s, mxsel__get16(s->packet + 8)) != 0 ||
		mxsel__scan_additional(s, mxsel__get16(s->packet + 10)) != 0)
		return MXSEL_EMALFORMED;
	return MXSEL_OK;
}

/*
 * What NOERROR or NXDOMAIN comes to. A circle of CNAMEs denies nothing,
 * whatever the response code, so it is never NXDOMAIN.
 */
static int conclude(struct mxsel__scan *s, struct mxsel__message *m,
	unsigned max_links)
{
	m->records = s->records;
	/* Who asks for the alias itself does not follow it. */
	if (s->aliases > 0 && s->type != MXSEL_TYPE_CNAME &&
		mxsel__scan_aliases(s, m, max_links) != 0)
		return MXSEL_EMALFORMED;
	if (m->loop) {
		m->outcome = MXSEL_DNS_COMPLETE;
		m->records = 0;
	} else if (m->records == 0 && s->has_dname &&
		mxsel__scan_dnames(s, m) != 0) {
		/* An alias that is not spelt out is no denial (R13, R14). */
		return MXSEL_EMALFORMED;
	} else if (m->outcome == MXSEL_DNS_NXDOMAIN) {
		if (m->records > 0)
			return MXSEL_EMALFORMED;
	} else if (m->records == 0 && m->links == 0 && s->has_ns &&
		!s->has_soa &&
		(mxsel__get16(s->packet + 2) & FLAG_AA) == 0) {
		m->outcome = MXSEL_DNS_REFERRAL;
	}
	return MXSEL_OK;
}

/* A message without records at the question's name. */
static void begin(struct mxsel__message *m, const struct mxsel__scan *s)
{
	memset(m, 0, sizeof(*m));
	m->packet = s->packet;
	m->size = s->size;
	m->type = s->type;
	m->answers = s->at;
	m->answer_count = mxsel__get16(s->packet + 6);
	m->owner = MXSEL__HEADER_SIZE;
	m->question = s->question;
	/* Each length octet but the first stands for a dot. */
	m->question_length = (uint16_t)(s->question_length < 2 ? 0
		: s->question_length - 2);
	m->alias_ttl = UINT32_MAX;
}

static int decode(struct mxsel__scan *s, struct mxsel__message *m,
	unsigned max_links)
{
	unsigned flags = mxsel__get16(s->packet + 2);
	int error;

	begin(m, s);
	if ((flags & FLAG_TC) != 0) {
		m->outcome = MXSEL_DNS_TRUNCATED;
		return MXSEL_OK;
	}
	error = check_sections(s);
	if (error != MXSEL_OK)
		return error;
	m->has_negative = s->has_soa;
	m->negative_ttl = s->negative_ttl;
	m->outcome = outcome_of((unsigned)s->rcode_high << 4 | (flags & 15));
	if (m->outcome == MXSEL_DNS_COMPLETE ||
		m->outcome == MXSEL_DNS_NXDOMAIN)
		error = conclude(s, m, max_links);
	mxsel__wire_rewind(m);
	return error;
}

int mxsel__wire_open(struct mxsel__message *m, const uint8_t *packet,
	size_t size, const char *name, uint16_t type, unsigned max_links)
{
	struct mxsel__scan s = { .packet = packet, .size = size,
		.type = type };
	int error;

	if (size < MXSEL__HEADER_SIZE || size > PACKET_MAX)
		return MXSEL_EMALFORMED;
	if ((mxsel__get16(packet + 2) & (FLAG_QR | OPCODE_MASK)) != FLAG_QR ||
		mxsel__get16(packet + 4) != 1)
		return MXSEL_EMISMATCH;
	s.work_max = MXSEL__WORK_PER_OCTET *
		(unsigned long)(size + MXSEL__WORK_OCTETS_MORE);
	error = check_question(&s, name, type);
	if (error != MXSEL_OK)
		return error;
	return decode(&s, m, max_links);
}

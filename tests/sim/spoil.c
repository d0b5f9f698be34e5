/*
 * Messages that no good server sends: wrong in what they say, in their
 * records, or as a whole (F6 to F16, F34 to F73). May use libc only.
 */
#include <string.h>

#include "sim/server_parts.h"

#define UNKNOWN_TYPE 65280u /* RFC 6895 3.1: private use */
#define ASKED 0xc00cu       /* a pointer to the name asked for */

static const uint8_t evil_name[] = "\4evil\7example\3net";

/* ------------------------------------------------------------------ pieces */

static size_t open_record(struct sim_answer *a, unsigned type,
	unsigned class)
{
	sim_answer_u16(a, type);
	sim_answer_u16(a, class);
	sim_answer_u16(a, 0);
	sim_answer_u16(a, 300);
	sim_answer_u16(a, 0);
	return a->size;
}

static void put_evil_data(struct sim_answer *a, unsigned type)
{
	static const uint8_t v4[4] = { 203, 0, 113, 66 };
	static const uint8_t v6[16] = { 0x20, 1, 0xd, 0xb8, 0xb, 0xad, 0, 0,
		0, 0, 0, 0, 0, 0, 0, 0x66 };

	if (type == SIM_A) {
		sim_answer_octets(a, v4, sizeof v4);
	} else if (type == SIM_AAAA) {
		sim_answer_octets(a, v6, sizeof v6);
	} else {
		sim_answer_u16(a, 0);
		sim_answer_octets(a, evil_name, sizeof evil_name);
	}
}

/* owner NULL: the name asked for. */
static void put_evil(struct sim_answer *a, const struct sim_question *q,
	const uint8_t *owner, unsigned class)
{
	size_t rdata;

	if (owner != NULL)
		sim_answer_octets(a, owner, sizeof evil_name);
	else
		sim_answer_u16(a, ASKED);
	rdata = open_record(a, q->type, class);
	put_evil_data(a, q->type);
	sim_answer_close(a, rdata);
}

void sim_build_forged(struct sim_answer *a, const struct sim_question *q,
	unsigned n)
{
	sim_answer_begin(a, q);
	if (n % 2 != 0)
		a->code = 3;
	else
		put_evil(a, q, NULL, 1);
	sim_answer_end(a, q);
}

/* ----------------------------------------------------------------- meaning */

static void refer(struct sim_answer *a)
{
	size_t rdata;

	a->flags &= 0xfbff; /* not authoritative */
	sim_answer_u16(a, ASKED);
	rdata = open_record(a, SIM_NS, 1);
	sim_answer_octets(a, evil_name, sizeof evil_name);
	sim_answer_close(a, rdata);
	a->counts[1]--;
	a->counts[2]++;
}

/* A code for an answer: to questions with EDNS, or to all. */
static unsigned code_of(const struct sim_fault *f,
	const struct sim_question *q)
{
	int edns = q->udp_size != 0;

	switch (f->kind->number) {
	case 36:
		return edns ? 1 : 0;
	case 37:
		return edns || f->n > 0 ? 4 : 0;
	case 38:
		return edns ? 16 : 0;
	case 39:
		return 2;
	case 40:
		return q->type == (f->n % 2 == 0 ? SIM_A : SIM_AAAA) ? 2 : 0;
	case 41:
		return 5;
	case 42:
	case 45:
		return 3;
	}
	return 0;
}

/* 1: what it says stands for the answer. */
static int speak(struct sim_answer *a, const struct sim_question *q,
	const struct sim_fault *f)
{
	unsigned moved;

	a->code = code_of(f, q);
	switch (f->kind->number) {
	case 42:
		put_evil(a, q, NULL, 1);
		return 1;
	case 43:
		return 1;
	case 44:
		refer(a);
		return 1;
	case 45:
		sim_answer_soa(a, sim_world.zone);
		return 1;
	case 47:
		put_evil(a, q, evil_name, 1);
		return 1;
	case 48:
		put_evil(a, q, NULL, 1);
		moved = a->counts[1];
		a->counts[1] = 0;
		a->counts[f->n % 2 == 0 ? 2 : 3] = (uint16_t)moved;
		return 1;
	case 49:
		put_evil(a, q, NULL, 3);
		return 1;
	}
	return a->code != 0;
}

/* ----------------------------------------------------------------- records */

static void pointer(struct sim_answer *a, size_t to)
{
	sim_answer_u16(a, 0xc000u | (unsigned)to);
}

static void labels(struct sim_answer *a, unsigned count, unsigned last)
{
	static const uint8_t letters[64] = "\77aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
	uint8_t size = (uint8_t)last;

	for (; count > 0; count--)
		sim_answer_octets(a, letters, 64);
	sim_answer_octets(a, &size, 1);
	sim_answer_octets(a, letters + 1, last);
	sim_answer_octets(a, "", 1);
}

/* A name that is none, here. */
static void bad_name(struct sim_answer *a, const struct sim_fault *f)
{
	static const uint8_t reserved[2][3] = { { 0x41, 'a', 0 },
		{ 0x81, 'a', 0 } };

	switch (f->kind->number) {
	case 58:
		pointer(a, a->size);
		break;
	case 60:
		pointer(a, a->size + 20);
		break;
	case 61:
		pointer(a, 4);
		break;
	case 63:
		sim_answer_octets(a, reserved[f->n / 2 % 2], 3);
		break;
	case 64:
		sim_answer_octets(a, "\77a", 2);
		break;
	default: /* 65: 256 octets */
		labels(a, 3, 62);
	}
}

/* As an owner, or (MX, odd) as an exchange. */
static void put_bad_name(struct sim_answer *a, const struct sim_question *q,
	const struct sim_fault *f)
{
	size_t rdata;

	if (q->type == SIM_MX && f->n % 2 != 0) {
		sim_answer_u16(a, ASKED);
		rdata = open_record(a, q->type, 1);
		sim_answer_u16(a, 10);
		bad_name(a, f);
	} else {
		bad_name(a, f);
		if (f->kind->number == 64) {
			a->counts[1]++;
			return; /* that is where the message ends */
		}
		rdata = open_record(a, q->type, 1);
		put_evil_data(a, q->type);
	}
	sim_answer_close(a, rdata);
}

/* F59: one in the data of a record that nobody reads, one in an owner. */
static void put_circle(struct sim_answer *a, const struct sim_question *q)
{
	size_t rdata;

	sim_answer_u16(a, ASKED);
	rdata = open_record(a, UNKNOWN_TYPE, 1);
	pointer(a, a->size + 2);
	sim_answer_close(a, rdata);
	pointer(a, rdata);
	rdata = open_record(a, q->type, 1);
	put_evil_data(a, q->type);
	sim_answer_close(a, rdata);
}

/* F62: each pointer to the one before it, and 3,000 owners at the end. */
static void put_chain(struct sim_answer *a, const struct sim_question *q)
{
	size_t rdata, last;
	unsigned i;

	sim_answer_u16(a, ASKED);
	rdata = open_record(a, UNKNOWN_TYPE, 1);
	sim_answer_octets(a, "\1x", 2);
	sim_answer_u16(a, ASKED);
	for (last = rdata, i = 0; i < 8000 && a->size < 0x3ff0; i++) {
		pointer(a, last);
		last = a->size - 2;
	}
	sim_answer_close(a, rdata);
	for (i = 0; i < 3000 && a->size < 63000; i++) {
		pointer(a, last);
		rdata = open_record(a, q->type, 1);
		put_evil_data(a, SIM_A);
		sim_answer_close(a, rdata);
	}
}

/* RDATA of another length than the type has. */
static void put_length(struct sim_answer *a, const struct sim_question *q,
	const struct sim_fault *f)
{
	static const uint8_t octets[32] = { 0 };
	size_t rdata, size = f->n;

	if (f->kind->number == 73 &&
			size == (q->type == SIM_A ? 4u : 16u))
		size++;
	sim_answer_u16(a, ASKED);
	rdata = open_record(a, q->type, 1);
	if (f->kind->number == 67) {
		put_evil_data(a, q->type);
		size = a->size - rdata;
		sim_answer_close(a, rdata);
		/* Short, or with something behind it. */
		a->octets[rdata - 1] = (uint8_t)(f->n % 2 == 0 ? size - 1
			: size + 16);
		return;
	}
	if (f->kind->number == 68) {
		sim_answer_close(a, rdata);
		a->octets[rdata - 2] = 0xff;
		return;
	}
	sim_answer_octets(a, octets, size < 32 ? size : 32);
	sim_answer_close(a, rdata);
}

static void put_option(struct sim_answer *a)
{
	static const uint8_t option[11] = { 0, 0, SIM_OPT, 4, 208 };

	sim_answer_octets(a, option, sizeof option);
}

void sim_spoil_records(struct sim_answer *a, const struct sim_question *q,
	const struct sim_fault *f)
{
	switch (f->kind->number) {
	case 58:
	case 60:
	case 61:
	case 63:
	case 64:
	case 65:
		put_bad_name(a, q, f);
		break;
	case 59:
		put_circle(a, q);
		break;
	case 62:
		put_chain(a, q);
		break;
	case 73:
		if (q->type == SIM_MX)
			break;
		put_length(a, q, f);
		break;
	case 66:
	case 67:
	case 68:
		put_length(a, q, f);
		break;
	case 71:
		put_option(a);
		a->counts[f->n % 2 == 0 ? 3 : 1]++;
		break;
	}
}

/* ------------------------------------------------------------------- whole */

/* Records of a type that nobody knows, up to this size and no octet more. */
static void pad(struct sim_answer *a, size_t size)
{
	static const uint8_t zero[16384] = { 0 };
	size_t rdata, part;

	while (a->size + 12 <= size) {
		part = size - a->size - 12;
		if (part > sizeof zero)
			part = sizeof zero;
		if (size - a->size - 12 - part < 12 && part == sizeof zero)
			part -= 24; /* room for one more, exactly */
		sim_answer_u16(a, ASKED);
		rdata = open_record(a, UNKNOWN_TYPE, 1);
		sim_answer_octets(a, zero, part);
		sim_answer_close(a, rdata);
		a->counts[1]--; /* the authority section is behind us */
		a->counts[3]++;
	}
}

/* Octets 2 to 11, and the question. */
static void spoil_header(struct sim_answer *a, const struct sim_question *q,
	const struct sim_fault *f)
{
	uint8_t *o = a->octets;

	switch (f->kind->number) {
	case 9:
	case 10:
		o[0] ^= (uint8_t)(1 + sim_random(255));
		break;
	case 11:
		o[13] = o[13] == 'q' ? 'z' : 'q';
		break;
	case 12:
		o[q->end - (f->n < 2 ? 3u : 1u)] ^= 2;
		break;
	case 13:
		o[5] = 0;
		break;
	case 14:
		o[5] = 2;
		break;
	case 15:
		o[2] &= 0x7f;
		break;
	case 16:
		o[2] |= 5 << 3;
		break;
	}
}

void sim_spoil_message(struct sim_answer *a, const struct sim_question *q,
	const struct sim_fault *f)
{
	size_t more;

	spoil_header(a, q, f);
	switch (f->kind->number) {
	case 6:
		a->size = f->n < a->size ? f->n : a->size - 1;
		break;
	case 69: /* more than 5 octets each: they cannot be there */
		a->octets[6] = a->octets[7] = 0xff;
		break;
	case 70:
		more = f->n < SIM_MESSAGE_MAX - a->size ? f->n :
			SIM_MESSAGE_MAX - a->size;
		memset(a->octets + a->size, 0x2a, more);
		a->size += more;
		break;
	}
}

/* RFC 1035 4.2.1: it does not fit. */
static void truncate_it(struct sim_answer *a, const struct sim_question *q)
{
	sim_answer_begin(a, q);
	a->flags |= 0x0200;
	sim_answer_end(a, q);
}

static int ends_there(const struct sim_struck *s)
{
	return sim_struck_by(s, 64) != NULL || sim_struck_by(s, 68) != NULL;
}

/* 1: the message ends in the middle of a record. */
static int write_records(struct sim_answer *a, const struct sim_question *q,
	const struct sim_struck *s)
{
	unsigned i;

	sim_answer_begin(a, q);
	for (i = 0; i < s->count; i++)
		if (speak(a, q, s->list[i]))
			return 0;
	for (i = 0; i < s->count; i++)
		sim_spoil_records(a, q, s->list[i]);
	if (ends_there(s))
		return 1;
	sim_answer_fill(a, q, sim_world.zone);
	return 0;
}

static int cut_for_tcp(const struct sim_struck *s)
{
	unsigned i;

	for (i = 0; i < s->count; i++)
		if (sim_is_for_tcp(s->list[i]->kind->number) ||
				s->list[i]->kind->number == 56)
			return 1;
	return 0;
}

/* F35, F34: what is there should not be looked at. */
static void build_part(struct sim_answer *a, const struct sim_question *q,
	unsigned n)
{
	sim_build_forged(a, q, n);
	a->octets[2] |= 2;
}

void sim_build(struct sim_answer *a, const struct sim_question *q,
	const struct sim_struck *s, int tcp)
{
	struct sim_question plain = *q;
	const struct sim_fault *f;
	unsigned limit = q->udp_size == 0 ? 512 : q->udp_size, i;
	int ended;

	ended = write_records(a, q, s);
	if (ended || a->code == 1)
		plain.udp_size = 0;
	f = sim_struck_by(s, 21);
	if (f != NULL && !tcp && !ended)
		pad(a, f->n);
	if (sim_struck_by(s, 56) != NULL && tcp && !ended)
		pad(a, SIM_MESSAGE_MAX - (plain.udp_size ? 11 : 0));
	if (a->full)
		a->code = 2;
	sim_answer_end(a, &plain);
	f = sim_struck_by(s, tcp ? 34 : 35);
	if (f != NULL)
		build_part(a, q, f->n);
	for (i = 0; i < s->count; i++)
		/* Cut off and filled up it could be another answer. */
		if (s->list[i]->kind->number != 10 &&
				(s->list[i]->kind->number != 70 ||
				sim_struck_by(s, 6) == NULL))
			sim_spoil_message(a, q, s->list[i]);
	if (!tcp && (cut_for_tcp(s) ||
			(a->size > limit && sim_struck_by(s, 21) == NULL)))
		truncate_it(a, q);
}

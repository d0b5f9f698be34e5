/*
 * A few records in memory, read from lines as of a master file, and the
 * answers that an honest server makes of them. May use libc only.
 */
#ifndef TESTS_SIM_ZONE_H
#define TESTS_SIM_ZONE_H

#include <stddef.h>
#include <stdint.h>

#define SIM_NAME_MAX 255u
#define SIM_MESSAGE_MAX 65535u

enum { SIM_A = 1, SIM_NS = 2, SIM_CNAME = 5, SIM_SOA = 6, SIM_MX = 15,
	SIM_AAAA = 28, SIM_DNAME = 39, SIM_OPT = 41, SIM_ANY = 255 };

/* In wire format and lower case. Relative: the zone's own name is left out,
   and the root with it. */
struct sim_name {
	uint8_t octets[SIM_NAME_MAX + 1];
	uint8_t size;
	uint8_t relative;
};

struct sim_record {
	struct sim_name owner, target;
	uint32_t ttl;
	uint16_t type;
	uint8_t fixed_size;
	uint8_t fixed[20]; /* RDATA, or what of it is before the target */
};

struct sim_zone {
	struct sim_record *records;
	size_t count, room;
	struct sim_name origin;
	/* Not 0: whatever the last so many labels are, they are the origin. */
	unsigned any_labels;
};

/* "example.com." is the zone's own name. */
void sim_zone_init(struct sim_zone *zone, const char *origin);
void sim_zone_free(struct sim_zone *zone);

/* Add the records of a line; 0, or -1: it does not parse. */
int sim_zone_line(struct sim_zone *zone, const char *line);

/* As text has it, \DDD for any octet; the final dot may be left out. 0; -1. */
int sim_name_parse(struct sim_name *out, const char *text,
	const struct sim_zone *zone);

/* A, MX...; 0: no such type. "*" is SIM_ANY. */
uint16_t sim_type_parse(const char *text);

/* -------------------------------------------------------------- messages */

struct sim_question {
	const uint8_t *packet;
	size_t end;            /* behind the question */
	struct sim_name name;  /* absolute, lower case */
	size_t split;          /* of the zone: where in name its name begins */
	uint16_t id, type;
	uint16_t udp_size;     /* 0: no EDNS */
};

/* 0; -1: it is no question at all. */
int sim_question_read(struct sim_question *q, const struct sim_zone *zone,
	const uint8_t *packet, size_t size);

/* Is it about this name, relative ones below the zone's? */
int sim_question_is_for(const struct sim_question *q,
	const struct sim_name *name);

struct sim_answer {
	uint8_t octets[SIM_MESSAGE_MAX + 1025];
	size_t size;
	size_t first;         /* where the first record of the answer is */
	unsigned code;        /* response code, 12 bits */
	uint16_t counts[4];
	uint16_t flags;       /* AA and the like */
	int full;             /* it did not fit */
	struct { const struct sim_name *name; size_t at; } known[24];
	unsigned known_count;
	size_t split;
};

void sim_answer_begin(struct sim_answer *a, const struct sim_question *q);

/* The records asked for, aliases followed; code says what it comes to. */
void sim_answer_fill(struct sim_answer *a, const struct sim_question *q,
	const struct sim_zone *zone);

/* A denial's SOA. */
void sim_answer_soa(struct sim_answer *a, const struct sim_zone *zone);

/* OPT, and the header. */
void sim_answer_end(struct sim_answer *a, const struct sim_question *q);

/* Pieces: owner, type, class IN, TTL; then RDATA; then its length. */
size_t sim_answer_owner(struct sim_answer *a, const struct sim_name *owner,
	uint16_t type, uint32_t ttl);
void sim_answer_name(struct sim_answer *a, const struct sim_name *name);
void sim_answer_octets(struct sim_answer *a, const void *octets, size_t size);
void sim_answer_u16(struct sim_answer *a, unsigned value);
void sim_answer_close(struct sim_answer *a, size_t rdata);

#endif

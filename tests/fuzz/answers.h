/*
 * Between the target "answers", which plays, and answers_check.c, which looks
 * on. Tests only; may use the public headers.
 */
#ifndef TESTS_FUZZ_ANSWERS_H
#define TESTS_FUZZ_ANSWERS_H

#include <mxsel/mxsel.h>
#include <mxsel/security.h>

#include "fuzz/fuzz.h"

#define SEEN_TRIED 600
#define SEEN_TLSA 64
#define SEEN_HOSTS 128

/* What the answers to a TLSA question came to. */
enum seen_tlsa_kind { TLSA_UNKNOWN, TLSA_FAILED, TLSA_UNUSABLE, TLSA_USABLE,
	TLSA_NONE };

/* What a selection did and was told since it was new. */
struct seen {
	/* since the last rewind */
	int preference;
	unsigned count, hosts, of_host[SEEN_HOSTS];
	char tried[SEEN_TRIED][320];
	/* since it was new */
	struct {
		char name[254];
		enum seen_tlsa_kind kind;
	} tlsa[SEEN_TLSA];
	unsigned tlsa_count;
	int is_usable;
};

void seen_begin(struct seen *seen, int is_cached);
void seen_rewind(struct seen *seen);

/* The question is being answered so; others than TLSA do not matter. */
void seen_tlsa(struct seen *seen, const mxsel_query *q, int outcome,
	int security, unsigned count, int is_unclear);
void seen_usable(struct seen *seen, const mxsel_query *q);

void check_always(const mxsel *m, const mxsel_options *options);
void check_attempt(const mxsel *m, const mxsel_options *options,
	const mxsel_sts *policy, struct seen *seen);
void check_verdict(const mxsel *m);

/*
 * What the selection is told is written down. At its end: played back to
 * another it must come to the same attempts and the same verdict (R79).
 */
void told_begin(mxsel_options *options);
void told_attempt(const mxsel *m);
void check_told(const mxsel *m, const mxsel_options *options,
	const mxsel_sts *policy, int tls);

/* Resumed, it is where it was. */
void same_place(const mxsel *m, const mxsel *other);

#endif

/*
 * Any answers, in any form and order, and any caller: records and messages,
 * reports, rewinds, saved and resumed, started again, with a cache and without
 * (R30, R36, R37, R70-R75, R80, R92, R95, R96, S27, S32, S37). Whatever is
 * said, order, limits, verdicts and postures are what they must be
 * (answers_check.c), and what was told and written down can be told again
 * (answers_told.c, R79).
 *
 * Input: settings (the highest bit of the seed: written down; of the switches:
 * a cache), destination, then what happens, octet by octet; from its end on
 * every answer is "nothing there" and nobody reports.
 */
#include <mxsel/cache.h>
#include <mxsel/mxsel.h>
#include <mxsel/security.h>

#include "fuzz/answers.h"
#include "support/packet.h"

#define HELD_MOST 64
#define STEPS_MOST 30000
#define SAVED_MOST 4 /* times an input; saving is slow */

static const char *const destinations[] = {
	"example.com", "User@Example.COM", "h1.example:587", "[h2.example]",
	"[192.0.2.1]:26", "a@[IPv6:2001:db8::1]", "abc.onion", "host.local",
	"no..name", "[127.0.0.1]", "h3.example", "localhost",
};
static const char *const names[] = {
	"h0.example", "h1.example", "h2.example", "h3.example", "H4.example",
	"h5.example", "example.com", "alias.example", ".", "192.0.2.7",
	"no name.example", "x.invalid", "y.onion", "z.local", "localhost",
	"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb."
	"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb."
	"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb."
	"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
};

struct game {
	struct input in;
	mxsel_cache *cache;
	mxsel_options *options;
	mxsel_sts *policy;
	mxsel *m;
	mxsel_query *held[HELD_MOST];
	size_t held_count;
	struct seen seen;
	unsigned steps, saved;
	unsigned tls;
	int is_told; /* and nothing happened since that no record tells */
};

static const char *take_name(struct input *in)
{
	return names[take8(in) % 16];
}

/* --- settings ------------------------------------------------------------ */

static void set(struct game *g, int option, unsigned value)
{
	MUST(mxsel_options_set(g->options, option, (int)value) == 0);
}

static void set_limits(struct game *g)
{
	static const int limits[] = {
		MXSEL_OPT_MAX_RECORDS, MXSEL_OPT_MAX_HOSTS,
		MXSEL_OPT_MAX_HOST_ADDRESSES, MXSEL_OPT_MAX_ADDRESSES,
		MXSEL_OPT_MAX_QUERIES, MXSEL_OPT_MAX_ATTEMPTS
	};
	unsigned which = take8(&g->in), i;

	for (i = 0; i < 6; i++)
		if (which >> i & 1)
			set(g, limits[i], take8(&g->in) % 32);
}

static uint64_t fixed_clock(void *user)
{
	return *(const uint64_t *)user;
}

/* Made once; every input finds it empty. */
static void set_cache(struct game *g)
{
	static uint64_t now = 1000;
	static mxsel_cache *cache;

	if (cache == NULL)
		MUST(mxsel_cache_new(&cache, 65536, fixed_clock, &now) == 0);
	MUST(mxsel_cache_forget(cache, NULL) == 0);
	MUST(mxsel_options_set_cache(g->options, cache) == 0);
	g->cache = cache;
}

static void set_switches(struct game *g)
{
	static const int switches[] = {
		MXSEL_OPT_IMPLICIT_ON_NXDOMAIN, MXSEL_OPT_STRICT_NULL_MX,
		MXSEL_OPT_ALLOW_EXCHANGE_ADDRESS,
		MXSEL_OPT_REFUSE_EXCHANGE_ALIAS, MXSEL_OPT_DEFER_NO_HOST,
		MXSEL_OPT_DEFER_FILTERED, MXSEL_OPT_ALLOW_LOOPBACK,
		MXSEL_OPT_ALLOW_LINK_LOCAL, MXSEL_OPT_REFUSE_PRIVATE,
		MXSEL_OPT_ASK_LOCAL, MXSEL_OPT_HAND_OUT_ONION,
		MXSEL_OPT_SENDER, MXSEL_OPT_KEEP_DUPLICATES, MXSEL_OPT_TRACE,
		MXSEL_OPT_DANE
	};
	unsigned which = take16(&g->in), i;

	for (i = 0; i < 15; i++)
		set(g, switches[i], which >> i & 1);
	if (which >> 15 & 1)
		set_cache(g);
}

static void set_all(struct game *g)
{
	unsigned ours, more, seed = take8(&g->in);

	MUST(mxsel_options_new(&g->options) == 0);
	MUST(mxsel_options_set_seed(g->options, seed & 0x7f) == 0);
	g->is_told = seed >> 7 & 1;
	if (g->is_told)
		told_begin(g->options);
	set_switches(g);
	more = take8(&g->in);
	set(g, MXSEL_OPT_FAMILY, more % 6);
	set(g, MXSEL_OPT_SHUFFLE, more / 6 % 3);
	set(g, MXSEL_OPT_DANE_INSECURE_MX, more / 18 % 3);
	set(g, MXSEL_OPT_PREFETCH, more / 54 % 4);
	set_limits(g);
	ours = take8(&g->in);
	set(g, MXSEL_OPT_MAX_ALIASES, ours >> 4);
	if (ours & 1)
		MUST(mxsel_options_add_self_name(g->options,
			"h3.example") == 0);
	if (ours & 2)
		MUST(mxsel_options_add_self_address(g->options,
			"192.0.2.3") == 0);
	if (ours & 4)
		MUST(mxsel_options_refuse_exchange(g->options, "h5.*", 550,
			NULL, NULL) == 0);
	if (ours & 8)
		MUST(mxsel_options_allow_network(g->options,
			"127.0.0.2") == 0);
}

static void set_policy(struct game *g, unsigned which)
{
	static const char enforce[] = "version: STSv1\nmode: enforce\n"
		"max_age: 9\nmx: h1.example\nmx: *.example\n";
	static const char testing[] = "version: STSv1\nmode: testing\n"
		"max_age: 9\nmx: h1.example\nmx: h2.example\n";
	static const char one[] = "version: STSv1\nmode: enforce\n"
		"max_age: 9\nmx: h1.example\n";
	static const char *const bodies[] = { enforce, testing, one };
	const char *body;

	if (which == 0)
		return;
	body = bodies[which - 1];
	MUST(mxsel_sts_new(&g->policy, "example.com", body, strlen(body),
		0) == 0);
}

/* The selection is new: the message's wish and the domain's policy. */
static void prepare(struct game *g)
{
	MUST(mxsel_set_tls(g->m, (int)g->tls) == 0);
	if (g->policy != NULL && strcmp(mxsel_original_domain(g->m),
			"example.com") == 0)
		MUST(mxsel_set_sts(g->m, g->policy, 1) == 0);
	seen_begin(&g->seen, g->cache != NULL);
}

/* --- answers ------------------------------------------------------------- */

static void answer_address(struct game *g, mxsel_query *q)
{
	static const uint8_t starts[][4] = {
		{ 192, 0, 2, 0 }, { 127, 0, 0, 0 }, { 10, 0, 0, 0 },
		{ 0, 0, 0, 0 }, { 224, 0, 0, 0 }, { 169, 254, 0, 0 },
		{ 255, 255, 255, 0 }, { 192, 0, 2, 0 }
	};
	unsigned which = take8(&g->in);
	uint8_t octets[16] = { 0x20, 0x01, 0x0d, 0xb8 };
	int is_four = mxsel_query_type(q) == MXSEL_TYPE_A;

	if (is_four)
		memcpy(octets, starts[which >> 5], 4);
	else if (which >> 5 > 3) /* mapped, loopback, link-local, multicast */
		memcpy(octets, which & 0x20 ? "\0\0\0\0" : "\376\200\0\0", 4);
	octets[is_four ? 3 : 15] = which & 0x1f;
	MUST(mxsel_answer_address(q, octets, is_four ? 4 : 16, which) == 0);
}

static void answer_tlsa(struct game *g, mxsel_query *q)
{
	static const uint8_t digest[64] = { 1, 2, 3 };
	unsigned which = take8(&g->in);
	int usage = which & 3, selector = which >> 2 & 1;
	int matching = which >> 3 & 3;
	size_t length = which & 0x20 ? 20 : matching == 2 ? 64 : 32;

	MUST(mxsel_answer_tlsa(q, usage, selector, matching, digest, length,
		60) == 0);
	if (usage >= 2 && (matching == 1 || matching == 2) &&
		!(which & 0x20))
		g->seen.is_usable = 1;
}

static void answer_record(struct game *g, mxsel_query *q)
{
	unsigned preference;

	switch (mxsel_query_type(q)) {
	case MXSEL_TYPE_MX:
		preference = take8(&g->in) % 4 * 10;
		MUST(mxsel_answer_mx(q, (uint16_t)preference,
			take_name(&g->in), 60) == 0);
		break;
	case MXSEL_TYPE_TLSA:
		answer_tlsa(g, q);
		break;
	case MXSEL_TYPE_CNAME:
		(void)mxsel_answer_alias(q, take_name(&g->in), 60);
		break;
	default:
		answer_address(g, q);
	}
}

/*
 * How many records, an alias before them, how it ends (most of the time
 * well), what DNSSEC says of it.
 */
static void answer_as_records(struct game *g, mxsel_query *q, unsigned count)
{
	unsigned end = take8(&g->in);
	int outcome = end >> 4 < 12 ? (int)(end >> 4) : 0;
	int has_alias = (end & 0xc) == 0xc;

	g->seen.is_usable = 0;
	if (has_alias)
		(void)mxsel_answer_alias(q, take_name(&g->in), 60);
	seen_tlsa(&g->seen, q, outcome, (int)(end & 3), count, has_alias);
	while (count-- > 0)
		answer_record(g, q);
	if (g->seen.is_usable)
		seen_usable(&g->seen, q);
	if (end & 4)
		MUST(mxsel_answer_negative_ttl(q, end) == 0);
	MUST(mxsel_answer_finish(q, outcome, (int)(end & 3)) == 0);
}

/* The input's octets behind header and question. */
static void answer_as_packet(struct game *g, mxsel_query *q)
{
	static struct packet p;
	const uint8_t *octets;
	size_t size;
	int result;

	packet_begin(&p, PACKET_REPLY | (take8(&g->in) & 0x0fu),
		mxsel_query_name(q), mxsel_query_type(q));
	packet_set16(&p, 6, take8(&g->in) % 8);
	packet_set16(&p, 8, take8(&g->in) % 4);
	size = take(&g->in, take8(&g->in), &octets);
	packet_bytes(&p, octets, size);
	seen_tlsa(&g->seen, q, 0, 0, 1, 1);
	result = mxsel_answer_packet(q, p.octets, p.size,
		(int)(take8(&g->in) & 3));
	MUST(result == 0 || result == MXSEL_EMALFORMED);
	if (result != 0)
		MUST(mxsel_answer_finish(q, MXSEL_DNS_MALFORMED, 0) == 0);
}

static void take_questions(struct game *g)
{
	mxsel_query *q;

	while (g->held_count < HELD_MOST &&
		(q = mxsel_query_take(g->m)) != NULL) {
		MUST(mxsel_query_selection(q) == g->m);
		MUST(strlen(mxsel_query_name(q)) <= 253);
		g->held[g->held_count++] = q;
	}
}

/* One of the open questions, or more. */
static void answer(struct game *g)
{
	unsigned how = take8(&g->in);

	do {
		size_t at = (how >> 2) % g->held_count;
		mxsel_query *q = g->held[at];

		g->held[at] = g->held[--g->held_count];
		if ((how & 3) == 3)
			answer_as_packet(g, q);
		else
			answer_as_records(g, q, how >> 4);
		how = how & 0x80 ? how : take8(&g->in);
	} while (g->held_count > 0 && !(how & 0x40));
}

/* --- what a caller does -------------------------------------------------- */

static void report(struct game *g, unsigned how)
{
	static const char *const texts[] = {
		"5.1.1 No such user", "5.7.1 Refused", "4.2.2 Full", NULL
	};
	int outcome = (int)(how % 13) + 1;
	int code = take8(&g->in) & 1 ? 550 : 451;
	int result = mxsel_report(g->m, outcome, code, texts[how >> 6]);

	MUST(result == 0 || result == MXSEL_ERANGE);
	if (result == 0)
		MUST(mxsel_report(g->m, outcome, code, NULL) == MXSEL_EUSAGE);
}

/* Saved, and gone on with in another selection. */
static void save_and_resume(struct game *g)
{
	uint8_t *octets, *again;
	size_t size = 0, twice;
	mxsel *other;

	if (g->saved++ >= SAVED_MOST)
		return;
	g->is_told = 0;
	MUST(mxsel_save(g->m, NULL, &size) == MXSEL_ESPACE);
	octets = malloc(size);
	again = malloc(size);
	MUST(octets != NULL && again != NULL);
	MUST(mxsel_save(g->m, octets, &size) == 0);
	MUST(mxsel_resume(&other, octets, size, g->options) == 0);
	twice = size;
	MUST(mxsel_save(other, again, &twice) == 0);
	MUST(size == twice && memcmp(octets, again, size) == 0);
	free(octets);
	free(again);
	same_place(g->m, other);
	if (g->policy != NULL && mxsel_query_count(other) == 0 &&
		strcmp(mxsel_original_domain(other), "example.com") == 0)
		(void)mxsel_set_sts(other, g->policy, 1);
	mxsel_free(g->m);
	g->held_count = 0;
	g->m = other;
}

static void start_again(struct game *g)
{
	g->held_count = 0;
	g->is_told = 0;
	MUST(mxsel_reset(g->m, destinations[take8(&g->in) % 12]) == 0);
	prepare(g);
}

/* At an attempt or at the end; what the next call is to be. */
static int act(struct game *g, int result)
{
	unsigned what = take8(&g->in);
	int rank = mxsel_host_rank(g->m);

	switch (what & 7) {
	case 1:
	case 2:
		if (result == MXSEL_ATTEMPT)
			report(g, take8(&g->in));
		break;
	case 3:
		if (result != MXSEL_ATTEMPT)
			break;
		(void)mxsel_report_tls(g->m, (int)(what >> 4));
		g->is_told = 0;
		result = mxsel_next_host(g->m);
		MUST(result != MXSEL_ATTEMPT || mxsel_host_rank(g->m) != rank);
		return result;
	case 4:
		save_and_resume(g);
		break;
	case 5:
		g->is_told = 0;
		MUST(mxsel_rewind(g->m) == 0);
		seen_rewind(&g->seen);
		break;
	case 6:
		if (what & 0x80)
			start_again(g);
		break;
	default:
		break;
	}
	return mxsel_next(g->m);
}

static void play(struct game *g)
{
	int result = mxsel_next(g->m);

	for (;;) {
		MUST(result >= 0 && g->steps++ < STEPS_MOST);
		check_always(g->m, g->options);
		if (result == MXSEL_LOOKUP) {
			take_questions(g);
			MUST(g->held_count > 0);
			answer(g);
			if (g->in.at < g->in.size && take8(&g->in) == 0xff)
				save_and_resume(g);
			result = mxsel_next(g->m);
			continue;
		}
		if (result == MXSEL_ATTEMPT) {
			check_attempt(g->m, g->options, g->policy, &g->seen);
			told_attempt(g->m);
		} else {
			check_verdict(g->m);
		}
		if (result == MXSEL_END && g->is_told)
			check_told(g->m, g->options, g->policy, (int)g->tls);
		if (result == MXSEL_END && g->in.at >= g->in.size)
			return;
		result = act(g, result);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct game g;
	unsigned how;

	/* What was seen is long, and begun anew in prepare(). */
	g.options = NULL;
	g.policy = NULL;
	g.cache = NULL;
	g.m = NULL;
	g.held_count = 0;
	g.steps = g.saved = 0;
	g.seen.tlsa_count = 0;
	g.in.at = 0;
	g.in.data = data;
	g.in.size = size;
	set_all(&g);
	how = take8(&g.in);
	g.tls = how % 3;
	set_policy(&g, how >> 2 & 3);
	MUST(mxsel_new(&g.m, destinations[(how >> 4) % 12], g.options) == 0);
	prepare(&g);
	play(&g);
	mxsel_free(g.m);
	mxsel_sts_free(g.policy);
	mxsel_options_free(g.options);
	return 0;
}

/*
 * A resolver of one's own: records come from a table in the program, as they
 * would from a cache, a database or the DNS client a mail server has. First
 * it answers at once; then the same resolver answers later, last question
 * first, as one does that waits for the network. Both give the same order.
 *
 *     own_resolver [DESTINATION...]
 */
#include <stdio.h>
#include <string.h>

#include <mxsel/mxsel.h>

enum { TYPE_ALIAS = 5 }; /* CNAME: never asked for, but met */

struct record {
	const char *owner;
	uint16_t type;
	uint16_t preference;
	const char *target;
	uint8_t address[16];
};

enum { RECORD_TTL = 300, NEGATIVE_TTL = 60, ALIASES_MAX = 8 };

static const struct record table[] = {
	{ "example.org", MXSEL_TYPE_MX, 10, "mx1.example.org", { 0 } },
	{ "example.org", MXSEL_TYPE_MX, 10, "mx2.example.org", { 0 } },
	{ "example.org", MXSEL_TYPE_MX, 20, "backup.example.net", { 0 } },
	{ "mx1.example.org", MXSEL_TYPE_A, 0, NULL, { 192, 0, 2, 1 } },
	{ "mx1.example.org", MXSEL_TYPE_AAAA, 0, NULL,
		{ 0x20, 0x01, 0x0d, 0xb8, [15] = 1 } },
	{ "mx2.example.org", MXSEL_TYPE_A, 0, NULL, { 192, 0, 2, 2 } },
	{ "backup.example.net", MXSEL_TYPE_A, 0, NULL, { 198, 51, 100, 1 } },
	{ "www.example.org", TYPE_ALIAS, 0, "example.org", { 0 } },
	{ "plain.example.org", MXSEL_TYPE_A, 0, NULL, { 192, 0, 2, 3 } },
	{ "nomail.example.org", MXSEL_TYPE_MX, 0, ".", { 0 } },
};

static const size_t table_count = sizeof table / sizeof table[0];

/* guide: answer */
static const char *alias_target(const char *name)
{
	size_t i;

	for (i = 0; i < table_count; i++)
		if (table[i].type == TYPE_ALIAS &&
		    strcmp(table[i].owner, name) == 0)
			return table[i].target;
	return NULL;
}

/* A name is there when it, or a name under it, has any record (RFC 8020). */
static int is_there(const char *name)
{
	size_t length = strlen(name), i, owner;

	for (i = 0; i < table_count; i++) {
		owner = strlen(table[i].owner);
		if (owner < length ||
		    strcmp(table[i].owner + (owner - length), name) != 0)
			continue;
		if (owner == length ||
		    table[i].owner[owner - length - 1] == '.')
			return 1;
	}
	return 0;
}

static int add_record(mxsel_query *query, const struct record *record)
{
	size_t length = record->type == MXSEL_TYPE_A ? 4 : 16;

	if (record->type == MXSEL_TYPE_MX)
		return mxsel_answer_mx(query, record->preference,
			record->target, RECORD_TTL);
	return mxsel_answer_address(query, record->address, length,
		RECORD_TTL);
}

/* Tell everything the table has; returns how the question ended. */
static int tell(mxsel_query *query)
{
	const char *name = mxsel_query_name(query), *target;
	size_t i, found = 0;
	int links, r = 0;

	for (links = 0; links < ALIASES_MAX; links++) {
		target = alias_target(name);
		if (target == NULL)
			break;
		r = mxsel_answer_alias(query, target, RECORD_TTL);
		if (r != 0)
			return MXSEL_DNS_SERVFAIL;
		name = target;
	}
	for (i = 0; i < table_count; i++) {
		if (table[i].type != mxsel_query_type(query) ||
		    strcmp(table[i].owner, name) != 0)
			continue;
		if (add_record(query, &table[i]) != 0)
			return MXSEL_DNS_SERVFAIL;
		found++;
	}
	if (found == 0)
		mxsel_answer_negative_ttl(query, NEGATIVE_TTL);
	return is_there(name) ? MXSEL_DNS_COMPLETE : MXSEL_DNS_NXDOMAIN;
}

static void answer_at_once(mxsel_query *query, void *user)
{
	(void)user;
	mxsel_answer_finish(query, tell(query), MXSEL_SECURITY_INDETERMINATE);
}
/* guide: end */

/* guide: later */
/* The questions that wait for their answer. */
struct waiting {
	mxsel_query *queries[64];
	size_t count;
};

static void answer_later(mxsel_query *query, void *user)
{
	struct waiting *waiting = user;
	size_t room = sizeof waiting->queries / sizeof waiting->queries[0];

	if (waiting->count < room)
		waiting->queries[waiting->count++] = query;
	else
		mxsel_answer_finish(query, MXSEL_DNS_NETWORK,
			MXSEL_SECURITY_INDETERMINATE);
}

/* The selection is reset or freed: the pointer must not be used again. */
static void forget(mxsel_query *query, void *user)
{
	struct waiting *waiting = user;
	size_t i;

	for (i = 0; i < waiting->count; i++)
		if (waiting->queries[i] == query) {
			waiting->count--;
			waiting->queries[i] = waiting->queries[waiting->count];
			return;
		}
}

/* What an event loop does when an answer has come. */
static void let_one_come(struct waiting *waiting)
{
	if (waiting->count > 0)
		answer_at_once(waiting->queries[--waiting->count], NULL);
}
/* guide: end */

/* guide: walk */
static int walk(mxsel *m, struct waiting *waiting)
{
	int r;

	while ((r = mxsel_next(m)) > MXSEL_END)
		if (r == MXSEL_LOOKUP)
			let_one_come(waiting);
		else
			printf("  %d %s [%s]\n", mxsel_host_preference(m),
				mxsel_host_name(m), mxsel_address(m));
	if (r == MXSEL_END)
		printf("  %d %s %s\n", mxsel_verdict_code(m),
			mxsel_verdict_status(m), mxsel_verdict_text(m));
	return r;
}
/* guide: end */

/* guide: resolver */
static int plan(const char *destination, mxsel_resolve_fn resolve,
	struct waiting *waiting)
{
	mxsel_resolver *resolver = NULL;
	mxsel_options *options = NULL;
	mxsel *m = NULL;
	int r;

	r = mxsel_resolver_new(&resolver, resolve, forget, waiting);
	if (r == 0)
		r = mxsel_options_new(&options);
	if (r == 0)
		r = mxsel_options_set_resolver(options, resolver);
	if (r == 0)
		r = mxsel_options_set_seed(options, 1);
	if (r == 0)
		r = mxsel_new(&m, destination, options);
	if (r == 0)
		r = walk(m, waiting);
	mxsel_free(m);
	mxsel_options_free(options);
	mxsel_resolver_free(resolver);
	return r;
}
/* guide: end */

static int plan_both(const char *destination)
{
	struct waiting waiting = { { NULL }, 0 };
	int r;

	printf("%s, answered at once\n", destination);
	r = plan(destination, answer_at_once, &waiting);
	if (r != 0)
		return r;
	printf("%s, answered later\n", destination);
	return plan(destination, answer_later, &waiting);
}

int main(int argc, char **argv)
{
	int i, r;

	r = argc > 1 ? 0 : plan_both("example.org");
	for (i = 1; i < argc && r == 0; i++)
		r = plan_both(argv[i]);
	if (r != 0)
		fprintf(stderr, "own_resolver: %s\n", mxsel_strerror(r));
	return r != 0;
}

/*
 * What the `plan` programs of examples/bindings are held against: the same
 * program in C. It reads destinations, one a line, and prints for each the
 * attempts, each of them reported, what was rejected and the verdict, in lines
 * of fields with a TAB between. Answers come from master files, from a list of
 * records that this file looks up itself (the pull interface), or from a name
 * server with all destinations under way at once (the engine). May use the
 * public headers only.
 *
 *     bindings_plan (--zone FILE [--zone FILE...] | --records FILE |
 *             --server ADDRESS@PORT) [--seed N] [--outcome NAME] [--code N]
 *
 * A line of --records is "NAME TYPE TTL DATA..." or "NAME TYPE ! END", TYPE
 * "*" being any type. A name that ends so does so whatever else it has; then
 * an alias counts, then the records of the type asked.
 */
#define _POSIX_C_SOURCE 200809L

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>

#include <mxsel/ldns.h>
#include <mxsel/mxsel.h>
#include <mxsel/security.h>

enum {
	ZONES_MAX = 8,
	NEGATIVE_TTL = 300, /* seconds: where a list of records has none */
	USAGE = 64
};

struct record {
	char *name, *type, *ttl, *data; /* parts of one line */
};

struct plan {
	const char *zones[ZONES_MAX];
	size_t zone_count;
	const char *records_file, *server, *seed;
	int outcome, code; /* code -1: what the outcome needs */
	struct record *records;
	size_t record_count;
	mxsel_options *options;
	mxsel_engine *engine;
};

/* One destination, and what is to be printed of it. */
struct job {
	struct plan *plan;
	mxsel *m;
	FILE *out;
	char *text;
	size_t size;
};

/* ---------------------------------------------------------------- printing */

static int needs_code(int outcome)
{
	return outcome == MXSEL_OUTCOME_GREETING ||
		outcome == MXSEL_OUTCOME_EHLO ||
		outcome == MXSEL_OUTCOME_MAIL ||
		outcome == MXSEL_OUTCOME_RCPT ||
		outcome == MXSEL_OUTCOME_DATA;
}

static int print_attempt(struct job *j)
{
	const struct plan *p = j->plan;
	int code = needs_code(p->outcome) ? 450 : 0;

	fprintf(j->out, "attempt\t%d\t%s\t%s\t%d\t%s\n",
		mxsel_host_preference(j->m), mxsel_host_name(j->m),
		mxsel_address(j->m), mxsel_port(j->m),
		mxsel_posture_name(mxsel_posture(j->m)));
	return mxsel_report(j->m, p->outcome, p->code >= 0 ? p->code : code,
		NULL);
}

static void print_end(struct job *j)
{
	int reason, preference;
	const char *subject;
	size_t i;

	for (i = 0; mxsel_rejected(j->m, i, &reason, &preference,
			&subject) == 0; i++)
		fprintf(j->out, "rejected\t%s\t%d\t%s\n",
			mxsel_reject_name(reason), preference, subject);
	fprintf(j->out, "verdict\t%s\t%s\t%d\t%s\t%s\n",
		mxsel_action_name(mxsel_verdict_action(j->m)),
		mxsel_reason_name(mxsel_verdict_reason(j->m)),
		mxsel_verdict_code(j->m), mxsel_verdict_status(j->m),
		mxsel_verdict_text(j->m));
}

/* ----------------------------------------------------------------- records */

static int read_record(struct record *r, char *line)
{
	char *rest = NULL;

	r->name = strtok_r(line, " ", &rest);
	r->type = strtok_r(NULL, " ", &rest);
	r->ttl = strtok_r(NULL, " ", &rest);
	r->data = strtok_r(NULL, "\n", &rest);
	return r->data != NULL ? 0 : MXSEL_EFILE;
}

static int add_line(struct plan *p, const char *line)
{
	struct record *more = realloc(p->records,
		(p->record_count + 1) * sizeof *more);
	char *copy = strdup(line);

	if (more != NULL)
		p->records = more;
	if (more == NULL || copy == NULL) {
		free(copy);
		return MXSEL_ENOMEM;
	}
	p->records[p->record_count++].name = copy;
	return read_record(&more[p->record_count - 1], copy);
}

static int read_records(struct plan *p)
{
	FILE *file = fopen(p->records_file, "r");
	char *line = NULL;
	size_t room = 0;
	int r = 0;

	if (file == NULL)
		return MXSEL_EFILE;
	while (r == 0 && getline(&line, &room, file) > 0)
		if (line[0] != '\n' && line[0] != '#')
			r = add_line(p, line);
	free(line);
	fclose(file);
	return r;
}

static const char *type_name(int type)
{
	return type == MXSEL_TYPE_MX ? "MX" : type == MXSEL_TYPE_A ? "A" :
		type == MXSEL_TYPE_AAAA ? "AAAA" : "CNAME";
}

static int end_number(const char *name)
{
	static const struct {
		const char *name;
		int number;
	} ends[] = {
		{ "nxdomain", MXSEL_DNS_NXDOMAIN },
		{ "servfail", MXSEL_DNS_SERVFAIL },
		{ "refused", MXSEL_DNS_REFUSED },
		{ "timeout", MXSEL_DNS_TIMEOUT },
		{ "truncated", MXSEL_DNS_TRUNCATED }
	};
	size_t i;

	for (i = 0; i < sizeof ends / sizeof *ends; i++)
		if (strcmp(ends[i].name, name) == 0)
			return ends[i].number;
	return MXSEL_EFILE;
}

/* The records of a name and type, one after the other; NULL: no more. */
static const struct record *find(const struct plan *p, const char *name,
	const char *type, int ends, size_t *from)
{
	while (*from < p->record_count) {
		const struct record *r = &p->records[(*from)++];

		if (strcmp(r->name, name) == 0 &&
		    (type == NULL || strcmp(r->type, type) == 0 ||
		     (ends && strcmp(r->type, "*") == 0)) &&
		    (type == NULL || ends == (strcmp(r->ttl, "!") == 0)))
			return r;
	}
	return NULL;
}

static int add_record(mxsel_query *q, const struct record *r)
{
	uint32_t ttl = (uint32_t)strtoul(r->ttl, NULL, 10);
	int type = mxsel_query_type(q);
	uint8_t bytes[16];
	char *exchange;

	if (type == MXSEL_TYPE_MX) {
		unsigned long preference = strtoul(r->data, &exchange, 10);

		return *exchange != ' ' ? MXSEL_EFILE : mxsel_answer_mx(q,
			(uint16_t)preference, exchange + 1, ttl);
	}
	if (inet_pton(type == MXSEL_TYPE_A ? AF_INET : AF_INET6, r->data,
			bytes) != 1)
		return MXSEL_EFILE;
	return mxsel_answer_address(q, bytes, type == MXSEL_TYPE_A ? 4 : 16,
		ttl);
}

/* The records of the type asked: 1 when there are some. */
static int add_records(mxsel_query *q, const struct plan *p)
{
	const char *name = mxsel_query_name(q);
	const char *type = type_name(mxsel_query_type(q));
	const struct record *found;
	size_t from = 0;
	int r = 0;

	found = find(p, name, "CNAME", 0, &from);
	if (found != NULL) {
		r = mxsel_answer_alias(q, found->data,
			(uint32_t)strtoul(found->ttl, NULL, 10));
		return r != 0 ? r : 1;
	}
	from = 0;
	while (r >= 0 && (found = find(p, name, type, 0, &from)) != NULL) {
		r = add_record(q, found);
		r = r != 0 ? r : 1;
	}
	return r;
}

static int answer(mxsel_query *q, const struct plan *p)
{
	const char *name = mxsel_query_name(q);
	const char *type = type_name(mxsel_query_type(q));
	const struct record *found;
	size_t from = 0;
	int end, r;

	found = find(p, name, type, 1, &from);
	if (found != NULL) {
		end = end_number(found->data);
		return end < 0 ? end : mxsel_answer_finish(q, end,
			MXSEL_SECURITY_INDETERMINATE);
	}
	r = add_records(q, p);
	if (r < 0)
		return r;
	from = 0;
	end = find(p, name, NULL, 0, &from) != NULL ? MXSEL_DNS_COMPLETE :
		MXSEL_DNS_NXDOMAIN;
	if (r == 0)
		r = mxsel_answer_negative_ttl(q, NEGATIVE_TTL);
	return r < 0 ? r : mxsel_answer_finish(q, end,
		MXSEL_SECURITY_INDETERMINATE);
}

static int answer_all(mxsel *m, const struct plan *p)
{
	mxsel_query *q = mxsel_query_take(m);
	int r = q != NULL ? 0 : MXSEL_EUSAGE;

	while (r == 0 && q != NULL) {
		r = answer(q, p);
		q = mxsel_query_take(m);
	}
	return r;
}

/* -------------------------------------------------------------------- jobs */

/* As far as it goes: MXSEL_LOOKUP when the engine is to bring it back. */
static int advance(struct job *j)
{
	const struct plan *p = j->plan;
	int r;

	for (;;) {
		r = p->engine != NULL ? mxsel_engine_next(p->engine, j->m) :
			mxsel_next(j->m);
		if (r == MXSEL_ATTEMPT)
			r = print_attempt(j);
		else if (r == MXSEL_LOOKUP && p->engine == NULL)
			r = answer_all(j->m, p);
		else
			break;
		if (r != 0)
			return r;
	}
	if (r == MXSEL_END)
		print_end(j);
	return r;
}

/* NULL: no memory. The job's place in memory is the stream's, too. */
static struct job *begin(struct plan *p, const char *line, size_t n)
{
	struct job *j = calloc(1, sizeof *j);

	if (j == NULL)
		return NULL;
	j->plan = p;
	j->out = open_memstream(&j->text, &j->size);
	if (j->out == NULL || mxsel_new_bytes(&j->m, line, n, p->options) != 0)
		return j;
	mxsel_set_user(j->m, j);
	fputs("destination\t", j->out);
	fwrite(line, 1, n, j->out);
	fputc('\n', j->out);
	return j;
}

static int end(struct job *j)
{
	int failed = j->out == NULL || fclose(j->out) != 0;

	if (!failed)
		fwrite(j->text, 1, j->size, stdout);
	free(j->text);
	mxsel_free(j->m);
	free(j);
	return failed ? MXSEL_ENOMEM : 0;
}

/* The jobs of the lines of standard input. */
static int read_jobs(struct plan *p, struct job ***jobs, size_t *count)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t n;
	int r = 0;

	while (r == 0 && (n = getline(&line, &room, stdin)) > 0) {
		struct job **more = realloc(*jobs, (*count + 1) * sizeof *more);
		struct job *j = begin(p, line,
			(size_t)n - (line[n - 1] == '\n'));

		if (more != NULL)
			*jobs = more;
		if (more != NULL && j != NULL)
			more[(*count)++] = j;
		r = more == NULL || j == NULL || j->m == NULL ?
			MXSEL_ENOMEM : 0;
	}
	free(line);
	return r;
}

/* All of them at once. */
static int run_engine(struct plan *p, struct job **jobs, size_t count)
{
	mxsel *m;
	size_t i;
	int r = 0;

	for (i = 0; r >= 0 && i < count; i++)
		r = advance(jobs[i]);
	while (r >= 0 && mxsel_engine_count(p->engine) > 0) {
		r = mxsel_engine_wait(p->engine, -1);
		while (r >= 0 && (m = mxsel_engine_ready(p->engine)) != NULL)
			r = advance(mxsel_user(m));
	}
	return r < 0 ? r : 0;
}

static int run(struct plan *p)
{
	struct job **jobs = NULL;
	size_t count = 0, i;
	int r = read_jobs(p, &jobs, &count);

	if (r == 0 && p->engine != NULL)
		r = run_engine(p, jobs, count);
	else
		for (i = 0; r == 0 && i < count; i++)
			r = advance(jobs[i]);
	for (i = 0; i < count; i++) {
		int ended = end(jobs[i]);

		r = r != 0 ? r : ended;
	}
	free(jobs);
	return r;
}

/* ------------------------------------------------------------------ set-up */

static int outcome_number(const char *name)
{
	const char *other;
	int i;

	for (i = 1; (other = mxsel_outcome_name(i)) != NULL; i++)
		if (strcmp(other, name) == 0)
			return i;
	return -1;
}

/* 1 when the usage is right. */
static int read_arguments(struct plan *p, int argc, char **argv)
{
	int i, ways;

	for (i = 1; i + 1 < argc; i += 2) {
		const char *option = argv[i], *value = argv[i + 1];

		if (strcmp(option, "--zone") == 0 && p->zone_count < ZONES_MAX)
			p->zones[p->zone_count++] = value;
		else if (strcmp(option, "--records") == 0)
			p->records_file = value;
		else if (strcmp(option, "--server") == 0)
			p->server = value;
		else if (strcmp(option, "--seed") == 0)
			p->seed = value;
		else if (strcmp(option, "--outcome") == 0)
			p->outcome = outcome_number(value);
		else if (strcmp(option, "--code") == 0)
			p->code = (int)strtol(value, NULL, 10);
		else
			return 0;
	}
	ways = (p->zone_count > 0) + (p->records_file != NULL) +
		(p->server != NULL);
	return i == argc && ways == 1 && p->outcome > 0;
}

static int set_up(struct plan *p)
{
	mxsel_resolver *zone = NULL;
	int r = mxsel_options_new(&p->options);

	if (r == 0 && p->seed != NULL)
		r = mxsel_options_set_seed(p->options,
			strtoull(p->seed, NULL, 10));
	if (r == 0 && p->zone_count > 0)
		r = mxsel_ldns_zone_new(&zone, p->zones, p->zone_count);
	if (r == 0 && zone != NULL)
		r = mxsel_options_set_resolver(p->options, zone);
	mxsel_resolver_free(zone); /* the options keep it alive */
	if (r == 0 && p->records_file != NULL)
		r = read_records(p);
	if (r == 0 && p->server != NULL)
		r = mxsel_engine_new(&p->engine, "");
	if (r == 0 && p->server != NULL)
		r = mxsel_engine_add_server(p->engine, p->server);
	return r;
}

int main(int argc, char **argv)
{
	static struct plan p = { .outcome = MXSEL_OUTCOME_REFUSED, .code = -1 };
	size_t i;
	int r;

	if (!read_arguments(&p, argc, argv)) {
		fprintf(stderr, "usage: bindings_plan (--zone FILE... | "
			"--records FILE | --server ADDRESS@PORT)\n"
			"\t[--seed N] [--outcome NAME] [--code N] "
			"< DESTINATIONS\n");
		return USAGE;
	}
	r = set_up(&p);
	if (r == 0)
		r = run(&p);
	for (i = 0; i < p.record_count; i++)
		free(p.records[i].name);
	free(p.records);
	mxsel_engine_free(p.engine);
	mxsel_options_free(p.options);
	if (r != 0)
		fprintf(stderr, "bindings_plan: %s\n", mxsel_strerror(r));
	return r != 0;
}

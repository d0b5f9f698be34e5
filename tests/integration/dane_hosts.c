/*
 * What libmxsel makes of destinations, for dane.sh to hold against
 * dane_expected.txt: one line per host reached or passed over. Uses the public
 * headers of libmxsel, libmxsel-ldns and libmxsel-unbound only.
 *
 *	dane_hosts ldns SERVER...       (127.0.0.1@5353) < requests
 *	dane_hosts cached SERVER...     with a cache
 *	dane_hosts engine SERVER...     not blocking
 *	dane_hosts unbound ANCHOR STUBS (files)
 *	dane_hosts loop ANCHOR STUBS    not blocking
 *
 * A request is a line: a destination, then any of port=N, mx=dane|encrypt|may
 * (what to do when its MX is insecure), sts=MODE,PATTERN,... , requiretls,
 * optional. It is printed, and below it, each line after a tab,
 *
 *	HOST POSTURE REASON [dane=OUTCOME] [base=NAME tlsa=U.S.M/OCTETS,...]
 *		[sni=NAME] ids=NAME,... to=ADDRESS,...
 *	REJECT NAME
 *	report POLICY RESULT HOST
 *	ACTION CODE STATUS REASON [secure]
 *
 * sni= only where it is not the host's name; "?" before an address and "!"
 * behind a record: it is not secure, and not what dane_zones.py wrote;
 * "secure": the answer that named the hosts was. Every attempt is reported as
 * refused, so that all are seen.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mxsel/cache.h>
#include <mxsel/ldns.h>
#include <mxsel/security.h>
#include <mxsel/unbound.h>

/* Who answers; NULL what is not used. */
struct program {
	mxsel_resolver *resolver; /* blocking, either one's */
	mxsel_unbound *unbound;
	mxsel_engine *engine;
	mxsel_cache *cache;
};

/* What a request asks for. */
struct request {
	char *destination;
	mxsel_options *options;
	char *policy; /* "enforce,mx.example.com", NULL */
	int tls;
};

static void check(int result, const char *what)
{
	if (result >= 0)
		return;
	fprintf(stderr, "%s: %s\n", what, mxsel_strerror(result));
	exit(1);
}

static const char *text(const char *string)
{
	return string ? string : "(none)";
}

/* ---------------------------------------------------------------- resolvers */

static void add_stubs(mxsel_unbound *u, const char *path)
{
	char line[512];
	FILE *file = fopen(path, "r");

	if (!file) {
		perror(path);
		exit(1);
	}
	while (fgets(line, sizeof(line), file)) {
		char *server = strchr(line, ' ');

		if (!server)
			continue;
		*server++ = '\0';
		server[strcspn(server, "\n")] = '\0';
		check(mxsel_unbound_add_stub(u, line, server), line);
	}
	fclose(file);
}

static void open_unbound(struct program *program, char **arguments)
{
	/* As dane_zones.py writes it to unbound.conf. */
	static const char *const settings[][2] = {
		{ "do-not-query-localhost:", "no" }, { "do-ip6:", "no" },
		{ "rrset-roundrobin:", "no" }, { "outbound-msg-retry:", "2" },
	};
	size_t i;

	check(mxsel_unbound_new(&program->unbound), "unbound");
	for (i = 0; i < sizeof(settings) / sizeof(*settings); i++)
		check(mxsel_unbound_set_option(program->unbound,
			settings[i][0], settings[i][1]), settings[i][0]);
	check(mxsel_unbound_add_anchor_file(program->unbound, arguments[0]),
		arguments[0]);
	add_stubs(program->unbound, arguments[1]);
}

static void open_engine(struct program *program, char **servers, int count)
{
	int i;

	check(mxsel_engine_new(&program->engine, ""), "engine");
	for (i = 0; i < count; i++)
		check(mxsel_engine_add_server(program->engine, servers[i]),
			servers[i]);
}

static void open_ldns(struct program *program, char **servers, int count)
{
	int i;

	check(mxsel_ldns_new(&program->resolver, ""), "ldns");
	for (i = 0; i < count; i++)
		check(mxsel_ldns_add_server(program->resolver, servers[i]),
			servers[i]);
}

/* 0: what is asked for makes no sense. */
static int open_all(struct program *program, int count, char **arguments)
{
	const char *how = count > 2 ? arguments[1] : "";
	int by_unbound = !strcmp(how, "unbound") || !strcmp(how, "loop");

	if (!strcmp(how, "cached"))
		check(mxsel_cache_new(&program->cache, 1 << 20,
			mxsel_ldns_clock, NULL), "cache");
	if (!strcmp(how, "engine")) {
		open_engine(program, arguments + 2, count - 2);
	} else if (!strcmp(how, "ldns") || program->cache) {
		open_ldns(program, arguments + 2, count - 2);
	} else if (by_unbound && count == 4) {
		open_unbound(program, arguments + 2);
		if (!strcmp(how, "unbound"))
			program->resolver =
				mxsel_unbound_resolver(program->unbound);
	} else {
		return 0;
	}
	return 1;
}

static void close_all(struct program *program)
{
	if (program->unbound)
		mxsel_unbound_free(program->unbound);
	else if (program->resolver)
		mxsel_resolver_free(program->resolver);
	if (program->engine)
		mxsel_engine_free(program->engine);
	if (program->cache)
		mxsel_cache_free(program->cache);
}

/* mxsel_next(), whoever answers. */
static int next(const struct program *program, mxsel *m)
{
	mxsel_unbound *u = program->unbound;
	mxsel_engine *e = program->engine;
	int result;

	if (program->resolver)
		return mxsel_next(m);
	while ((result = e ? mxsel_engine_next(e, m)
		: mxsel_unbound_next(u, m)) == MXSEL_LOOKUP) {
		while ((e ? mxsel_engine_ready(e)
			: mxsel_unbound_ready(u)) != m)
			check(e ? mxsel_engine_wait(e, -1)
				: mxsel_unbound_wait(u, -1), "wait");
	}
	return result;
}

/* ----------------------------------------------------------------- requests */

/* The next word of *rest, cut off there; NULL: none. */
static char *next_word(char **rest, const char *separators)
{
	char *word = *rest + strspn(*rest, separators);

	if (!*word)
		return NULL;
	*rest = word + strcspn(word, separators);
	if (**rest)
		*(*rest)++ = '\0';
	return word;
}

static void set(struct request *request, int option, int value)
{
	check(mxsel_options_set(request->options, option, value), "option");
}

static void read_word(struct request *request, char *word)
{
	if (!strncmp(word, "port=", 5)) {
		set(request, MXSEL_OPT_PORT, (int)strtol(word + 5, NULL, 10));
	} else if (!strcmp(word, "mx=encrypt")) {
		set(request, MXSEL_OPT_DANE_INSECURE_MX,
			MXSEL_INSECURE_MX_ENCRYPT);
	} else if (!strcmp(word, "mx=may")) {
		set(request, MXSEL_OPT_DANE_INSECURE_MX,
			MXSEL_INSECURE_MX_MAY);
	} else if (!strcmp(word, "mx=dane")) {
		set(request, MXSEL_OPT_DANE_INSECURE_MX,
			MXSEL_INSECURE_MX_DANE);
	} else if (!strncmp(word, "sts=", 4)) {
		request->policy = word + 4;
	} else if (!strcmp(word, "requiretls")) {
		request->tls = MXSEL_TLS_REQUIRED;
	} else if (!strcmp(word, "optional")) {
		request->tls = MXSEL_TLS_OPTIONAL;
	} else {
		fprintf(stderr, "what is %s?\n", word);
		exit(1);
	}
}

static void read_request(struct request *request, char *line,
	const struct program *program)
{
	char *word;

	memset(request, 0, sizeof(*request));
	request->tls = MXSEL_TLS_BY_POLICY;
	check(mxsel_options_new(&request->options), "options");
	check(mxsel_options_set_resolver(request->options, program->resolver),
		"resolver");
	check(mxsel_options_set_cache(request->options, program->cache),
		"cache");
	set(request, MXSEL_OPT_DANE, 1);
	request->destination = next_word(&line, " \n");
	while ((word = next_word(&line, " \n")))
		read_word(request, word);
}

/* "enforce,mx.example.com,*.example.net" for the domain of m. */
static void give_policy(mxsel *m, char *words)
{
	char body[2048];
	mxsel_sts *policy;
	char *word = next_word(&words, ",");
	int length = snprintf(body, sizeof(body),
		"version: STSv1\r\nmode: %s\r\nmax_age: 86400\r\n", word);

	while ((word = next_word(&words, ",")))
		length += snprintf(body + length,
			sizeof(body) - (size_t)length, "mx: %s\r\n", word);
	check(mxsel_sts_new(&policy, mxsel_original_domain(m), body,
		(size_t)length, 1000), "policy");
	check(mxsel_set_sts(m, policy, 1001), "policy of the selection");
	mxsel_sts_free(policy);
}

/* ------------------------------------------------------------------ answers */

/* As dane_zones.py made it of "=N"? */
static int is_as_written(const uint8_t *data, size_t length)
{
	size_t i;

	for (i = 0; i < length; i++)
		if (data[i] != (length + 7 * i) % 256)
			return 0;
	return 1;
}

static void print_tlsa(const mxsel *m)
{
	size_t i;
	int usage, selector, matching;
	const uint8_t *data;
	size_t length;

	if (mxsel_dane(m) != MXSEL_DANE_NONE)
		printf(" dane=%s", text(mxsel_dane_name(mxsel_dane(m))));
	if (*text(mxsel_tlsa_base(m)))
		printf(" base=%s", mxsel_tlsa_base(m));
	for (i = 0; i < mxsel_tlsa_count(m); i++) {
		check(mxsel_tlsa(m, i, &usage, &selector, &matching, &data,
			&length), "tlsa");
		printf("%s%d.%d.%d/%zu%s", i ? "," : " tlsa=", usage,
			selector, matching, length,
			is_as_written(data, length) ? "" : "!");
	}
}

static void print_host(const mxsel *m)
{
	size_t i;

	printf("\t%s %s %s", mxsel_host_name(m),
		text(mxsel_posture_name(mxsel_posture(m))),
		text(mxsel_posture_reason_name(mxsel_posture_reason(m))));
	print_tlsa(m);
	if (strcmp(text(mxsel_tls_name(m)), mxsel_host_name(m)))
		printf(" sni=%s", text(mxsel_tls_name(m)));
	for (i = 0; i < mxsel_tls_identity_count(m); i++)
		printf("%s%s", i ? "," : " ids=",
			text(mxsel_tls_identity(m, i)));
}

static int print_hosts(const struct program *program, mxsel *m)
{
	int rank = -1, result;

	while ((result = next(program, m)) == MXSEL_ATTEMPT) {
		if (mxsel_host_rank(m) != rank) {
			if (rank >= 0)
				putchar('\n');
			print_host(m);
			printf(" to=");
		} else {
			putchar(',');
		}
		rank = mxsel_host_rank(m);
		printf("%s%s", mxsel_address_is_secure(m) ? "" : "?",
			mxsel_address(m));
		check(mxsel_report(m, MXSEL_OUTCOME_REFUSED, 0, NULL),
			"report");
	}
	if (rank >= 0)
		putchar('\n');
	return result;
}

static void print_end(const mxsel *m)
{
	size_t i;
	const char *name;
	int reason, policy, result;

	for (i = 0; i < mxsel_rejected_count(m); i++) {
		mxsel_rejected(m, i, &reason, NULL, &name);
		printf("\t%s %s\n", text(mxsel_reject_name(reason)), name);
	}
	for (i = 0; i < mxsel_tlsrpt_count(m); i++) {
		mxsel_tlsrpt(m, i, &name, NULL, &policy, &result);
		printf("\treport %s %s %s\n",
			text(mxsel_tlsrpt_policy_name(policy)),
			text(mxsel_tlsrpt_result_name(result)), name);
	}
	printf("\t%s %d %s %s%s\n",
		mxsel_verdict_action(m) == MXSEL_ACTION_BOUNCE ? "bounce" :
		mxsel_verdict_action(m) == MXSEL_ACTION_DEFER ? "defer" :
		"other", mxsel_verdict_code(m), mxsel_verdict_status(m),
		text(mxsel_reason_name(mxsel_verdict_reason(m))),
		mxsel_is_secure(m) ? " secure" : "");
}

static void answer(char *line, const struct program *program)
{
	struct request request;
	mxsel *m;

	line[strcspn(line, "\n")] = '\0';
	puts(line);
	read_request(&request, line, program);
	check(mxsel_new(&m, request.destination, request.options), "new");
	if (request.policy)
		give_policy(m, request.policy);
	check(mxsel_set_tls(m, request.tls), "tls");
	check(print_hosts(program, m), "next");
	print_end(m);
	fflush(stdout);
	mxsel_free(m);
	mxsel_options_free(request.options);
}

int main(int count, char **arguments)
{
	char line[1024];
	struct program program = { NULL, NULL, NULL, NULL };

	if (!open_all(&program, count, arguments)) {
		fputs("usage: dane_hosts ldns|cached|engine SERVER...\n"
			"       dane_hosts unbound|loop ANCHOR STUBS\n",
			stderr);
		return 64;
	}
	while (fgets(line, sizeof(line), stdin))
		if (*line != '\n')
			answer(line, &program);
	close_all(&program);
	return 0;
}

/*
 * Prints how securely each host of a destination must be reached: posture and
 * reason, the names for TLS, the TLSA records. It speaks to no host.
 *
 *     secure_host [--server ADDR[@PORT]] [--trust-ad] [--policy FILE]
 *                 [--require-tls | --optional-tls] DESTINATION
 *
 * Without --server those of /etc/resolv.conf are asked; what they say of
 * DNSSEC counts when they are on this machine, or with --trust-ad. FILE is an
 * MTA-STS policy as its web server gives it. Exit: 0 there is a host to try,
 * 1 bounce, 75 defer, 64 wrong usage.
 */
#include <stdio.h>
#include <string.h>

#include <mxsel/ldns.h>
#include <mxsel/mxsel.h>
#include <mxsel/security.h>

struct settings {
	const char *server;
	const char *policy;
	const char *destination;
	int trust;
	int tls;
};

/* guide: print */
static void print_records(const mxsel *m)
{
	int usage, selector, matching;
	const uint8_t *data;
	size_t i, k, length;

	for (i = 0; mxsel_tlsa(m, i, &usage, &selector, &matching, &data,
		&length) == 0; i++) {
		printf("  TLSA %d %d %d ", usage, selector, matching);
		for (k = 0; k < length; k++)
			printf("%02x", data[k]);
		printf("\n");
	}
}

static void print_attempt(const mxsel *m)
{
	int reason = mxsel_posture_reason(m);
	const char *rule = mxsel_posture_rule(reason);
	size_t i;

	printf("%d %s [%s]:%d %s (%s%s%s)\n", mxsel_host_preference(m),
		mxsel_host_name(m), mxsel_address(m), mxsel_port(m),
		mxsel_posture_name(mxsel_posture(m)),
		mxsel_posture_reason_name(reason),
		rule != NULL ? ", " : "", rule != NULL ? rule : "");
	if (mxsel_tls_name(m)[0] != '\0')
		printf("  SNI %s\n", mxsel_tls_name(m));
	for (i = 0; i < mxsel_tls_identity_count(m); i++)
		printf("  identity %s\n", mxsel_tls_identity(m, i));
	print_records(m);
}
/* guide: end */

static void print_rejected(const mxsel *m)
{
	const char *subject;
	int reason;
	size_t i;

	for (i = 0; mxsel_rejected(m, i, &reason, NULL, &subject) == 0; i++)
		printf("not %s (%s, %s)\n", subject, mxsel_reject_name(reason),
			mxsel_reject_rule(reason));
}

static int make_resolver(mxsel_resolver **dns, const struct settings *settings)
{
	int r = mxsel_ldns_new(dns, settings->server != NULL ? "" : NULL);

	if (r == 0 && settings->server != NULL)
		r = mxsel_ldns_add_server(*dns, settings->server);
	if (r == 0 && settings->trust)
		r = mxsel_ldns_set_trust_ad(*dns, 1);
	if (r == 0 && !mxsel_ldns_trusts_ad(*dns))
		printf("what this server says of DNSSEC does not count: "
			"no DANE\n");
	return r;
}

static int make_options(mxsel_options **options,
	const struct settings *settings)
{
	mxsel_resolver *dns = NULL;
	int r = make_resolver(&dns, settings);

	if (r == 0)
		r = mxsel_options_new(options);
	if (r == 0)
		r = mxsel_options_set_resolver(*options, dns);
	if (r == 0)
		r = mxsel_options_set(*options, MXSEL_OPT_DANE, 1);
	mxsel_resolver_free(dns); /* the options keep it alive */
	return r;
}

/* The file was fetched for this destination, just now. */
static int use_policy(mxsel *m, const char *file)
{
	char body[65536];
	const char *why = "";
	mxsel_sts *policy;
	size_t size, line = 0;
	FILE *f = fopen(file, "rb");
	int r;

	if (f == NULL)
		return MXSEL_EFILE;
	size = fread(body, 1, sizeof body, f);
	fclose(f);
	if (mxsel_sts_check(body, size, &line, &why) != 0)
		printf("%s:%zu: %s\n", file, line, why);
	r = mxsel_sts_new(&policy, mxsel_original_domain(m), body, size, 0);
	if (r != 0)
		return r;
	r = mxsel_set_sts(m, policy, 0);
	mxsel_sts_free(policy); /* the selection keeps it alive */
	return r;
}

static int show(mxsel *m)
{
	static const int codes[] = { 75, 0, 75, 1 };
	size_t attempts = 0;
	int r;

	while ((r = mxsel_next(m)) == MXSEL_ATTEMPT) {
		attempts++;
		print_attempt(m);
	}
	print_rejected(m);
	if (r != MXSEL_END) {
		printf("%s\n", mxsel_strerror(r));
		return 75;
	}
	if (attempts > 0)
		return 0;
	printf("%d %s %s\n", mxsel_verdict_code(m), mxsel_verdict_status(m),
		mxsel_verdict_text(m));
	return codes[mxsel_verdict_action(m)];
}

static int read_arguments(struct settings *s, int argc, char **argv)
{
	int i;

	for (i = 1; i < argc && strncmp(argv[i], "--", 2) == 0; i++) {
		if (strcmp(argv[i], "--server") == 0 && i + 1 < argc)
			s->server = argv[++i];
		else if (strcmp(argv[i], "--policy") == 0 && i + 1 < argc)
			s->policy = argv[++i];
		else if (strcmp(argv[i], "--trust-ad") == 0)
			s->trust = 1;
		else if (strcmp(argv[i], "--require-tls") == 0)
			s->tls = MXSEL_TLS_REQUIRED;
		else if (strcmp(argv[i], "--optional-tls") == 0)
			s->tls = MXSEL_TLS_OPTIONAL;
		else
			return 0;
	}
	s->destination = argv[i];
	return i + 1 == argc;
}

int main(int argc, char **argv)
{
	struct settings settings = { NULL, NULL, NULL, 0, MXSEL_TLS_BY_POLICY };
	mxsel_options *options = NULL;
	mxsel *m = NULL;
	int r, code = 75;

	if (!read_arguments(&settings, argc, argv)) {
		fprintf(stderr, "usage: secure_host [--server ADDR[@PORT]] "
			"[--trust-ad] [--policy FILE]\n"
			"    [--require-tls | --optional-tls] DESTINATION\n");
		return 64;
	}
	r = make_options(&options, &settings);
	if (r == 0)
		r = mxsel_new(&m, settings.destination, options);
	if (r == 0)
		r = mxsel_set_tls(m, settings.tls);
	if (r == 0 && settings.policy != NULL)
		r = use_policy(m, settings.policy);
	if (r == 0)
		code = show(m);
	else
		fprintf(stderr, "secure_host: %s\n", mxsel_strerror(r));
	mxsel_free(m);
	mxsel_options_free(options);
	return r == MXSEL_ESYNTAX ? 64 : code;
}

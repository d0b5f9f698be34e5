/*
 * The table of options: every one, what it takes and where its value goes.
 * May use the public headers.
 */
#include "settings_table.h"

#include <limits.h>
#include <stdint.h>
#include <string.h>

#include <mxsel/security.h>

#include "json.h"

/* Octets of a cache, as mxsel_cache_new() takes them. */
#define CACHE_MIN 65536
#define CACHE_MAX (SIZE_MAX < UINT64_C(1) << 36 ? SIZE_MAX : UINT64_C(1) << 36)

const char settings_no_memory[] = "no memory";

static const struct word family_words[] = {
	{ "interleave", MXSEL_FAMILY_INTERLEAVE },
	{ "any", MXSEL_FAMILY_ANY },
	{ "v6first", MXSEL_FAMILY_V6_FIRST },
	{ "v4first", MXSEL_FAMILY_V4_FIRST },
	{ "v6only", MXSEL_FAMILY_V6_ONLY },
	{ "v4only", MXSEL_FAMILY_V4_ONLY },
	{ NULL, 0 }
};

static const struct word shuffle_words[] = {
	{ "hosts", MXSEL_SHUFFLE_HOSTS },
	{ "addresses", MXSEL_SHUFFLE_ADDRESSES },
	{ "none", MXSEL_SHUFFLE_NONE },
	{ NULL, 0 }
};

static const struct word color_words[] = {
	{ "auto", SETTINGS_COLOR_AUTO },
	{ "always", SETTINGS_COLOR_ALWAYS },
	{ "never", SETTINGS_COLOR_NEVER },
	{ NULL, 0 }
};

static const struct word insecure_mx_words[] = {
	{ "dane", MXSEL_INSECURE_MX_DANE },
	{ "encrypt", MXSEL_INSECURE_MX_ENCRYPT },
	{ "may", MXSEL_INSECURE_MX_MAY },
	{ NULL, 0 }
};

static const struct word field_words[] = {
	{ "destination", JSON_DESTINATION },
	{ "domain", JSON_DOMAIN },
	{ "unicode", JSON_UNICODE },
	{ "status", JSON_STATUS },
	{ "verdict", JSON_VERDICT },
	{ "source", JSON_SOURCE },
	{ "ttl", JSON_TTL },
	{ "secure", JSON_SECURE },
	{ "flags", JSON_FLAGS },
	{ "hosts", JSON_HOSTS },
	{ "rejected", JSON_REJECTED },
	{ "queries", JSON_QUERIES },
	{ "tlsrpt", JSON_TLSRPT },
	{ "trace", JSON_TRACE },
	{ NULL, 0 }
};

/* What an error of the library means for a value. */
static const char *explain(int error)
{
	switch (error) {
	case MXSEL_OK:
		return NULL;
	case MXSEL_ERANGE:
		return "is out of range";
	case MXSEL_ENOMEM:
		return settings_no_memory;
	default:
		return mxsel_strerror(error);
	}
}

/* Decimal digits and nothing else, at most max. */
static const char *read_number(uint64_t *out, const char *value, uint64_t max)
{
	const char *p;
	uint64_t n = 0;

	if (*value == '\0')
		return "is not a number";
	for (p = value; *p != '\0'; p++) {
		if (*p < '0' || *p > '9')
			return "is not a number";
		if (n > (max - (uint64_t)(*p - '0')) / 10)
			return "is out of range";
		n = n * 10 + (uint64_t)(*p - '0');
	}
	*out = n;
	return NULL;
}

static const char *take_number(struct settings *s, const struct knob *e,
	const char *value)
{
	uint64_t n;
	const char *why = read_number(&n, value, INT_MAX);

	if (why != NULL)
		return why;
	return explain(mxsel_options_set(s->options, e->number, (int)n));
}

static const char *take_switch(struct settings *s, const struct knob *e,
	const char *value)
{
	(void)value;
	return explain(mxsel_options_set(s->options, e->number, 1));
}

static const struct word *find_word_of(const struct word *w,
	const char *value, size_t length)
{
	for (; w->text != NULL; w++)
		if (strlen(w->text) == length &&
		    memcmp(w->text, value, length) == 0)
			return w;
	return NULL;
}

static const struct word *find_word(const struct word *w, const char *value)
{
	return find_word_of(w, value, strlen(value));
}

static const char *take_word(struct settings *s, const struct knob *e,
	const char *value)
{
	const struct word *w = find_word(e->words, value);

	if (w == NULL)
		return "";
	return explain(mxsel_options_set(s->options, e->number, w->value));
}

static const char *take_color(struct settings *s, const struct knob *e,
	const char *value)
{
	const struct word *w = find_word(e->words, value);

	if (w == NULL)
		return "";
	s->color = w->value;
	return NULL;
}

static const char *take_fields(struct settings *s, const struct knob *e,
	const char *value)
{
	const struct word *w;
	int keys = 0;
	size_t length;

	for (;; value += length + 1) {
		length = strcspn(value, ",");
		w = find_word_of(e->words, value, length);
		if (w == NULL)
			return "";
		keys |= w->value;
		if (value[length] == '\0')
			break;
	}
	s->keys = keys;
	s->has_keys = 1;
	return NULL;
}

static const char *take_seed(struct settings *s, const struct knob *e,
	const char *value)
{
	uint64_t n;
	const char *why = read_number(&n, value, UINT64_MAX);

	(void)e;
	if (why != NULL)
		return why;
	return explain(mxsel_options_set_seed(s->options, n));
}

/* Seconds with at most three decimals, as milliseconds. */
static const char *take_timeout(struct settings *s, const struct knob *e,
	const char *value)
{
	uint64_t milliseconds = 0;
	int scale = 0; /* 0: before the point; then 1 + decimals read */
	const char *p;

	for (p = value; *p != '\0'; p++) {
		if (*p == '.' && scale == 0 && p > value && p[1] != '\0') {
			scale = 1;
			continue;
		}
		if (*p < '0' || *p > '9' || scale > 3)
			return "is not a number of seconds";
		milliseconds = milliseconds * 10 + (uint64_t)(*p - '0');
		scale += scale > 0;
		if (milliseconds > INT_MAX)
			return "is out of range";
	}
	if (p == value)
		return "is not a number of seconds";
	for (scale += scale == 0; scale < 4; scale++)
		milliseconds *= 10;
	if (milliseconds > INT_MAX)
		return "is out of range";
	return explain(mxsel_options_set(s->options, e->number,
		(int)milliseconds));
}

/* An address of ours, or else a name. */
static const char *take_self(struct settings *s, const struct knob *e,
	const char *value)
{
	int r = mxsel_options_add_self_address(s->options, value);

	(void)e;
	if (r == MXSEL_ESYNTAX)
		r = mxsel_options_add_self_name(s->options, value);
	s->self_count++;
	if (r == MXSEL_ESYNTAX)
		return "is neither a host name nor an IP address";
	return explain(r);
}

static const char *take_network(struct settings *s, const struct knob *e,
	const char *value)
{
	int r = mxsel_options_allow_network(s->options, value);

	(void)e;
	if (r == MXSEL_ESYNTAX)
		return "is not a network";
	return explain(r);
}

static const char *take_nat64(struct settings *s, const struct knob *e,
	const char *value)
{
	int r = mxsel_options_add_nat64(s->options, value);

	(void)e;
	if (r == MXSEL_ESYNTAX)
		return "is not a NAT64 prefix";
	return explain(r);
}

static const char *take_pattern(struct settings *s, const struct knob *e,
	const char *value)
{
	int r = mxsel_options_refuse_exchange(s->options, value, 550, NULL,
		NULL);

	(void)e;
	if (r == MXSEL_ESYNTAX)
		return "is not a pattern for host names";
	return explain(r);
}

static const char *take_server(struct settings *s, const struct knob *e,
	const char *value)
{
	(void)e;
	s->servers[s->server_count++] = value;
	return NULL;
}

static const char *take_zone(struct settings *s, const struct knob *e,
	const char *value)
{
	(void)e;
	s->zones[s->zone_count++] = value;
	return NULL;
}

static const char *take_anchor(struct settings *s, const struct knob *e,
	const char *value)
{
	(void)e;
	s->anchors[s->anchor_count++] = value;
	return NULL;
}

static const char *take_trust_ad(struct settings *s, const struct knob *e,
	const char *value)
{
	(void)value;
	s->trust_ad = e->number;
	return NULL;
}

static const char *take_dane(struct settings *s, const struct knob *e,
	const char *value)
{
	s->dane = 1;
	s->shows_tls = 1;
	return take_switch(s, e, value);
}

static const char *take_sts(struct settings *s, const struct knob *e,
	const char *value)
{
	(void)e;
	s->sts = value;
	s->shows_tls = 1;
	return NULL;
}

static const char *take_tls(struct settings *s, const struct knob *e,
	const char *value)
{
	(void)value;
	if (s->tls != MXSEL_TLS_BY_POLICY && s->tls != e->number)
		s->tls_differs = 1;
	s->tls = e->number;
	s->shows_tls = 1;
	return NULL;
}

/* That of a plan; mxsel memory, which makes none, wants it alone. */
static const char *take_port(struct settings *s, const struct knob *e,
	const char *value)
{
	const char *why = take_number(s, e, value);
	uint64_t n = 0;

	if (why == NULL && read_number(&n, value, INT_MAX) == NULL)
		s->port = (int)n;
	return why;
}

static const char *take_memory(struct settings *s, const struct knob *e,
	const char *value)
{
	(void)e;
	s->memory = value;
	return NULL;
}

static const char *take_store(struct settings *s, const struct knob *e,
	const char *value)
{
	(void)e;
	s->store = value;
	return NULL;
}

static const char *take_store_login(struct settings *s,
	const struct knob *e, const char *value)
{
	(void)e;
	s->store_login = value;
	return NULL;
}

static const char *take_forget(struct settings *s, const struct knob *e,
	const char *value)
{
	(void)e;
	s->forgets[s->forget_count++] = value;
	return NULL;
}

static const char *take_record(struct settings *s, const struct knob *e,
	const char *value)
{
	(void)e;
	s->record = value;
	return NULL;
}

static const char *take_replay(struct settings *s, const struct knob *e,
	const char *value)
{
	(void)e;
	s->replay = value;
	return NULL;
}

static const char *take_unordered(struct settings *s, const struct knob *e,
	const char *value)
{
	(void)e;
	(void)value;
	s->unordered = 1;
	return NULL;
}

static const char *take_progress(struct settings *s, const struct knob *e,
	const char *value)
{
	const struct word *w = find_word(e->words, value);

	if (w == NULL)
		return "";
	s->progress = w->value;
	return NULL;
}

static const char *take_resume(struct settings *s, const struct knob *e,
	const char *value)
{
	(void)e;
	if (*value == '\0')
		return "is not the name of a file";
	s->resume = value;
	return NULL;
}

static const char *take_concurrency(struct settings *s, const struct knob *e,
	const char *value)
{
	uint64_t n;
	const char *why = read_number(&n, value, 100000);

	(void)e;
	if (why != NULL)
		return why;
	if (n == 0)
		return "is out of range";
	s->concurrency = (size_t)n;
	return NULL;
}

/* Octets, or with K, M or G behind them that many times 1024. */
static const char *take_cache_size(struct settings *s, const struct knob *e,
	const char *value)
{
	static const char units[] = "KMG";
	size_t digits = strspn(value, "0123456789");
	const char *unit = value[digits] != '\0' ?
		strchr(units, value[digits]) : NULL;
	char number[24];
	uint64_t n;

	(void)e;
	if (digits == 0 || digits >= sizeof(number) ||
	    (value[digits] != '\0' && (unit == NULL ||
	    value[digits + 1] != '\0')))
		return "is not a size";
	memcpy(number, value, digits);
	number[digits] = '\0';
	if (read_number(&n, number, CACHE_MAX) != NULL)
		return "is out of range";
	if (unit != NULL)
		n <<= 10 * (unit - units + 1);
	if (n > CACHE_MAX || (n > 0 && n < CACHE_MIN))
		return "is out of range";
	s->cache_size = (size_t)n;
	return NULL;
}

static const char *take_command(struct settings *s, const struct knob *e,
	const char *value)
{
	(void)value;
	s->command = e->number;
	return NULL;
}

/* Switches of the command itself: what take_flag() sets. */
enum {
	FLAG_DEMO, FLAG_JSON, FLAG_DOT, FLAG_QUIET, FLAG_SELF_INTERFACES,
	FLAG_MIX_CASE, FLAG_FORGET_ALL
};

static const char *take_flag(struct settings *s, const struct knob *e,
	const char *value)
{
	(void)value;
	if (e->number == FLAG_DEMO)
		s->demo = 1;
	else if (e->number == FLAG_JSON)
		s->json = 1;
	else if (e->number == FLAG_DOT)
		s->dot = 1;
	else if (e->number == FLAG_QUIET)
		s->quiet = 1;
	else if (e->number == FLAG_MIX_CASE)
		s->mix_case = 1;
	else if (e->number == FLAG_FORGET_ALL)
		s->forgets_all = 1;
	else
		s->self_interfaces = 1;
	return NULL;
}

static const struct knob entries[] = {
	{ "server", take_server, 0, NULL, 1 },
	{ "zone", take_zone, 0, NULL, 1 },
	{ "demo", take_flag, FLAG_DEMO, NULL, 0 },
	{ "seed", take_seed, 0, NULL, 1 },
	{ "self", take_self, 0, NULL, 1 },
	{ "self-port", take_number, MXSEL_OPT_SELF_PORT, NULL, 1 },
	{ "self-interfaces", take_flag, FLAG_SELF_INTERFACES, NULL, 0 },
	{ "family", take_word, MXSEL_OPT_FAMILY, family_words, 1 },
	{ "shuffle", take_word, MXSEL_OPT_SHUFFLE, shuffle_words, 1 },
	{ "port", take_port, MXSEL_OPT_PORT, NULL, 1 },
	{ "memory", take_memory, 0, NULL, 1 },
	{ "store", take_store, 0, NULL, 1 },
	{ "store-login", take_store_login, 0, NULL, 1 },
	{ "forget", take_forget, 0, NULL, 1 },
	{ "forget-all", take_flag, FLAG_FORGET_ALL, NULL, 0 },
	{ "timeout", take_timeout, MXSEL_OPT_TIME_LIMIT, NULL, 1 },
	{ "mix-case", take_flag, FLAG_MIX_CASE, NULL, 0 },
	{ "trust-ad", take_trust_ad, 1, NULL, 0 },
	{ "no-trust-ad", take_trust_ad, 0, NULL, 0 },
	{ "anchor", take_anchor, 0, NULL, 1 },
	{ "dane", take_dane, MXSEL_OPT_DANE, NULL, 0 },
	{ "dane-insecure-mx", take_word, MXSEL_OPT_DANE_INSECURE_MX,
		insecure_mx_words, 1 },
	{ "sts-policy", take_sts, 0, NULL, 1 },
	{ "requiretls", take_tls, MXSEL_TLS_REQUIRED, NULL, 0 },
	{ "tls-optional", take_tls, MXSEL_TLS_OPTIONAL, NULL, 0 },
	{ "sender", take_switch, MXSEL_OPT_SENDER, NULL, 0 },
	{ "implicit-on-nxdomain", take_switch, MXSEL_OPT_IMPLICIT_ON_NXDOMAIN,
		NULL, 0 },
	{ "strict-null-mx", take_switch, MXSEL_OPT_STRICT_NULL_MX, NULL, 0 },
	{ "allow-exchange-address", take_switch,
		MXSEL_OPT_ALLOW_EXCHANGE_ADDRESS, NULL, 0 },
	{ "refuse-exchange-alias", take_switch,
		MXSEL_OPT_REFUSE_EXCHANGE_ALIAS, NULL, 0 },
	{ "refuse-exchange", take_pattern, 0, NULL, 1 },
	{ "allow-loopback", take_switch, MXSEL_OPT_ALLOW_LOOPBACK, NULL, 0 },
	{ "allow-link-local", take_switch, MXSEL_OPT_ALLOW_LINK_LOCAL,
		NULL, 0 },
	{ "allow-network", take_network, 0, NULL, 1 },
	{ "refuse-private", take_switch, MXSEL_OPT_REFUSE_PRIVATE, NULL, 0 },
	{ "nat64", take_nat64, 0, NULL, 1 },
	{ "ask-local", take_switch, MXSEL_OPT_ASK_LOCAL, NULL, 0 },
	{ "keep-duplicates", take_switch, MXSEL_OPT_KEEP_DUPLICATES, NULL, 0 },
	{ "defer-no-host", take_switch, MXSEL_OPT_DEFER_NO_HOST, NULL, 0 },
	{ "defer-filtered", take_switch, MXSEL_OPT_DEFER_FILTERED, NULL, 0 },
	{ "max-records", take_number, MXSEL_OPT_MAX_RECORDS, NULL, 1 },
	{ "max-hosts", take_number, MXSEL_OPT_MAX_HOSTS, NULL, 1 },
	{ "max-queries", take_number, MXSEL_OPT_MAX_QUERIES, NULL, 1 },
	{ "max-aliases", take_number, MXSEL_OPT_MAX_ALIASES, NULL, 1 },
	{ "max-host-addresses", take_number, MXSEL_OPT_MAX_HOST_ADDRESSES,
		NULL, 1 },
	{ "max-addresses", take_number, MXSEL_OPT_MAX_ADDRESSES, NULL, 1 },
	{ "max-attempts", take_number, MXSEL_OPT_MAX_ATTEMPTS, NULL, 1 },
	{ "record", take_record, 0, NULL, 1 },
	{ "replay", take_replay, 0, NULL, 1 },
	{ "json", take_flag, FLAG_JSON, NULL, 0 },
	{ "fields", take_fields, 0, field_words, 2 },
	{ "dot", take_flag, FLAG_DOT, NULL, 0 },
	{ "color", take_color, 0, color_words, 1 },
	{ "unordered", take_unordered, 0, NULL, 0 },
	{ "concurrency", take_concurrency, 0, NULL, 1 },
	{ "cache-size", take_cache_size, 0, NULL, 1 },
	{ "progress", take_progress, 0, color_words, 1 },
	{ "resume", take_resume, 0, NULL, 1 },
	{ "quiet", take_flag, FLAG_QUIET, NULL, 0 },
	{ "version", take_command, SETTINGS_VERSION, NULL, 0 },
	{ "help", take_command, SETTINGS_HELP, NULL, 0 },
};

const struct knob *settings_find(const char *name, size_t length)
{
	size_t i;

	for (i = 0; i < sizeof(entries) / sizeof(entries[0]); i++)
		if (strlen(entries[i].name) == length &&
		    memcmp(entries[i].name, name, length) == 0)
			return &entries[i];
	return NULL;
}

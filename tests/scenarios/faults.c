/*
 * What goes wrong with answers, and what DNSSEC says of them: lines of names
 * and types, of which the closest one counts. May use libc only.
 */
#include "scenarios/scenario.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int fault_of(const char *word)
{
	static const struct {
		const char *word;
		int what;
	} faults[] = {
		{ "NXDOMAIN", MXSEL_DNS_NXDOMAIN },
		{ "SERVFAIL", MXSEL_DNS_SERVFAIL },
		{ "REFUSED", MXSEL_DNS_REFUSED },
		{ "FORMERR", MXSEL_DNS_FORMERR },
		{ "NOTIMP", MXSEL_DNS_NOTIMP }, { "RCODE", MXSEL_DNS_RCODE },
		{ "timeout", MXSEL_DNS_TIMEOUT },
		{ "truncated", MXSEL_DNS_TRUNCATED },
		{ "malformed", MXSEL_DNS_MALFORMED },
		{ "network", MXSEL_DNS_NETWORK },
		{ "referral", MXSEL_DNS_REFERRAL },
		{ "NODATA", FAULT_NODATA }, { "bogus", FAULT_BOGUS },
		{ "secure", FAULT_SECURE }, { "insecure", FAULT_INSECURE },
		{ "indeterminate", FAULT_INDETERMINATE },
		{ "dangling", FAULT_DANGLING }, { "no-soa", FAULT_NO_SOA },
	};
	size_t i;

	for (i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
		if (same_word(word, faults[i].word))
			return faults[i].what;
	return -1;
}

const char *zone_fault(struct zone *zone, const char *text)
{
	char line[2 * NAME_ROOM];
	char *words[WORDS_MAX];
	struct fault *f, **end = &zone->faults;
	size_t n;

	snprintf(line, sizeof(line), "%s", text);
	cut_comment(line);
	n = split_words(line, words);
	if (n == 0)
		return NULL;
	if (n != 3 || zone_type(words[1]) < 0 || fault_of(words[2]) < 0)
		return "a fault is NAME TYPE WHAT";
	f = calloc(1, sizeof(*f));
	if (f == NULL)
		return "no memory";
	zone_name(f->name, words[0], "");
	f->type = zone_type(words[1]);
	f->what = fault_of(words[2]);
	while (*end != NULL)
		end = &(*end)->next;
	*end = f;
	return NULL;
}

static int security_of(int what)
{
	switch (what) {
	case FAULT_BOGUS:
		return MXSEL_SECURITY_BOGUS;
	case FAULT_SECURE:
		return MXSEL_SECURITY_SECURE;
	case FAULT_INSECURE:
		return MXSEL_SECURITY_INSECURE;
	case FAULT_INDETERMINATE:
		return MXSEL_SECURITY_INDETERMINATE;
	default:
		return -1;
	}
}

/* How closely a line speaks of a name and type: 1 to 4; 0: not at all. */
static int closeness(const struct fault *f, const char *name, int type)
{
	int any_name = strcmp(f->name, "*") == 0;

	if ((!any_name && strcmp(f->name, name) != 0) ||
		(f->type != TYPE_ANY && f->type != type))
		return 0;
	return 1 + 2 * !any_name + (f->type != TYPE_ANY);
}

size_t zone_faults(const struct zone *zone, const char *name, int type,
	int out[FAULTS_MAX])
{
	const struct fault *f;
	size_t n = 0;
	int close;

	for (close = 1; close <= 4; close++)
		for (f = zone->faults; f != NULL && n < FAULTS_MAX;
			f = f->next)
			if (closeness(f, name, type) == close &&
				security_of(f->what) < 0)
				out[n++] = f->what;
	return n;
}

int zone_security(const struct zone *zone, const char *name, int type)
{
	const struct fault *f;
	int closest = 1, found = -1;

	for (f = zone->faults; f != NULL; f = f->next) {
		int close = closeness(f, name, type);

		if (close < closest || security_of(f->what) < 0)
			continue;
		closest = close;
		found = security_of(f->what);
	}
	return found;
}

int zone_weaker(int a, int b)
{
	static const int order[] = { /* from the weakest */
		MXSEL_SECURITY_BOGUS, MXSEL_SECURITY_INSECURE,
		MXSEL_SECURITY_INDETERMINATE, MXSEL_SECURITY_SECURE
	};
	size_t i = 0;

	while (order[i] != a && order[i] != b)
		i++;
	return order[i];
}

/*
 * The options of a case, by the names they have in mxsel(1). May use
 * <mxsel/mxsel.h> only.
 */
#include "scenarios/scenario.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct word {
	const char *word;
	int value;
};

static const struct word switches[] = {
	{ "sender", MXSEL_OPT_SENDER },
	{ "implicit-on-nxdomain", MXSEL_OPT_IMPLICIT_ON_NXDOMAIN },
	{ "strict-null-mx", MXSEL_OPT_STRICT_NULL_MX },
	{ "allow-exchange-address", MXSEL_OPT_ALLOW_EXCHANGE_ADDRESS },
	{ "refuse-exchange-alias", MXSEL_OPT_REFUSE_EXCHANGE_ALIAS },
	{ "allow-loopback", MXSEL_OPT_ALLOW_LOOPBACK },
	{ "allow-link-local", MXSEL_OPT_ALLOW_LINK_LOCAL },
	{ "refuse-private", MXSEL_OPT_REFUSE_PRIVATE },
	{ "ask-local", MXSEL_OPT_ASK_LOCAL },
	{ "hand-out-onion", MXSEL_OPT_HAND_OUT_ONION },
	{ "keep-duplicates", MXSEL_OPT_KEEP_DUPLICATES },
	{ "defer-no-host", MXSEL_OPT_DEFER_NO_HOST },
	{ "defer-filtered", MXSEL_OPT_DEFER_FILTERED },
	{ "dane", MXSEL_OPT_DANE },
	{ NULL, 0 }
};

static const struct word numbers[] = {
	{ "port", MXSEL_OPT_PORT }, { "self-port", MXSEL_OPT_SELF_PORT },
	{ "max-records", MXSEL_OPT_MAX_RECORDS },
	{ "max-hosts", MXSEL_OPT_MAX_HOSTS },
	{ "max-host-addresses", MXSEL_OPT_MAX_HOST_ADDRESSES },
	{ "max-addresses", MXSEL_OPT_MAX_ADDRESSES },
	{ "max-queries", MXSEL_OPT_MAX_QUERIES },
	{ "prefetch", MXSEL_OPT_PREFETCH },
	{ "max-aliases", MXSEL_OPT_MAX_ALIASES },
	{ "max-attempts", MXSEL_OPT_MAX_ATTEMPTS },
	{ NULL, 0 }
};

static const struct word families[] = {
	{ "interleave", MXSEL_FAMILY_INTERLEAVE },
	{ "any", MXSEL_FAMILY_ANY },
	{ "v6first", MXSEL_FAMILY_V6_FIRST },
	{ "v4first", MXSEL_FAMILY_V4_FIRST },
	{ "v6only", MXSEL_FAMILY_V6_ONLY },
	{ "v4only", MXSEL_FAMILY_V4_ONLY },
	{ NULL, 0 }
};

static const struct word shuffles[] = {
	{ "hosts", MXSEL_SHUFFLE_HOSTS },
	{ "addresses", MXSEL_SHUFFLE_ADDRESSES },
	{ "none", MXSEL_SHUFFLE_NONE },
	{ NULL, 0 }
};

static const struct word insecure_mx[] = {
	{ "dane", MXSEL_INSECURE_MX_DANE },
	{ "encrypt", MXSEL_INSECURE_MX_ENCRYPT },
	{ "may", MXSEL_INSECURE_MX_MAY },
	{ NULL, 0 }
};

static int value_of(const struct word *words, const char *word)
{
	for (; words->word != NULL; words++)
		if (strcmp(words->word, word) == 0)
			return words->value;
	return -1;
}

/* Name or address: what is not one is taken as the other. */
static int add_self(mxsel_options *o, const char *value)
{
	int rc = mxsel_options_add_self_address(o, value);

	return rc == MXSEL_ESYNTAX ? mxsel_options_add_self_name(o, value) : rc;
}

static int set_word(mxsel_options *o, int option, const struct word *words,
	const char *value)
{
	int number = value_of(words, value);

	return number < 0 ? MXSEL_ERANGE : mxsel_options_set(o, option,
		number);
}

static int set_number(mxsel_options *o, int option, const char *value)
{
	unsigned long long number;

	if (word_number(value, INT32_MAX, &number) != 0)
		return MXSEL_ERANGE;
	return mxsel_options_set(o, option, (int)number);
}

/* "refuse-exchange PATTERN [CODE [STATUS|- [TEXT...]]]" */
static int refuse(mxsel_options *o, char *words[], size_t n, const char *text)
{
	unsigned long long code = 550;

	if (n > 2 && word_number(words[2], 999, &code) != 0)
		return MXSEL_ERANGE;
	return mxsel_options_refuse_exchange(o, words[1], (int)code,
		n > 3 && strcmp(words[3], "-") != 0 ? words[3] : NULL,
		n > 4 ? text : NULL);
}

static int set_value(mxsel_options *o, const char *name, const char *value)
{
	int option = value_of(numbers, name);
	unsigned long long number;

	if (option >= 0)
		return set_number(o, option, value);
	if (strcmp(name, "self") == 0)
		return add_self(o, value);
	if (strcmp(name, "family") == 0)
		return set_word(o, MXSEL_OPT_FAMILY, families, value);
	if (strcmp(name, "shuffle") == 0)
		return set_word(o, MXSEL_OPT_SHUFFLE, shuffles, value);
	if (strcmp(name, "dane-insecure-mx") == 0)
		return set_word(o, MXSEL_OPT_DANE_INSECURE_MX, insecure_mx,
			value);
	if (strcmp(name, "allow-network") == 0)
		return mxsel_options_allow_network(o, value);
	if (strcmp(name, "nat64") == 0)
		return mxsel_options_add_nat64(o, value);
	if (strcmp(name, "seed") == 0 &&
		word_number(value, UINT64_MAX, &number) == 0)
		return mxsel_options_set_seed(o, number);
	return MXSEL_ERANGE;
}

/* --- hooks: lines of two names, or of a name and a number ---------------- */

static int is_hook(const char *word)
{
	return strcmp(word, "favour") == 0 || strcmp(word, "idn") == 0;
}

/* The second word of the line that begins with this key and first word. */
static const char *hook_value(const struct text_line *l, const char *key,
	const char *name, size_t length, char line[2 * NAME_ROOM])
{
	char *words[WORDS_MAX];

	for (; l != NULL; l = l->next) {
		snprintf(line, 2 * NAME_ROOM, "%s", l->text);
		if (split_words(line, words) == 3 &&
			strcmp(words[0], key) == 0 &&
			unescape_text(words[1]) == length &&
			memcmp(words[1], name, length) == 0)
			return words[2];
	}
	return NULL;
}

static int favour(const char *host, void *user)
{
	char line[2 * NAME_ROOM];
	const char *value = hook_value(user, "favour", host, strlen(host),
		line);
	unsigned long long number = 0;
	int minus = value != NULL && value[0] == '-';

	if (value == NULL || word_number(value + minus, INT32_MAX, &number) !=
		0)
		return 0;
	return minus ? -(int)number : (int)number;
}

static int to_ascii(const char *name, size_t length, char *out, void *user)
{
	char line[2 * NAME_ROOM];
	const char *value = hook_value(user, "idn", name, length, line);

	if (value == NULL || strcmp(value, "-") == 0)
		return MXSEL_ESYNTAX;
	snprintf(out, 254, "%s", value);
	return 0;
}

/* What a message asks for, and how old a policy is, are no options. */
static int is_of_message(const char *word)
{
	return strcmp(word, "requiretls") == 0 ||
		strcmp(word, "tls-optional") == 0 ||
		strcmp(word, "policy-age") == 0;
}

void scenario_hooks(mxsel_options *options, struct text_line *lines)
{
	const struct text_line *l;

	for (l = lines; l != NULL; l = l->next) {
		const char *text = l->text + strspn(l->text, " \t");

		if (strncmp(text, "favour ", 7) == 0)
			mxsel_options_set_rank(options, favour, lines);
		if (strncmp(text, "idn ", 4) == 0)
			mxsel_options_set_idn(options, to_ascii, lines);
	}
}

const char *scenario_option(mxsel_options *options, char *line)
{
	char copy[2 * NAME_ROOM];
	char *words[WORDS_MAX], *text = copy;
	size_t n, i;
	int rc, option;

	strncpy(copy, line, sizeof(copy) - 1);
	copy[sizeof(copy) - 1] = '\0';
	for (i = 0; i < 4; i++) { /* the fifth word begins the text */
		text += strspn(text, " \t");
		text += strcspn(text, " \t");
	}
	text += strspn(text, " \t");
	n = split_words(line, words);
	option = value_of(switches, words[0]);
	if (option >= 0 && n == 1)
		rc = mxsel_options_set(options, option, 1);
	else if (option >= 0 && n == 2)
		rc = set_number(options, option, words[1]);
	else if (strcmp(words[0], "refuse-exchange") == 0 && n > 1)
		rc = refuse(options, words, n, text);
	else if (is_hook(words[0]) && n == 3)
		rc = MXSEL_OK; /* scenario_hooks() */
	else if (is_of_message(words[0]) && n <= 2)
		rc = MXSEL_OK; /* play_secure() */
	else if (is_memory_option(words[0]) && n == 2)
		rc = MXSEL_OK; /* play_memory() */
	else if (n == 2)
		rc = set_value(options, words[0], words[1]);
	else
		return "no such option";
	return rc == MXSEL_OK ? NULL : mxsel_strerror(rc);
}

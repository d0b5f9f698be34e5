/*
 * The parts of a saved selection, read back one by one (R80). Whoever wrote
 * the octets may have meant ill: every number has its range, every length
 * its end, every text its form, before anything is made of it.
 */
#include "select/save.h"

#include <string.h>

#include "select/security.h"

struct reader {
	struct mxsel *m;
	const uint8_t *at;
	size_t left;
	int rc; /* MXSEL_OK as long as all was well */
};

static int fail(struct reader *r, int rc)
{
	if (r->rc == MXSEL_OK)
		r->rc = rc;
	return r->rc;
}

/* 0 after an error. */
static uint64_t get(struct reader *r, unsigned octets, uint64_t most)
{
	uint64_t number = 0;

	if (r->rc != MXSEL_OK)
		return 0;
	if (r->left < octets) {
		fail(r, MXSEL_ESYNTAX);
		return 0;
	}
	r->left -= octets;
	for (; octets > 0; octets--)
		number = number << 8 | *r->at++;
	if (number <= most)
		return number;
	fail(r, MXSEL_ESYNTAX);
	return 0;
}

static void *take(struct reader *r, size_t size)
{
	void *memory = r->rc == MXSEL_OK
		? mxsel__arena_zero(&r->m->arena, size) : NULL;

	if (memory == NULL)
		fail(r, MXSEL_ENOMEM);
	return memory;
}

enum form { FORM_ANY, FORM_LINE, FORM_WORD };

static int has_form(const uint8_t *text, size_t length, enum form form)
{
	size_t i;

	for (i = 0; i < length; i++) {
		uint8_t c = text[i];

		if (c == 0 || (form >= FORM_LINE && (c < 0x20 || c == 0x7f)) ||
			(form == FORM_WORD && (c == 0x20 || c > 0x7f)))
			return 0;
	}
	return 1;
}

/* "" after an error. */
static const char *get_text(struct reader *r, unsigned octets, size_t most,
	enum form form)
{
	size_t length = (size_t)get(r, octets, most);
	const char *text;

	if (r->rc != MXSEL_OK || length == 0)
		return "";
	if (r->left < length || !has_form(r->at, length, form)) {
		fail(r, MXSEL_ESYNTAX);
		return "";
	}
	text = mxsel__arena_text(&r->m->arena, (const char *)r->at, length);
	r->at += length;
	r->left -= length;
	if (text != NULL)
		return text;
	fail(r, MXSEL_ENOMEM);
	return "";
}

/* A name as the library itself writes it, of this kind. */
static int is_name(const char *name, enum mxsel__name_kind kind)
{
	char folded[MXSEL__NAME_TEXT_SIZE];
	size_t length;

	return mxsel__name_parse(folded, &length, name, strlen(name)) ==
		kind && strcmp(folded, name) == 0;
}

static void must(struct reader *r, int condition)
{
	if (!condition)
		fail(r, MXSEL_ESYNTAX);
}

/* An address as the library itself writes it. */
static int is_address(const char *text)
{
	struct mxsel__address address;
	char made[MXSEL__ADDRESS_TEXT_SIZE];

	if (mxsel__address_parse(&address, text, strlen(text)) != MXSEL_OK)
		return 0;
	(void)mxsel__address_format(made, &address);
	return strcmp(made, text) == 0;
}

/* --- the parts ----------------------------------------------------------- */

static void get_numbers(struct reader *r)
{
	size_t i;

	for (i = 0; i < mxsel__saved_number_count; i++) {
		const struct saved_number *n = &mxsel__saved_numbers[i];
		void *at = (char *)r->m + n->offset;
		uint64_t number = get(r, n->size, n->most);

		if (n->size == 8)
			*(uint64_t *)at = number;
		else if (n->size == 4)
			*(uint32_t *)at = (uint32_t)number;
		else if (n->size == 2)
			*(uint16_t *)at = (uint16_t)number;
		else
			*(uint8_t *)at = (uint8_t)number;
	}
}

static void get_destination(struct reader *r)
{
	struct mxsel *m = r->m;
	int named = m->kind == DESTINATION_DOMAIN ||
		m->kind == DESTINATION_HOST;

	m->destination = get_text(r, 2, DESTINATION_MAX, FORM_ANY);
	m->bad = get_text(r, 1, 255, FORM_LINE);
	m->original = get_text(r, 1, MXSEL__NAME_MAX, FORM_WORD);
	m->domain = get_text(r, 1, MXSEL__NAME_MAX, FORM_WORD);
	m->address = get_text(r, 1, MXSEL__ADDRESS_TEXT_SIZE, FORM_WORD);
	must(r, (m->bad[0] != '\0') == (m->kind == DESTINATION_BAD));
	must(r, named ? is_name(m->original, MXSEL__NAME_GOOD) &&
		is_name(m->domain, MXSEL__NAME_GOOD)
		: m->original[0] == '\0' && m->domain[0] == '\0');
	must(r, m->kind == DESTINATION_LITERAL ? is_address(m->address)
		: m->address[0] == '\0');
}

/* It has no space in it, so all of it is one. */
static int is_status(const char *status, int code)
{
	return mxsel__outcome_status(status, code) > 0;
}

static void get_filter(struct reader *r)
{
	struct name_filter *filter = take(r, sizeof(*filter));
	const char *text;
	int has_text;

	if (filter == NULL)
		return;
	filter->pattern = "";
	filter->code = (int)get(r, 2, 599);
	filter->status = get_text(r, 1, 11, FORM_WORD);
	has_text = (int)get(r, 1, 1);
	text = get_text(r, 2, SAVED_TEXT_MAX, FORM_LINE);
	filter->text = has_text ? text : NULL;
	must(r, filter->code >= 400 && is_status(filter->status,
		filter->code) && (has_text || text[0] == '\0'));
	r->m->name_filter = filter;
}

/* The strongest outcome, of a host that is there: see get_hosts(). */
static unsigned get_report(struct reader *r, const char *status)
{
	struct mxsel *m = r->m;
	unsigned host;
	size_t length = strlen(status);

	if (m->strength == MXSEL__S_NONE) {
		must(r, m->outcome == 0 && length == 0 && !m->by_report);
		return 0;
	}
	m->reply = get_text(r, 2, SAVED_REPLY_MAX, FORM_LINE);
	host = (unsigned)get(r, 2, HOSTS_MAX - 1);
	m->row = mxsel__outcome_row(m->outcome, m->reply_code);
	/* An outcome counts as it is, or as refused by one family (R72). */
	must(r, m->row != NULL && (m->strength == m->row->strength ||
		m->strength == MXSEL__S_PERMANENT));
	must(r, length == 0 || is_status(status, m->reply_code));
	memcpy(m->status, status, length + 1);
	must(r, host < m->next_host);
	return host;
}

static struct tlsa *get_record(struct reader *r)
{
	int usage = (int)get(r, 1, UINT8_MAX);
	int selector = (int)get(r, 1, UINT8_MAX);
	int matching = (int)get(r, 1, UINT8_MAX);
	size_t length = (size_t)get(r, 2, TLSA_OCTETS_MAX);
	struct tlsa *t;

	must(r, length <= r->left);
	t = take(r, sizeof(*t) + length);
	if (t == NULL)
		return NULL;
	t->usage = (uint8_t)usage;
	t->selector = (uint8_t)selector;
	t->matching = (uint8_t)matching;
	t->length = (uint16_t)length;
	memcpy(t->data, r->at, length);
	r->at += length;
	r->left -= length;
	return t;
}

/* Each can be used, none stands there twice (R92). */
static void get_tlsa(struct reader *r, struct host *host, size_t *octets)
{
	unsigned count = (unsigned)get(r, 1, TLSA_PER_HOST);
	struct mxsel__tlsa before, record;
	struct tlsa **link = &host->tlsa, *t;
	unsigned i;

	must(r, count > 0);
	for (i = 0; i < count; i++) {
		t = get_record(r);
		if (t == NULL)
			return;
		record = mxsel__dane_record(t);
		must(r, mxsel__tlsa_is_usable(&record) && (i == 0 ||
			mxsel__tlsa_compare(&before, &record) < 0));
		before = record;
		*octets += t->length;
		*link = t;
		link = &t->next;
	}
}

/* What rules how it is reached: nothing of it can be of another's making. */
static void get_path(struct reader *r, struct host *host, int settled,
	size_t *octets)
{
	const struct mxsel *m = r->m;
	unsigned path = (unsigned)get(r, 1, SAVED_PATH_BITS);
	int of_dns = host->source == MXSEL_SOURCE_MX ||
		host->source == MXSEL_SOURCE_IMPLICIT;

	host->path = path & 7u;
	host->dane = path >> SAVED_DANE_SHIFT & 3u;
	host->sts = path >> SAVED_STS_SHIFT & 3u;
	must(r, host->path <= PATH_UNKNOWN &&
		host->sts <= MXSEL_STS_ENFORCE);
	must(r, settled || (host->path | host->dane) == 0);
	must(r, host->sts == MXSEL_STS_NONE || (of_dns &&
		m->tls != MXSEL_TLS_OPTIONAL));
	must(r, m->tls != MXSEL_TLS_REQUIRED || host->extra != 0 ||
		host->source != MXSEL_SOURCE_MX || m->secure ||
		host->sts != MXSEL_STS_NONE);
	must(r, mxsel__dane_host_is_sound(m, host));
	if (host->dane == MXSEL_DANE_RECORDS)
		get_tlsa(r, host, octets);
}

static void get_host(struct reader *r, struct host *host, int settled)
{
	unsigned bits;

	host->name = get_text(r, 1, MXSEL__NAME_MAX, FORM_WORD);
	host->canonical = get_text(r, 1, MXSEL__NAME_MAX, FORM_WORD);
	host->preference = (uint16_t)get(r, 2, UINT16_MAX);
	host->source = (uint8_t)get(r, 1, MXSEL_SOURCE_STATIC);
	bits = (unsigned)get(r, 1, SAVED_HOST_BITS);
	host->extra = (uint8_t)get(r, 1, UINT8_MAX);
	host->literal = (bits & SAVED_LITERAL) != 0;
	host->nameless = (bits & SAVED_NAMELESS) != 0;
	host->incomplete = (bits & SAVED_INCOMPLETE) != 0;
	host->skip = (bits & SAVED_SKIP) != 0;
	host->reached = (bits & SAVED_REACHED) != 0;
	host->looked = (bits & SAVED_LOOKED) != 0;
	if (bits & SAVED_EXPANDED)
		host->base = BASE_EXPANDED;
	else if (bits & SAVED_AT_DOMAIN)
		host->base = BASE_DOMAIN;
	must(r, host->source != MXSEL_SOURCE_NONE &&
		host->source == r->m->source);
	must(r, settled || (bits & ~(unsigned)(SAVED_LITERAL |
		SAVED_NAMELESS)) == 0);
	must(r, !(bits & SAVED_EXPANDED) || !(bits & SAVED_AT_DOMAIN));
	must(r, host->extra == 0 || mxsel_reject_name(host->extra) != NULL);
	if (host->canonical[0] == '\0')
		host->canonical = host->name;
	else
		must(r, settled && is_name(host->canonical,
			MXSEL__NAME_GOOD));
	must(r, is_name(host->name, host->literal ? MXSEL__NAME_ADDRESS
		: MXSEL__NAME_GOOD));
	/* No address is one of those names. */
	must(r, host->nameless ==
		(mxsel__name_special(host->name) == MXSEL__SPECIAL_ONION));
}

static void get_hosts(struct reader *r)
{
	struct mxsel *m = r->m;
	size_t octets = 0;
	uint16_t i;

	if (m->host_count == 0)
		return;
	m->hosts = take(r, m->host_count * sizeof(m->hosts[0]));
	for (i = 0; i < m->host_count && r->rc == MXSEL_OK; i++) {
		get_host(r, &m->hosts[i], i < m->next_host);
		get_path(r, &m->hosts[i], i < m->next_host, &octets);
		/* A lower preference is never after a higher (R30). */
		must(r, m->hosts[i].preference >= (i == 0 ? m->best
			: m->hosts[i - 1].preference));
	}
	must(r, octets <= m->tlsa_octets);
}

static struct candidate *get_attempt(struct reader *r)
{
	struct candidate *c = take(r, sizeof(*c) + 16);
	struct candidate *last = r->m->last_attempt;
	const struct host *host;

	if (c == NULL)
		return NULL;
	c->host = (uint16_t)get(r, 2, HOSTS_MAX - 1);
	c->length = (uint8_t)get(r, 1, 16);
	c->secure = (uint8_t)get(r, 1, 1);
	must(r, c->length == 0 || c->length == 4 || c->length == 16);
	must(r, c->length <= r->left && c->host < r->m->next_host);
	if (r->rc != MXSEL_OK)
		return NULL;
	memcpy(c->bytes, r->at, c->length);
	r->at += c->length;
	r->left -= c->length;
	host = &r->m->hosts[c->host];
	must(r, host->extra == 0 && host->nameless == (c->length == 0));
	/* A secure address makes its host's path so (R93). */
	must(r, !c->secure || host->path == PATH_SECURE);
	must(r, !mxsel__dane_forbids(host, c));
	must(r, last == NULL || host->preference >=
		r->m->hosts[last->host].preference);
	return c;
}

static void get_attempts(struct reader *r)
{
	struct mxsel *m = r->m;
	unsigned cursor = (unsigned)get(r, 2, m->attempt_count);
	unsigned tried = (unsigned)get(r, 2, m->attempt_count), i;
	struct candidate *c;

	must(r, tried <= cursor);
	for (i = 1; i <= m->attempt_count; i++) {
		c = get_attempt(r);
		if (c == NULL)
			return;
		if (m->last_attempt == NULL)
			m->attempts = c;
		else
			m->last_attempt->after = c;
		m->last_attempt = c;
		if (i == cursor)
			m->cursor = c;
		if (i == tried)
			m->tried = c;
	}
}

static void get_rejected(struct reader *r)
{
	struct rejection *rejection;
	unsigned i;

	for (i = 0; i < r->m->rejected_count; i++) {
		rejection = take(r, sizeof(*rejection));
		if (rejection == NULL)
			return;
		rejection->reason = (uint8_t)get(r, 1, UINT8_MAX);
		rejection->preference = (uint16_t)get(r, 2, UINT16_MAX);
		rejection->subject = get_text(r, 1, MXSEL__NAME_MAX,
			FORM_WORD);
		must(r, rejection->subject[0] != '\0' &&
			mxsel_reject_name(rejection->reason) != NULL);
		if (r->m->last_rejected == NULL)
			r->m->rejected = rejection;
		else
			r->m->last_rejected->next = rejection;
		r->m->last_rejected = rejection;
	}
}

int mxsel__saved_read(struct mxsel *m, const uint8_t *bytes, size_t size)
{
	struct reader r = { m, bytes, size, MXSEL_OK };
	const char *status;
	unsigned reply_host;

	get_numbers(&r);
	must(&r, m->next_host <= m->host_count && m->port > 0 &&
		m->kind != DESTINATION_NONE);
	must(&r, m->secure == (m->mx_security == MXSEL_SECURITY_SECURE));
	get_destination(&r);
	status = get_text(&r, 1, sizeof(m->status) - 1, FORM_WORD);
	if (m->met & MET_NAME_FILTER)
		get_filter(&r);
	reply_host = get_report(&r, status);
	get_hosts(&r);
	if (r.rc == MXSEL_OK && m->strength != MXSEL__S_NONE)
		m->reply_host = m->hosts[reply_host].name;
	get_attempts(&r);
	get_rejected(&r);
	must(&r, r.left == 0);
	return r.rc;
}

/*
 * A zone from its text. ldns understands names, types and RDATA; where the
 * entries are, what a directive means and which TTL holds is decided here.
 * Every record is copied into the zone and the ldns object is freed at once.
 *
 * A zone is refused as a whole (MXSEL_EFILE) when any entry does not parse,
 * is of a class other than IN or lies outside the zone: half a zone would
 * deny what its owner wrote. So are $INCLUDE (the text may come from memory,
 * and one file is one zone) and directives that RFC 1035 and RFC 2308 do not
 * know. May use the public headers, libc and ldns.
 */
#include "ldns/zones.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ldns/ldns.h>

#include <mxsel/mxsel.h>

/* Where nothing is said at all, servers take an hour. */
#define TTL_UNSAID 3600u

struct loader {
	struct mxsel__zone *zone;
	struct mxsel__zone_lines lines;
	char entry[MXSEL__ZONE_LINE_MAX + 64];
	ldns_rdf *origin;
	ldns_rdf *owner; /* of this entry, and of the next without one */
	ldns_buffer *rdata;
	uint32_t ttl;
	int ttl_directive; /* $TTL was there: it is the default */
};

static int status_error(ldns_status status)
{
	if (status == LDNS_STATUS_OK)
		return MXSEL_OK;
	return status == LDNS_STATUS_MEM_ERR ? MXSEL_ENOMEM : MXSEL_EFILE;
}

/* ------------------------------------------------------- names, directives */

/* A name of the text, made absolute, into *into. */
static int set_name(struct loader *l, ldns_rdf **into, const char *word)
{
	ldns_rdf *name = NULL;
	ldns_status status;

	if (strcmp(word, "@") == 0) {
		if (l->origin == NULL)
			return MXSEL_EFILE; /* nobody said what it stands for */
		name = ldns_rdf_clone(l->origin);
		status = name == NULL ? LDNS_STATUS_MEM_ERR : LDNS_STATUS_OK;
	} else {
		status = ldns_str2rdf_dname(&name, word);
		if (status == LDNS_STATUS_OK && l->origin != NULL &&
			!ldns_dname_str_absolute(word))
			status = ldns_dname_cat(name, l->origin);
	}
	if (status != LDNS_STATUS_OK) {
		ldns_rdf_deep_free(name);
		return status_error(status);
	}
	ldns_rdf_deep_free(*into);
	*into = name;
	return MXSEL_OK;
}

static int directive(struct loader *l, const char *name, char *cursor)
{
	const char *word = mxsel__zone_line_word(&cursor);

	if (word == NULL || mxsel__zone_line_word(&cursor) != NULL)
		return MXSEL_EFILE;
	if (mxsel__zone_word_is(name, "$ORIGIN"))
		return set_name(l, &l->origin, word);
	if (!mxsel__zone_word_is(name, "$TTL") ||
		mxsel__zone_word_ttl(word, &l->ttl) != 0)
		return MXSEL_EFILE;
	l->ttl_directive = 1;
	return MXSEL_OK;
}

/* ------------------------------------------------------------------ records */

static int is_name(const uint8_t *wire, size_t room)
{
	return room > 0 && mxsel__zone_name_size(wire, room) == room;
}

static int is_soa(const uint8_t *rdata, size_t length)
{
	size_t first = mxsel__zone_name_size(rdata, length);

	return first != 0 && length > first + 20 &&
	       is_name(rdata + first, length - first - 20);
}

/* ldns lets RDATA through that is too short for its type (RFC 3597 form). */
static int rdata_is_sound(uint16_t type, const uint8_t *rdata, size_t length)
{
	switch (type) {
	case MXSEL__ZONE_A:
		return length == 4;
	case MXSEL__ZONE_AAAA:
		return length == 16;
	case MXSEL__ZONE_MX:
		return length > 2 && is_name(rdata + 2, length - 2);
	case MXSEL__ZONE_NS:
	case MXSEL__ZONE_CNAME:
	case MXSEL__ZONE_DNAME:
		return is_name(rdata, length);
	case MXSEL__ZONE_SOA:
		return is_soa(rdata, length);
	case MXSEL__ZONE_TLSA: /* RFC 6698 2.1: three numbers, then data */
		return length >= 3;
	default:
		return 1;
	}
}

static int is_served(uint16_t type)
{
	return type == MXSEL__ZONE_A || type == MXSEL__ZONE_AAAA ||
	       type == MXSEL__ZONE_MX || type == MXSEL__ZONE_NS ||
	       type == MXSEL__ZONE_CNAME || type == MXSEL__ZONE_DNAME ||
	       type == MXSEL__ZONE_SOA || type == MXSEL__ZONE_TLSA;
}

/*
 * Of types that are never served only the owner counts: its name exists.
 * Owners of NSEC3 are no names of the zone (RFC 5155 7.2.8), and where an
 * RRSIG counts there is the record it signs.
 */
static int keep(struct loader *l, const ldns_rr *rr, uint32_t ttl)
{
	uint16_t type = (uint16_t)ldns_rr_get_type(rr);
	struct mxsel__zone_name owner;
	int result;

	if (type == MXSEL__ZONE_NSEC3 || type == MXSEL__ZONE_RRSIG)
		return MXSEL_OK;
	if (mxsel__zone_name_wire(&owner, ldns_rdf_data(l->owner),
		    ldns_rdf_size(l->owner)) != 0)
		return MXSEL_EFILE;
	ldns_buffer_clear(l->rdata);
	if (is_served(type)) {
		result = status_error(ldns_rr_rdata2buffer_wire(l->rdata, rr));
		if (result != MXSEL_OK)
			return result;
	}
	if (!rdata_is_sound(type, ldns_buffer_begin(l->rdata),
		    ldns_buffer_position(l->rdata)))
		return MXSEL_EFILE;
	return mxsel__zone_add(l->zone, &owner, type, ttl,
		ldns_buffer_begin(l->rdata), ldns_buffer_position(l->rdata));
}

static int is_letter(char c)
{
	return memchr("abcdefghijklmnopqrstuvwxyz", c | 0x20, 26) != NULL;
}

/*
 * ldns lets numbers wrap around: 65536 would be the best MX, and 259 the
 * usage 3 of a TLSA record. Acronyms for those (RFC 7218) it looks up itself.
 */
static int field_is_sound(const char **at, uint32_t max, int has_acronyms)
{
	char word[8];
	size_t length;
	uint32_t number;

	*at += strspn(*at, " ");
	length = strcspn(*at, " ");
	if (has_acronyms && is_letter(**at)) {
		*at += length;
		return 1;
	}
	if (length >= sizeof(word))
		return 0;
	memcpy(word, *at, length);
	word[length] = '\0';
	*at += length;
	return mxsel__zone_word_number(word, max, &number) == 0;
}

/* Half an octet at the end is made a whole one by ldns: another digest. */
static int digits_are_sound(const char *at)
{
	size_t count = 0;

	for (; *at != '\0'; at++)
		count += *at != ' ';
	return count % 2 == 0;
}

static int fields_are_sound(const ldns_rr *rr, const char *rdata)
{
	rdata += strspn(rdata, " ");
	if (strncmp(rdata, "\\# ", 3) == 0)
		return 1;
	if (ldns_rr_get_type(rr) == LDNS_RR_TYPE_MX)
		return field_is_sound(&rdata, 65535, 0);
	if (ldns_rr_get_type(rr) == LDNS_RR_TYPE_TLSA)
		return field_is_sound(&rdata, 255, 1) &&
		       field_is_sound(&rdata, 255, 1) &&
		       field_is_sound(&rdata, 255, 1) &&
		       digits_are_sound(rdata);
	return 1;
}

/* The owner is known already: ldns is given the root in its place. */
static int parse(
	struct loader *l, const char *type, const char *rdata, uint32_t ttl)
{
	ldns_rr *rr = NULL;
	int result;

	(void)snprintf(l->entry, sizeof(l->entry), ". 0 IN %s %s", type, rdata);
	result = status_error(
		ldns_rr_new_frm_str(&rr, l->entry, 0, l->origin, NULL));
	if (result != MXSEL_OK)
		return result;
	result = MXSEL_EFILE;
	if (fields_are_sound(rr, rdata))
		result = keep(l, rr, ttl);
	ldns_rr_free(rr);
	return result;
}

/* A file without $ORIGIN is relative to the zone its SOA names. */
static int learn_origin(struct loader *l, const char *type)
{
	if (l->origin != NULL || !mxsel__zone_word_is(type, "SOA"))
		return MXSEL_OK;
	l->origin = ldns_rdf_clone(l->owner);
	return l->origin == NULL ? MXSEL_ENOMEM : MXSEL_OK;
}

/*
 * [<TTL>] [<class>] <type> or [<class>] [<TTL>] <type> (RFC 1035 5.1). A TTL
 * left out is that of $TTL (RFC 2308 4), else the last one stated.
 */
static int record(struct loader *l, char *cursor)
{
	const char *word = mxsel__zone_line_word(&cursor);
	uint32_t ttl = l->ttl;
	int have_ttl = 0, have_class = 0, result;

	for (; word != NULL; word = mxsel__zone_line_word(&cursor)) {
		if (!have_class &&
			(mxsel__zone_word_is(word, "IN") ||
				mxsel__zone_word_is(word, "CLASS1"))) {
			have_class = 1;
		} else if (!have_ttl && word[0] >= '0' && word[0] <= '9') {
			have_ttl = 1;
			if (mxsel__zone_word_ttl(word, &ttl) != 0)
				return MXSEL_EFILE;
		} else {
			break;
		}
	}
	if (word == NULL)
		return MXSEL_EFILE;
	if (have_ttl && !l->ttl_directive)
		l->ttl = ttl;
	result = learn_origin(l, word);
	return result == MXSEL_OK ? parse(l, word, cursor, ttl) : result;
}

static int entry(struct loader *l)
{
	char *cursor = l->lines.line;

	if (cursor[strspn(cursor, " ")] == '\0')
		return MXSEL_OK;
	if (cursor[0] != ' ') {
		const char *first = mxsel__zone_line_word(&cursor);
		int result;

		if (first[0] == '$')
			return directive(l, first, cursor);
		result = set_name(l, &l->owner, first);
		if (result != MXSEL_OK)
			return result;
	}
	if (l->owner == NULL)
		return MXSEL_EFILE; /* whose record is it? */
	return record(l, cursor);
}

static int read_entries(struct loader *l)
{
	int result = 1;

	while (result == 1) {
		result = mxsel__zone_line_next(&l->lines);
		if (result == 1) {
			int error = entry(l);

			if (error != MXSEL_OK)
				result = error;
		}
	}
	return result;
}

int mxsel__zone_load(struct mxsel__zone *zone, const char *text)
{
	struct loader *l = calloc(1, sizeof(*l));
	int result = MXSEL_ENOMEM;

	memset(zone, 0, sizeof(*zone));
	if (l == NULL)
		return MXSEL_ENOMEM;
	l->zone = zone;
	l->lines.at = text;
	l->ttl = TTL_UNSAID;
	l->rdata = ldns_buffer_new(LDNS_MAX_PACKETLEN);
	if (l->rdata != NULL)
		result = read_entries(l);
	if (result == MXSEL_OK)
		result = mxsel__zone_index(zone);
	if (result != MXSEL_OK)
		mxsel__zone_clear(zone);
	ldns_buffer_free(l->rdata);
	ldns_rdf_deep_free(l->origin);
	ldns_rdf_deep_free(l->owner);
	free(l);
	return result;
}

/*
 * What follows from what became of an attempt: one row an outcome, so that
 * the whole of it can be read at once. May use base and name.
 */
#include "policy/outcome.h"

#include <stddef.h>
#include <string.h>

#include <mxsel/mxsel.h>

#define ON(outcome, reply) MXSEL_OUTCOME_##outcome, reply
#define GO(where, strength) MXSEL__GO_##where, MXSEL__S_##strength
#define WHY(reason) MXSEL_REASON_##reason

#define DELIVERED_TEXT "The message to %s was delivered."
#define UNREACHABLE_TEXT "No mail server of %s could be reached."
#define BUSY_TEXT "The mail servers of %s do not take mail at present."
#define CLOSED_TEXT "The mail servers of %s do not take mail."
#define LATER_TEXT "A mail server of %s asks to come again later."
#define NO_TEXT "A mail server of %s has refused the mail."

static const struct mxsel__outcome_row rows[] = {
{ ON(DELIVERED, 0), GO(STOP, DELIVERED), WHY(DELIVERED), 250, "2.0.0",
	DELIVERED_TEXT, "RFC 5321 4.2.5" },
{ ON(REFUSED, 0), GO(ADDRESS, TEMPORARY), WHY(UNREACHABLE), 451, "4.4.1",
	UNREACHABLE_TEXT, "RFC 5321 5.1" },
{ ON(TIMEOUT, 0), GO(ADDRESS, TEMPORARY), WHY(UNREACHABLE), 451, "4.4.1",
	UNREACHABLE_TEXT, "RFC 5321 5.1" },
{ ON(GREETING, 4), GO(ADDRESS, TEMPORARY), WHY(REPLY), 451, "4.3.2",
	BUSY_TEXT, "RFC 5321 3.1" },
{ ON(GREETING, 521), GO(HOST, PERMANENT), WHY(REPLY), 521, "5.3.2",
	CLOSED_TEXT, "RFC 7504 3" },
{ ON(GREETING, 5), GO(ADDRESS, PERMANENT), WHY(REPLY), 550, "5.3.2",
	CLOSED_TEXT, "RFC 5321 3.1" },
{ ON(EHLO, 4), GO(ADDRESS, TEMPORARY), WHY(REPLY), 451, "4.5.0",
	BUSY_TEXT, "RFC 5321 4.1.1.1" },
{ ON(EHLO, 521), GO(HOST, PERMANENT), WHY(REPLY), 521, "5.3.2",
	CLOSED_TEXT, "RFC 7504 3" },
{ ON(EHLO, 5), GO(ADDRESS, PERMANENT), WHY(REPLY), 550, "5.5.0",
	CLOSED_TEXT, "RFC 5321 4.1.1.1" },
/* What the message itself requires fails for good where it fails. */
{ ON(TLS, 5), GO(ADDRESS, PERMANENT), WHY(POLICY), 550, "5.7.10",
	"No mail server of %s could be reached securely, as the message"
	" requires.", "RFC 8689 4.2.1" },
{ ON(TLS, 4), GO(ADDRESS, TEMPORARY), WHY(POLICY), 451, "4.7.5",
	"No mail server of %s could be reached securely.", "RFC 3207 4.1" },
{ ON(POLICY, 5), GO(ADDRESS, PERMANENT), WHY(POLICY), 550, "5.7.10",
	"No mail server of %s could prove who it is, as the message requires.",
	"RFC 8689 4.2.1" },
{ ON(POLICY, 4), GO(HOST, TEMPORARY), WHY(POLICY), 451, "4.7.1",
	"No mail server of %s meets the domain's security policy.",
	"RFC 8461 5" },
{ ON(MAIL, 4), GO(HOST, TEMPORARY), WHY(REPLY), 451, "4.0.0",
	LATER_TEXT, "RFC 5321 4.2.1" },
{ ON(MAIL, 5), GO(STOP, FINAL), WHY(REPLY), 550, "5.0.0",
	NO_TEXT, "RFC 5321 4.2.1" },
{ ON(RCPT, 4), GO(HOST, TEMPORARY), WHY(REPLY), 451, "4.0.0",
	LATER_TEXT, "RFC 5321 4.2.1" },
{ ON(RCPT, 5), GO(STOP, FINAL), WHY(REPLY), 550, "5.0.0",
	NO_TEXT, "RFC 5321 4.2.1" },
{ ON(DATA, 4), GO(HOST, TEMPORARY), WHY(REPLY), 451, "4.0.0",
	LATER_TEXT, "RFC 5321 4.2.1" },
{ ON(DATA, 5), GO(STOP, FINAL), WHY(REPLY), 550, "5.0.0",
	NO_TEXT, "RFC 5321 4.2.1" },
{ ON(LOST, 0), GO(HOST, TEMPORARY), WHY(UNREACHABLE), 451, "4.4.2",
	"The connection to a mail server of %s was lost.",
	"RFC 5321 3.8" },
/* At the best MX the domain is ours; else we are behind ourselves. */
{ ON(OWN_NAME, 5), GO(STOP, FINAL), WHY(LOOP), 550, "5.4.6",
	"Mail for %s would come back to this server.", "RFC 5321 5.1" },
{ ON(OWN_NAME, 4), GO(STOP, TEMPORARY), WHY(LOOP), 451, "4.4.6",
	"Mail for %s would come back to this server at present.",
	"RFC 5321 5.1" },
{ ON(REQUIRETLS, 0), GO(ADDRESS, PERMANENT), WHY(POLICY), 550, "5.7.30",
	"No mail server of %s supports REQUIRETLS, as the message requires.",
	"RFC 8689 4.2.1" },
};

#define COUNT (sizeof(rows) / sizeof(rows[0]))

const struct mxsel__outcome_row *mxsel__outcome_row_at(unsigned index)
{
	return index < COUNT ? &rows[index] : NULL;
}

/* The class of the code is not the peer's, but ours. */
int mxsel__outcome_is_ours(int outcome)
{
	return outcome == MXSEL_OUTCOME_OWN_NAME ||
		outcome == MXSEL_OUTCOME_TLS ||
		outcome == MXSEL_OUTCOME_POLICY;
}

/* A reply belongs to these; elsewhere a code says nothing of its own. */
static int has_reply(const struct mxsel__outcome_row *row)
{
	return row->reply != 0 && !mxsel__outcome_is_ours(row->outcome);
}

static int is_possible(const struct mxsel__outcome_row *row, int code)
{
	if (row->outcome == MXSEL_OUTCOME_DELIVERED)
		return code == 0 || (code >= 200 && code < 300);
	if (!has_reply(row))
		return code == 0 || (code >= 200 && code < 600);
	return code >= 400 && code < 600;
}

static int matches(const struct mxsel__outcome_row *row, int code)
{
	return row->reply == 0 || row->reply == code ||
		row->reply == code / 100;
}

const struct mxsel__outcome_row *mxsel__outcome_row(int outcome, int code)
{
	size_t i;

	for (i = 0; i < COUNT; i++) {
		if (rows[i].outcome != outcome)
			continue;
		if (!is_possible(&rows[i], code))
			return NULL;
		if (matches(&rows[i], code))
			return &rows[i];
	}
	return NULL;
}

const char *mxsel__go_name(int go)
{
	static const char *const names[] = {
		"next address", "next host", "other family", "stop"
	};

	return names[go];
}

const char *mxsel_outcome_name(int outcome)
{
	static const char *const names[] = {
		"delivered", "refused", "timeout", "greeting", "ehlo", "tls",
		"policy", "mail", "rcpt", "data", "lost", "own_name",
		"requiretls"
	};

	if (outcome < MXSEL_OUTCOME_DELIVERED ||
		outcome > MXSEL_OUTCOME_REQUIRETLS)
		return NULL;
	return names[outcome - MXSEL_OUTCOME_DELIVERED];
}

unsigned mxsel__outcome_status(const char *reply, int code)
{
	static const char digits[] = "0123456789";
	size_t subject, detail;

	if (reply == NULL || reply[0] != '0' + code / 100 || reply[1] != '.')
		return 0;
	subject = strspn(reply + 2, digits);
	if (subject < 1 || subject > 3 || reply[2 + subject] != '.')
		return 0;
	detail = strspn(reply + 3 + subject, digits);
	if (detail < 1 || detail > 3)
		return 0;
	reply += 3 + subject + detail;
	if (*reply != '\0' && *reply != ' ')
		return 0;
	return (unsigned)(3 + subject + detail);
}

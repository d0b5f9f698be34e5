/*
 * Bounces (RFC 3464), exactly one for each recipient that failed. In three
 * steps, so that a crash between two of them neither loses nor repeats it:
 * the message is written to tmp/ under a name that follows from the number of
 * bounces so far; the journal says that it exists; it is moved to the queue.
 * Before the second step it is written again, after it only moved.
 */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "bounce.h"

#define HEADER_MAX 65536 /* of the message, returned with the report */
#define LINE_LENGTH 900  /* of it; less than what a line may have */

static void name_it(char *name, const char *id, unsigned number)
{
	snprintf(name, ID_SIZE, "%.*s-b%u", ID_SIZE - 16, id, number);
}

/* RFC 5322, 3.3; without the locale's names. */
static void write_date(FILE *f, const char *field, double when)
{
	static const char days[] = "SunMonTueWedThuFriSat";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	time_t t = (time_t)when;
	struct tm tm;

	if (gmtime_r(&t, &tm) != NULL)
		fprintf(f, "%s: %.3s, %d %.3s %d %02d:%02d:%02d +0000\r\n",
			field, days + 3 * tm.tm_wday, tm.tm_mday,
			months + 3 * tm.tm_mon, tm.tm_year + 1900, tm.tm_hour,
			tm.tm_min, tm.tm_sec);
}

static int is_due(const struct recipient *r)
{
	return r->fate == FAILED && !r->failure.is_bounced;
}

static void write_head(FILE *f, const char *name, const char *mta,
	const struct envelope *e)
{
	write_date(f, "Date", now());
	fprintf(f, "From: Mail Delivery System <MAILER-DAEMON@%s>\r\n"
		"To: <%s>\r\n"
		"Subject: Your mail could not be delivered\r\n"
		"Message-ID: <%s@%s>\r\n"
		"Auto-Submitted: auto-replied\r\n"
		"MIME-Version: 1.0\r\n"
		"Content-Type: multipart/report;"
		" report-type=delivery-status;\r\n"
		"\tboundary=\"=_%s\"\r\n\r\n", mta, e->from, name, mta, name);
}

static void write_words(FILE *f, const char *name, const char *mta,
	const struct envelope *e, const struct journal *j)
{
	size_t i;

	fprintf(f, "--=_%s\r\nContent-Type: text/plain\r\n\r\n"
		"This is the mail system at %s.\r\n\r\n"
		"Your mail could not be delivered to the recipients "
		"below.\r\n", name, mta);
	for (i = 0; i < e->count; i++)
		if (is_due(&j->to[i]))
			fprintf(f, "\r\n<%s>:\r\n    %s\r\n", e->to[i],
				j->to[i].failure.said);
	fprintf(f, "\r\n");
}

/* guide: report */
/* RFC 3464, 2: what programs read. */
static void write_status(FILE *f, const char *name, const char *mta,
	const struct envelope *e, const struct journal *j)
{
	const struct failure *its;
	size_t i;

	fprintf(f, "--=_%s\r\nContent-Type: message/delivery-status\r\n\r\n"
		"Reporting-MTA: dns; %s\r\n", name, mta);
	write_date(f, "Arrival-Date", e->arrived);
	for (i = 0; i < e->count; i++) {
		if (!is_due(&j->to[i]))
			continue;
		its = &j->to[i].failure;
		fprintf(f, "\r\nFinal-Recipient: rfc822; %s\r\n"
			"Action: failed\r\nStatus: %s\r\n", e->to[i],
			its->status);
		/* What a host said, or what we say ourselves. */
		if (strcmp(its->host, "-") != 0)
			fprintf(f, "Remote-MTA: dns; %s\r\n"
				"Diagnostic-Code: smtp; %s\r\n", its->host,
				its->said);
		else
			fprintf(f, "Diagnostic-Code: X-Mxsel; %s\r\n",
				its->said);
	}
	fprintf(f, "\r\n");
}
/* guide: end */

/* The header of the mail, by which the sender knows it again. A line that is
   too long, or has 8-bit octets, would keep the report from arriving: it is
   folded, and these are replaced (RFC 5322, 2.1.1; RFC 6522, 4). */
static void write_header(FILE *f, const char *name, const struct envelope *e)
{
	int column = 0, n = 0, c;

	fprintf(f, "--=_%s\r\nContent-Type: text/rfc822-headers\r\n\r\n",
		name);
	if (fseek(e->file, e->content, SEEK_SET) != 0)
		n = HEADER_MAX;
	while (n++ < HEADER_MAX && (c = getc(e->file)) != EOF &&
		(c != '\n' || column > 0)) {
		if (c == '\r')
			continue; /* it stands before each \n */
		if (c == '\n' || column == LINE_LENGTH)
			fputs(c == '\n' ? "\r\n" : "\r\n ", f);
		if (c != '\n')
			putc(c == '\0' || c > '~' ? '?' : c, f);
		column = c == '\n' ? 0 : column % LINE_LENGTH + 1;
	}
	fprintf(f, "%s\r\n--=_%s--\r\n", column > 0 ? "\r\n" : "", name);
}

int bounce_write(const struct spool *spool, const char *id,
	const struct envelope *e, struct journal *j,
	const struct settings *settings)
{
	const char *mta = settings->name != NULL ? settings->name :
		"localhost";
	char name[ID_SIZE];
	FILE *f;

	name_it(name, id, j->bounces + 1);
	f = spool_begin(spool, name);
	if (f == NULL)
		return -1;
	envelope_write(f, "", &e->from, 1);
	write_head(f, name, mta, e);
	write_words(f, name, mta, e, j);
	write_status(f, name, mta, e, j);
	write_header(f, name, e);
	if (spool_finish(spool, f) != 0 || journal_bounced(j) != 0)
		return -1;
	return bounce_finish(spool, id, j);
}

int bounce_finish(const struct spool *spool, const char *id,
	const struct journal *j)
{
	char name[ID_SIZE];

	if (j->bounces == 0)
		return 0;
	name_it(name, id, j->bounces);
	/* Not there: it was moved, and may have been delivered since. */
	return spool_publish(spool, name) == 0 || errno == ENOENT ? 0 : -1;
}

/*
 * The table of verdicts. What a mail server says to a sender is decided here
 * and nowhere else: reply code (RFC 5321 4.2), enhanced status (RFC 3463, RFC
 * 7505) and the sentence that a human will read in a bounce. May use base and
 * name.
 */
#include "policy/verdict.h"

#include <mxsel/mxsel.h>

#define TRY MXSEL_ACTION_TRY
#define DEFER MXSEL_ACTION_DEFER
#define BOUNCE MXSEL_ACTION_BOUNCE
#define WHY(reason) MXSEL_REASON_##reason

static const struct mxsel__verdict_row rows[MXSEL__V_COUNT] = {
[MXSEL__V_TRY] = { TRY, WHY(OK), 0, "", "", "RFC 5321 5.1" },
[MXSEL__V_BAD_DESTINATION] = { BOUNCE, WHY(BAD_DESTINATION), 501, "5.1.3",
	"%s is not a valid mail destination.", "RFC 5321 4.1.2" },
[MXSEL__V_NO_IDN] = { BOUNCE, WHY(BAD_DESTINATION), 501, "5.1.3",
	"The domain %s contains characters that are not supported here.",
	"RFC 5321 4.1.2" },
[MXSEL__V_BAD_IDN] = { BOUNCE, WHY(BAD_DESTINATION), 550, "5.1.2",
	"The domain %s is no valid internationalised domain name.",
	"RFC 5891 4" },
[MXSEL__V_NO_DOMAIN] = { BOUNCE, WHY(NO_DOMAIN), 550, "5.1.2",
	"The domain %s does not exist.", "RFC 5321 5.1" },
[MXSEL__V_SPECIAL_USE] = { BOUNCE, WHY(NO_DOMAIN), 550, "5.1.2",
	"The domain %s is reserved and cannot receive Internet mail.",
	"RFC 6761" },
[MXSEL__V_LOCAL] = { DEFER, WHY(DNS_TEMPORARY), 451, "4.4.3",
	"The domain %s belongs to a local network and is not looked up here.",
	"RFC 6762 3" },
[MXSEL__V_NULL_MX] = { BOUNCE, WHY(NULL_MX), 556, "5.1.10",
	"The domain %s does not accept mail (null MX).", "RFC 7505 3" },
[MXSEL__V_SENDER_NULL_MX] = { BOUNCE, WHY(NULL_MX), 550, "5.7.27",
	"The sender's domain %s does not accept mail (null MX).",
	"RFC 7505 4.2" },
[MXSEL__V_DNS] = { DEFER, WHY(DNS_TEMPORARY), 451, "4.4.3",
	"The mail servers of %s cannot be looked up at present.",
	"RFC 5321 5.1" },
[MXSEL__V_ALIAS_LOOP] = { DEFER, WHY(DNS_TEMPORARY), 451, "4.4.3",
	"The aliases of the domain %s run in a circle or are too many.",
	"RFC 1034 3.6.2" },
[MXSEL__V_NO_HOST] = { BOUNCE, WHY(NO_HOST), 550, "5.4.4",
	"The domain %s has no usable mail server.", "RFC 5321 5.1" },
[MXSEL__V_NO_HOST_LATER] = { DEFER, WHY(NO_HOST), 451, "4.4.4",
	"The domain %s has no usable mail server at present.",
	"local policy" },
[MXSEL__V_HOST_DNS] = { DEFER, WHY(DNS_TEMPORARY), 451, "4.4.4",
	"The addresses of the mail servers of %s cannot be looked"
	" up at present.", "RFC 5321 5.1" },
[MXSEL__V_FAMILY_OFF] = { DEFER, WHY(NO_HOST), 451, "4.4.4",
	"The mail servers of %s need an IP version that is not in"
	" use here.", "local policy" },
[MXSEL__V_LIMITED] = { DEFER, WHY(NO_HOST), 451, "4.4.4",
	"Not all mail servers of %s could be considered.",
	"local limit" },
[MXSEL__V_BACKUP] = { DEFER, WHY(NO_HOST), 451, "4.4.4",
	"The main mail servers of %s have no address at present;"
	" this server is their backup.", "RFC 5321 5.1" },
[MXSEL__V_LOOP] = { BOUNCE, WHY(LOOP), 550, "5.4.6",
	"Mail for %s would come back to this server.",
	"RFC 5321 5.1" },
[MXSEL__V_LOCALHOST] = { BOUNCE, WHY(LOOP), 550, "5.4.6",
	"The name %s means this server itself.", "RFC 6761 6.3" },
[MXSEL__V_FILTERED] = { BOUNCE, WHY(FILTERED), 550, "5.7.1",
	"All mail servers of %s are refused here.", "local policy" },
[MXSEL__V_FILTERED_LATER] = { DEFER, WHY(FILTERED), 451, "4.7.1",
	"All mail servers of %s are refused here at present.",
	"local policy" },
[MXSEL__V_UNREACHABLE] = { DEFER, WHY(UNREACHABLE), 451, "4.4.1",
	"No mail server of %s could be reached.",
	"RFC 5321 4.5.4.1" },
[MXSEL__V_TLSA] = { DEFER, WHY(POLICY), 451, "4.7.5",
	"The TLSA records of the mail servers of %s cannot be looked up"
	" at present.", "RFC 7672 2.1" },
[MXSEL__V_STS] = { DEFER, WHY(POLICY), 451, "4.7.1",
	"No mail server of %s is listed in the domain's MTA-STS policy.",
	"RFC 8461 5" },
[MXSEL__V_REQUIRETLS] = { BOUNCE, WHY(POLICY), 550, "5.7.30",
	"The message requires TLS, and neither DNSSEC nor MTA-STS vouches"
	" for the mail servers of %s.", "RFC 8689 4.2.1" },
};

const struct mxsel__verdict_row *mxsel__verdict_row(int verdict)
{
	if (verdict < 0 || verdict >= MXSEL__V_COUNT)
		verdict = MXSEL__V_DNS;
	return &rows[verdict];
}

/* Room for text that is cut when it is full; one octet is kept for NUL. */
struct cut_text {
	char *out;
	unsigned size;
	unsigned length;
};

static void put(struct cut_text *cut, char octet)
{
	if (cut->length + 1 < cut->size)
		cut->out[cut->length++] = octet;
}

/*
 * The domain may be any octets a sender gave. The sentence goes into an SMTP
 * reply (RFC 5321 4.2: textstring), where a CR LF would forge another line.
 */
static void put_domain(struct cut_text *cut, const char *domain)
{
	for (; *domain != '\0'; domain++)
		put(cut, *domain < ' ' || *domain > '~' ? '?' : *domain);
}

unsigned mxsel__verdict_sentence(char *out, unsigned size, const char *text,
	const char *domain)
{
	struct cut_text cut = { out, size, 0 };

	if (size == 0)
		return 0;
	while (*text != '\0') {
		if (text[0] == '%' && text[1] == 's') {
			put_domain(&cut, domain);
			text += 2;
		} else {
			put(&cut, *text++);
		}
	}
	out[cut.length] = '\0';
	return cut.length;
}

/*
 * What the caller's text means: domain, mailbox, address literal or next hop
 * (R1-R3, RFC 5321 4.1.2, 4.1.3). Pure: text in, meaning out.
 */
#include "select/select.h"

#include <string.h>

struct span {
	const char *at;
	size_t length;
};

static void bad(struct destination *out, const char *why)
{
	out->kind = DESTINATION_BAD;
	out->why = why;
}

/* The domain of a mailbox starts after the last '@' outside quotes. */
static size_t after_at(const struct span *text, int *quoted)
{
	size_t i, after = 0;

	*quoted = 0;
	for (i = 0; i < text->length; i++) {
		char c = text->at[i];

		if (*quoted && c == '\\')
			i++;
		else if (c == '"')
			*quoted = !*quoted;
		else if (c == '@' && !*quoted)
			after = i + 1;
	}
	return after;
}

static int is_plain(const struct span *text)
{
	int quoted = 0, escaped = 0;
	size_t i;

	for (i = 0; i < text->length; i++) {
		unsigned char c = (unsigned char)text->at[i];

		if (c < 0x20 || c == 0x7f || (c == ' ' && !quoted))
			return 0;
		if (c == '"' && !escaped)
			quoted = !quoted;
		escaped = quoted && c == '\\' && !escaped;
	}
	return 1;
}

static int has_eighth_bit(const struct span *text)
{
	size_t i;

	for (i = 0; i < text->length; i++)
		if ((unsigned char)text->at[i] >= 0x80)
			return 1;
	return 0;
}

/* A top label of digits alone is a mistyped address, never a domain. */
static int ends_in_digits(const char *name)
{
	const char *dot = strrchr(name, '.');

	name = dot == NULL ? name : dot + 1;
	return name[strspn(name, "0123456789")] == '\0';
}

/* Has it a label in ASCII form of an internationalised one (RFC 5890)? */
static int has_ace_label(const struct span *text)
{
	size_t i;

	for (i = 0; i + 4 <= text->length; i++)
		if ((i == 0 || text->at[i - 1] == '.') &&
			(text->at[i] | 0x20) == 'x' &&
			(text->at[i + 1] | 0x20) == 'n' &&
			text->at[i + 2] == '-' && text->at[i + 3] == '-')
			return 1;
	return 0;
}

/*
 * Letters beyond ASCII never go to the DNS (R4). 0: text is now ASCII (made
 * says where it is when it was made anew); -1: refused, out says why.
 */
static int make_ascii(struct destination *out, struct span *text,
	char made[MXSEL__NAME_SIZE])
{
	int eighth = has_eighth_bit(text), rc;

	if (!eighth && (out->options->idn == NULL || !has_ace_label(text)))
		return 0;
	if (out->options->idn == NULL) {
		out->kind = DESTINATION_NO_IDN;
		return -1;
	}
	made[MXSEL__NAME_SIZE - 1] = '\0';
	rc = out->options->idn(text->at, text->length, made,
		out->options->idn_user);
	if (rc != 0 || made[MXSEL__NAME_SIZE - 1] != '\0') {
		/* Short memory is no verdict on the name. */
		out->kind = rc == MXSEL_ENOMEM ? DESTINATION_NONE
		                               : DESTINATION_BAD_IDN;
		return -1;
	}
	text->at = made;
	text->length = strlen(made);
	return 0;
}

static void parse_name(struct destination *out, const struct span *given,
	enum destination_kind kind)
{
	char made[MXSEL__NAME_SIZE];
	struct span ascii = *given, *text = &ascii;

	if (make_ascii(out, text, made) != 0)
		return;
	if (memchr(text->at, '\\', text->length) != NULL) {
		bad(out, "The domain of the destination holds a backslash.");
		return;
	}
	switch (mxsel__name_parse(out->name, &out->name_length, text->at,
		text->length)) {
	case MXSEL__NAME_GOOD:
		if (ends_in_digits(out->name))
			bad(out, "The destination ends in digits and is not "
				"a domain.");
		else
			out->kind = kind;
		return;
	case MXSEL__NAME_ADDRESS:
		bad(out, "An IP address as destination needs brackets: "
			"[192.0.2.1] or [IPv6:2001:db8::1].");
		return;
	case MXSEL__NAME_ROOT:
		bad(out, "The destination has no domain.");
		return;
	case MXSEL__NAME_ODD:
		bad(out, "The domain of the destination holds characters "
			"that no domain has.");
		return;
	default:
		bad(out, "The domain of the destination has an empty label, "
			"or a label over 63 or a name over 253 octets.");
	}
}

static int is_ipv6_tag(const struct span *text)
{
	static const char tag[] = "ipv6:";
	size_t i;

	if (text->length < sizeof(tag) - 1)
		return 0;
	for (i = 0; i < sizeof(tag) - 1; i++)
		if ((text->at[i] | 0x20) != tag[i])
			return 0;
	return 1;
}

/* Between brackets: an address (RFC 5321 4.1.3), or a host by name. */
static void parse_bracketed(struct destination *out, struct span text,
	int host_allowed)
{
	out->kind = DESTINATION_LITERAL;
	if (is_ipv6_tag(&text)) {
		if (mxsel__address_parse_v6(&out->address, text.at + 5,
			text.length - 5) != MXSEL_OK)
			bad(out, "The IPv6 address of the literal is not "
				"well-formed.");
		return;
	}
	if (mxsel__address_parse_v4(&out->address, text.at,
		text.length) == MXSEL_OK)
		return;
	if (memchr(text.at, ':', text.length) != NULL)
		bad(out, "An IPv6 address literal is written "
			"[IPv6:2001:db8::1].");
	else if (!host_allowed)
		bad(out, "The address literal holds no IP address.");
	else
		parse_name(out, &text, DESTINATION_HOST);
}

static int parse_port(struct destination *out, const struct span *text)
{
	size_t i;
	int port = 0;

	if (text->length == 0 || text->length > 5)
		return -1;
	for (i = 0; i < text->length; i++) {
		char c = text->at[i];

		if (c < '0' || c > '9')
			return -1;
		port = port * 10 + (c - '0');
	}
	if (port < 1 || port > 65535)
		return -1;
	out->port = port;
	return 0;
}

/* Cut ":port" off what follows the host; what is left must be nothing. */
static int cut_port(struct destination *out, struct span rest)
{
	if (rest.length == 0)
		return 0;
	if (rest.at[0] == ':') {
		rest.at++;
		rest.length--;
		if (parse_port(out, &rest) == 0)
			return 0;
	}
	bad(out, "After the host only a colon and a port, 1 to 65535, may "
		"follow.");
	return -1;
}

static void parse_host(struct destination *out, struct span text,
	int is_mailbox)
{
	const char *mark;
	struct span host = text, rest = { text.at + text.length, 0 };

	if (text.length > 0 && text.at[0] == '[') {
		mark = memchr(text.at, ']', text.length);
		if (mark == NULL) {
			bad(out, "The closing bracket is missing.");
			return;
		}
		host.at = text.at + 1;
		host.length = (size_t)(mark - host.at);
		rest.at = mark + 1;
		rest.length = text.length - host.length - 2;
		if (is_mailbox && rest.length > 0)
			bad(out, "Nothing may follow the address literal of a "
				"mailbox.");
		else if (cut_port(out, rest) == 0)
			parse_bracketed(out, host, !is_mailbox);
		return;
	}
	mark = memchr(text.at, ':', text.length);
	if (mark != NULL && !is_mailbox) {
		host.length = (size_t)(mark - text.at);
		rest.at = mark;
		rest.length = text.length - host.length;
		if (memchr(mark + 1, ':', rest.length - 1) != NULL) {
			bad(out, "An IPv6 address literal is written "
				"[IPv6:2001:db8::1].");
			return;
		}
		if (cut_port(out, rest) != 0)
			return;
	}
	parse_name(out, &host, DESTINATION_DOMAIN);
}

void mxsel__destination_parse(struct destination *out, const char *text,
	size_t length, const struct mxsel_options *options)
{
	struct span all = { text, length };
	int quoted;
	size_t domain;

	out->options = options;
	out->port = 0;
	out->name_length = 0;
	out->name[0] = '\0';
	out->why = NULL;
	if (length == 0) {
		bad(out, "The destination is empty.");
		return;
	}
	if (length > DESTINATION_MAX || !is_plain(&all)) {
		bad(out, "The destination is too long, or holds a space or a "
			"control character.");
		return;
	}
	domain = after_at(&all, &quoted);
	if (quoted || domain == 1) {
		bad(out, "The local part of the mailbox is empty, or a quote "
			"in it is not closed.");
		return;
	}
	all.at += domain;
	all.length -= domain;
	parse_host(out, all, domain > 0);
}

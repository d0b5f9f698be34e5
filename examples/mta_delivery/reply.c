/*
 * What a host says decides what is reported, each reply as its line arrives,
 * and not libcurl's error numbers: they do not say which recipient was
 * refused, and they come too late for the reply that ends the data.
 */
#include <string.h>

#include "reply.h"

/* The commands, in the order of the phases they begin. */
static const char *const commands[] = {
	"", "EHLO ", "HELO ", "STARTTLS", "MAIL ", "RCPT ", "DATA", "", "QUIT"
};

void reply_expect(struct session *s, const char *command, size_t size)
{
	size_t n;
	int i;

	for (i = EHLO; i <= QUIT; i++) {
		n = strlen(commands[i]);
		if (n > 0 && size >= n && memcmp(command, commands[i], n) == 0)
			s->phase = (enum phase)i;
	}
	s->recipients += s->phase == RCPT;
	s->lines = 0;
}

static int lower(int c)
{
	return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
}

/* Whoever calls himself what we are called, is us: a mail loop. */
static int is_own_name(const struct session *s)
{
	const char *name = settings_name(s->t->settings);
	const char *text = s->reply.text;
	size_t i;

	for (i = 0; name[i] != '\0'; i++)
		if (lower(text[i]) != lower(name[i]))
			return 0;
	if (text[i] == '.')
		i++;
	return i > 0 && (text[i] == '\0' || text[i] == ' ');
}

/* guide: outcome */
/* What a reply that is not the one hoped for means for the report. */
static int refused(const struct session *s, int outcome)
{
	if (s->reply.code >= 400 && s->reply.code <= 599)
		return outcome;
	return MXSEL_OUTCOME_LOST; /* nothing came, or nonsense */
}
/* guide: end */

struct members reply_accepted(const struct session *s)
{
	const struct members *who = s->t->who;
	struct members some = { 0, { 0 } };
	size_t i;

	for (i = 0; i < who->count; i++)
		if (s->t->each[i].outcome == 0)
			some.to[some.count++] = who->to[i];
	return some;
}

static int at_end(struct session *s)
{
	struct members some = reply_accepted(s);

	int has_it = s->reply.code / 100 == 2;

	s->t->answered(&some, has_it, s->t->user);
	return has_it ? MXSEL_OUTCOME_DELIVERED :
		refused(s, MXSEL_OUTCOME_DATA);
}

static void at_recipient(struct session *s)
{
	struct answer *one = &s->t->each[s->recipients - 1];

	if (s->reply.code / 100 != 2) {
		*one = s->reply;
		one->outcome = refused(s, MXSEL_OUTCOME_RCPT);
	}
}

/* guide: session */
/* A reply is there, whole: 0 to go on, or the outcome for all recipients that
   have none yet. */
static int on_reply(struct session *s)
{
	int code = s->reply.code;

	switch (s->phase) {
	case GREETING:
		if (is_own_name(s))
			return MXSEL_OUTCOME_OWN_NAME;
		return code == 220 ? 0 : refused(s, MXSEL_OUTCOME_GREETING);
	case EHLO:
		if (is_own_name(s))
			return MXSEL_OUTCOME_OWN_NAME;
		/* With 5xx libcurl tries HELO (RFC 5321, 3.2), if it may. */
		return code == 250 || code / 100 == 5 ? 0 :
			refused(s, MXSEL_OUTCOME_EHLO);
	case HELO:
		return code == 250 ? 0 : refused(s, MXSEL_OUTCOME_EHLO);
	case MAIL:
		return code / 100 == 2 ? 0 : refused(s, MXSEL_OUTCOME_MAIL);
	case RCPT:
		at_recipient(s);
		return 0;
	case DATA:
		return code == 354 ? 0 : refused(s, MXSEL_OUTCOME_DATA);
	case END:
		return at_end(s);
	default:
		return 0; /* STARTTLS: the posture decides; QUIT: nothing */
	}
}
/* guide: end */

/* "250-text" or "250 text" or "250": its code, or -1. */
static int line_code(const char *line)
{
	if (line[0] < '2' || line[0] > '5' || line[1] < '0' ||
		line[1] > '9' || line[2] < '0' || line[2] > '9')
		return -1;
	if (line[3] != '\0' && line[3] != ' ' && line[3] != '-')
		return -1;
	return (line[0] - '0') * 100 + (line[1] - '0') * 10 + line[2] - '0';
}

/* The lines of a reply are kept as one, joined by a blank. Octets that no
   reply text has (RFC 5321 4.2) become '?': it goes to logs and reports. */
static void add_text(struct session *s, const char *text)
{
	char *to = s->reply.text;

	if (s->length > 0 && s->length < REPLY_TEXT)
		to[s->length++] = ' ';
	for (; *text != '\0' && s->length < REPLY_TEXT; text++)
		to[s->length++] = *text == '\t' ? ' ' :
			*text >= ' ' && *text <= '~' ? *text : '?';
	to[s->length] = '\0';
}

int reply_line(struct session *s, const char *line)
{
	int code = line_code(line);

	if (s->is_nonsense || code < 0 || ++s->lines > REPLY_LINES ||
		(s->lines > 1 && code != s->reply.code)) {
		s->all.outcome = MXSEL_OUTCOME_LOST;
		return 0;
	}
	if (s->lines == 1) {
		s->length = 0;
		s->reply.text[0] = '\0';
	}
	s->reply.code = code;
	if (line[3] != '\0')
		add_text(s, line + 4);
	if (line[3] == '-')
		return 1;
	s->lines = 0;
	s->all.outcome = on_reply(s);
	if (s->all.outcome != 0 && s->all.outcome != MXSEL_OUTCOME_LOST) {
		s->all.code = s->reply.code;
		memcpy(s->all.text, s->reply.text, sizeof s->all.text);
	}
	return s->all.outcome == 0 ||
		s->all.outcome == MXSEL_OUTCOME_DELIVERED;
}

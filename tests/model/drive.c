/*
 * Plays cases of tests/model/model.py, a line each, and prints what the
 * library makes of them: attempts, rejections, verdict. One process for any
 * number of cases. Public headers and libc only; README.md tells the lines.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mxsel/mock.h>
#include <mxsel/mxsel.h>
#include <mxsel/security.h>

#define MAX_LINE 8192
#define MAX_FIELDS 4
#define MAX_SAID 64

/* What is to be reported of the attempts at an address, or how much a host
   is favoured. */
struct said {
	const char *subject;
	const char *text;
	int number;
	int code;
};

struct list {
	struct said said[MAX_SAID];
	size_t count;
};

struct play {
	mxsel_mock *mock;
	mxsel_options *options;
	const char *destination;
	struct list reports;
	struct list favours;
	mxsel_sts *policy;
	int tls;
	int shows_posture;
};

static void need(int result, const char *what)
{
	if (result >= 0)
		return;
	fprintf(stderr, "drive: %s: %s\n", what, mxsel_strerror(result));
	exit(2);
}

static int number_of(const char *text)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (end == text || *end != '\0' || value < 0 || value > 65535)
		need(MXSEL_ERANGE, text);
	return (int)value;
}

static uint16_t short_of(const char *text)
{
	return (uint16_t)number_of(text);
}

static const struct said *find(const struct list *list, const char *subject)
{
	size_t i;

	for (i = 0; i < list->count; i++)
		if (strcmp(list->said[i].subject, subject) == 0)
			return &list->said[i];
	return NULL;
}

static void add(struct list *list, char **field)
{
	struct said *s = &list->said[list->count];

	if (list->count == MAX_SAID)
		need(MXSEL_ELIMIT, field[0]);
	list->count++;
	s->subject = field[0];
	s->number = number_of(field[1]);
	s->code = field[2][0] != '\0' ? number_of(field[2]) : 0;
	s->text = field[3];
}

static int favour(const char *host, void *user)
{
	const struct play *play = user;
	const struct said *s = find(&play->favours, host);

	return s != NULL ? s->number : 0;
}

/* The fields of a word, cut at commas; "" for those that are not there. */
static void cut(char *word, char **field)
{
	static char nothing[] = "";
	size_t i;

	for (i = 0; i < MAX_FIELDS; i++) {
		field[i] = word;
		word = strchr(word, ',');
		if (word == NULL)
			break;
		*word++ = '\0';
	}
	while (++i < MAX_FIELDS)
		field[i] = nothing;
}

/* A policy for the destination: its mode, then a pattern or more. */
static void set_up_policy(struct play *play, char **field)
{
	char body[512];
	int i, length = snprintf(body, sizeof body,
		"version: STSv1\nmode: %s\nmax_age: 86400\n", field[0]);

	for (i = 1; i < MAX_FIELDS && *field[i] != '\0'; i++)
		length += snprintf(body + length, sizeof body -
			(size_t)length, "mx: %s\n", field[i]);
	need(mxsel_sts_new(&play->policy, play->destination, body,
		(size_t)length, 0), "policy");
}

static void set_up_us(struct play *play, char kind, char **field)
{
	mxsel_options *o = play->options;

	switch (kind) {
	case 'S':
		need(mxsel_options_set_seed(o, strtoull(field[0], NULL, 10)),
			field[0]);
		break;
	case 'O':
		need(mxsel_options_set(o, number_of(field[0]),
			number_of(field[1])), field[0]);
		break;
	case 'N':
		need(mxsel_options_add_self_name(o, field[0]), field[0]);
		break;
	case 'I':
		need(mxsel_options_add_self_address(o, field[0]), field[0]);
		break;
	case 'K':
		add(&play->favours, field);
		need(mxsel_options_set_rank(o, favour, play), field[0]);
		break;
	case 'D':
		play->destination = field[0];
		break;
	case 'R':
		add(&play->reports, field);
		break;
	case 'P':
		set_up_policy(play, field);
		break;
	case 'T':
		play->tls = number_of(field[0]);
		play->shows_posture = 1;
		break;
	default:
		need(MXSEL_ESYNTAX, "kind of word");
	}
}

static void set_up(struct play *play, char *word)
{
	char *field[MAX_FIELDS];
	char kind = word[0];

	cut(word + 1, field);
	switch (kind) {
	case 'M':
		need(mxsel_mock_mx(play->mock, field[0], short_of(field[1]),
			field[2], 3600), field[2]);
		break;
	case 'A':
		need(mxsel_mock_address(play->mock, field[0], field[1], 3600),
			field[1]);
		break;
	case 'C':
		need(mxsel_mock_alias(play->mock, field[0], field[1], 3600),
			field[1]);
		break;
	case 'X':
		need(mxsel_mock_secure(play->mock, field[0],
			short_of(field[1]), number_of(field[2])), field[0]);
		break;
	case 'L':
		need(mxsel_mock_tlsa(play->mock, field[0],
			number_of(field[1]), 1, 1, (const uint8_t *)
			"0123456789abcdef0123456789abcdef", 32, 3600),
			field[0]);
		break;
	case 'E':
		need(mxsel_mock_fail(play->mock, field[0], short_of(field[1]),
			number_of(field[2])), field[0]);
		break;
	default:
		set_up_us(play, kind, field);
	}
}

static void walk(mxsel *m, const struct play *play)
{
	const struct said *s;
	int r;

	while ((r = mxsel_next(m)) == MXSEL_ATTEMPT) {
		printf("%d,%s,%s", mxsel_host_preference(m),
			mxsel_host_name(m), mxsel_address(m));
		if (play->shows_posture)
			printf(",%s,%s", mxsel_posture_name(mxsel_posture(m)),
				mxsel_posture_reason_name(
					mxsel_posture_reason(m)));
		putchar(' ');
		s = find(&play->reports, mxsel_address(m));
		if (s != NULL)
			need(mxsel_report(m, s->number, s->code, s->text),
				"report");
	}
	need(r, "next");
}

static void show_end(const mxsel *m, const struct play *play)
{
	static const char *const actions[] = {
		"try", "delivered", "defer", "bounce"
	};
	const char *subject;
	size_t i;
	int reason, preference;

	putchar('|');
	for (i = 0; mxsel_rejected(m, i, &reason, &preference, &subject) == 0;
	     i++)
		printf("%s,%d,%s ", mxsel_reject_name(reason), preference,
			subject);
	printf("|%s,%d,%s|%zu\n", actions[mxsel_verdict_action(m)],
		mxsel_verdict_code(m), mxsel_verdict_status(m),
		mxsel_mock_asked(play->mock, play->destination,
			MXSEL_TYPE_A));
}

static void play_line(char *line)
{
	struct play play = { .destination = "d.test" };
	mxsel *m;
	char *word;

	need(mxsel_mock_new(&play.mock), "mock");
	need(mxsel_options_new(&play.options), "options");
	need(mxsel_options_set_resolver(play.options,
		mxsel_mock_resolver(play.mock)), "resolver");
	for (word = strtok(line, " \n"); word != NULL;
	     word = strtok(NULL, " \n"))
		set_up(&play, word);
	need(mxsel_new(&m, play.destination, play.options), "selection");
	need(mxsel_set_tls(m, play.tls), "tls");
	if (play.policy != NULL)
		need(mxsel_set_sts(m, play.policy, 1), "policy");
	walk(m, &play);
	show_end(m, &play);
	mxsel_free(m);
	mxsel_sts_free(play.policy);
	mxsel_options_free(play.options);
	mxsel_mock_free(play.mock);
}

int main(void)
{
	static char line[MAX_LINE];

	while (fgets(line, sizeof line, stdin) != NULL) {
		if (strchr(line, '\n') == NULL)
			need(MXSEL_ELIMIT, "line");
		play_line(line);
	}
	return 0;
}

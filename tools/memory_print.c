/*
 * How a host or address stands. The numbers are those of <mxsel/memory.h>,
 * with the half-life that it has when nothing is set: no file says another.
 * May use the public headers.
 */
#include "memory_print.h"

#include <string.h>

#include "colors.h"
#include "text.h"

/* Thousandths: of one failure, and under which there is none. */
#define SCORE_ONE 1000
#define SCORE_NONE 62.5

/* What a score is multiplied by in a second: the 30th root of 1/2. */
#define IN_A_SECOND 0.97715996843424588

enum standing {
	UNKNOWN,
	WELL,
	RECOVERING, /* behind its equals, by chance */
	BEHIND
};

static const char *const standings[] = {
	"unknown", "well", "recovering", "behind"
};

int memory_is_known(const struct mxsel_memory_entry *e)
{
	return e->score > 0 || e->outcomes[0] != 0 || e->works != 0 ||
		e->turn != 0 || e->doubt != 0 || *e->again != '\0';
}

static enum standing standing_of(const struct mxsel_memory_entry *e)
{
	if (!memory_is_known(e))
		return UNKNOWN;
	return e->score >= SCORE_ONE ? BEHIND :
		e->score > 0 ? RECOVERING : WELL;
}

/* Seconds until it stands better, rounded up. */
static unsigned left_of(const struct mxsel_memory_entry *e)
{
	double score = e->score;
	double better = e->score >= SCORE_ONE ? SCORE_ONE : SCORE_NONE;
	unsigned seconds = 0;

	for (; score > better; score *= IN_A_SECOND)
		seconds++;
	return seconds;
}

/* "1 s", "12 s", "3 min", "5 h", "2 d". */
static void print_time(FILE *out, unsigned seconds)
{
	if (seconds < 120)
		fprintf(out, "%u s", seconds);
	else if (seconds < 7200)
		fprintf(out, "%u min", seconds / 60);
	else if (seconds < 172800)
		fprintf(out, "%u h", seconds / 3600);
	else
		fprintf(out, "%u d", seconds / 86400);
}

/* ----------------------------------------------------------------- people */

static void paint(FILE *out, int color, const char *sequence)
{
	if (color)
		fputs(sequence, out);
}

static void print_standing(FILE *out, const struct mxsel_memory_entry *e,
	int color)
{
	unsigned left = left_of(e);

	switch (standing_of(e)) {
	case BEHIND:
		paint(out, color, YELLOW);
		fputs(e->kind == MXSEL_MEMORY_ADDRESS ?
			"behind the others of its host" :
			"behind its equals", out);
		paint(out, color, PLAIN);
		fputs(" for about ", out);
		print_time(out, left > 0 ? left : 1);
		fputs(" more", out);
		break;
	case RECOVERING:
		paint(out, color, YELLOW);
		fputs("recovering", out);
		paint(out, color, PLAIN);
		fprintf(out, ": behind %u times of 100, well in about ",
			(unsigned)(e->score + 9) / 10);
		print_time(out, left);
		break;
	case WELL:
		paint(out, color, GREEN);
		fputs("well", out);
		paint(out, color, PLAIN);
		break;
	default:
		fputs("nothing is known", out);
	}
}

static const char *outcome_of(const struct mxsel_memory_entry *e, size_t i)
{
	const char *name = i < MXSEL_MEMORY_OUTCOMES && e->outcomes[i] != 0 ?
		mxsel_outcome_name(e->outcomes[i]) : NULL;

	return name;
}

/* "refused 12 s ago, before that mail 451, delivered". */
static void print_outcomes(FILE *out, const struct mxsel_memory_entry *e)
{
	const char *name = outcome_of(e, 0);
	size_t i;

	fputs(name != NULL ? name : "no outcome", out);
	if (name != NULL && e->code != 0)
		fprintf(out, " %d", e->code);
	putc(' ', out);
	print_time(out, e->age / 1000);
	fputs(" ago", out);
	for (i = 1; (name = outcome_of(e, i)) != NULL; i++)
		fprintf(out, "%s%s", i == 1 ? "; before that " : ", ", name);
}

/* What a host's addresses are ordered by. */
static void print_families(FILE *out, const struct mxsel_memory_entry *e)
{
	static const char *const doubts[] = {
		NULL, "IPv4", "IPv6", "IPv4 and IPv6"
	};
	const char *next = "         ";

	if (e->works != 0) {
		fprintf(out, "%sIPv%d worked last", next, e->works);
		next = "; ";
	}
	if (e->doubt > 0 && e->doubt <= 3) {
		fprintf(out, "%srejected by policy over %s", next,
			doubts[e->doubt]);
		next = "; ";
	}
	if (e->turn != 0) {
		fprintf(out, "%sIPv%d goes first next time", next, e->turn);
		next = "; ";
	}
	if (*e->again != '\0') {
		fprintf(out, "%sasked to come again at ", next);
		text_plain(out, e->again);
		next = "; ";
	}
	if (*next == ';')
		putc('\n', out);
}

void memory_print_human(FILE *out, const struct mxsel_memory_entry *e,
	int color)
{
	paint(out, color, BOLD);
	text_plain(out, e->name);
	paint(out, color, PLAIN);
	if (e->port != 25 && e->port != 0)
		fprintf(out, ", port %d", e->port);
	fputs(": ", out);
	print_standing(out, e, color);
	putc('\n', out);
	if (standing_of(e) == UNKNOWN)
		return;
	fputs("         ", out);
	if (e->score > 0)
		fprintf(out, "score %u.%03u; ", (unsigned)(e->score / 1000),
			(unsigned)(e->score % 1000));
	print_outcomes(out, e);
	putc('\n', out);
	print_families(out, e);
}

/* ------------------------------------------------------------------- JSON */

static void add_outcomes(struct buffer *out,
	const struct mxsel_memory_entry *e)
{
	const char *name;
	size_t i;

	buffer_constant(out, ",\"outcomes\":[");
	for (i = 0; (name = outcome_of(e, i)) != NULL; i++) {
		if (i > 0)
			buffer_octet(out, ',');
		text_json_string(out, name);
	}
	buffer_octet(out, ']');
}

static void add_doubt(struct buffer *out, const struct mxsel_memory_entry *e)
{
	static const char *const lists[] = { "[]", "[4]", "[6]", "[4,6]" };
	const char *list = lists[e->doubt & 3];

	buffer_constant(out, ",\"doubt\":");
	buffer_add(out, list, strlen(list));
}

static void add_number(struct buffer *out, const char *key, unsigned long n)
{
	buffer_add(out, key, strlen(key));
	buffer_number(out, n);
}

void memory_print_json(struct buffer *out,
	const struct mxsel_memory_entry *e)
{
	buffer_constant(out, "{\"kind\":");
	text_json_string(out, e->kind == MXSEL_MEMORY_ADDRESS ? "address" :
		"host");
	buffer_constant(out, ",\"name\":");
	text_json_string(out, e->name);
	add_number(out, ",\"port\":", (unsigned)e->port);
	buffer_constant(out, ",\"standing\":");
	text_json_string(out, standings[standing_of(e)]);
	add_number(out, ",\"left\":", left_of(e));
	add_number(out, ",\"score\":", e->score);
	add_number(out, ",\"age\":", e->age);
	add_outcomes(out, e);
	add_number(out, ",\"code\":", (unsigned)e->code);
	add_number(out, ",\"works\":", (unsigned)e->works);
	add_number(out, ",\"turn\":", (unsigned)e->turn);
	add_doubt(out, e);
	buffer_constant(out, ",\"again\":");
	text_json_string(out, e->again);
	buffer_constant(out, "}\n");
}

/*
 * The pages of --help, none of which is longer than a screen: one for all, one
 * for each command with its options by name, one for each group of options
 * with what they do. The rest is in the manual. May use libc.
 */
#include "help.h"

#include <string.h>

#include "near.h"
#include "settings_table.h"

#define COLUMNS 79
#define INDENT 12

static const char *const group_names[HELP_GROUPS] = {
	"answers", "order", "ourselves", "security", "addresses",
	"exchanges", "verdict", "limits", "output", "many"
};

static const char overview[] =
"usage: mxsel [COMMAND] [OPTION | DESTINATION]...\n"
"\n"
"  plan      the hosts that take mail, in the order to try; the default\n"
"  explain   the same as a tree, with every decision and its clause\n"
"  lint      what is wrong with the mail DNS of a domain\n"
"  bulk      one line of JSON for each line of standard input\n"
"  memory    how hosts behaved, from the file that a mail server keeps\n"
"\n"
"DESTINATION is a domain, user@domain, [ADDRESS], [HOST] or HOST:PORT.\n"
"Without --server, --zone or --demo the servers of /etc/resolv.conf answer.\n"
"\n"
"  mxsel example.com                          where its mail goes\n"
"  mxsel explain --self mx1.example.net example.com   ... from mx1, and why\n"
"  mxsel --json --seed 1 example.com          for scripts, repeatable\n"
"  mxsel --demo                               examples, without network\n"
"\n"
"Exit: 0 there is a host to try, 1 bounce, 75 defer, 64 usage.\n"
"\n"
"mxsel COMMAND --help   its options\n"
"mxsel --help GROUP     what they do: answers, order, ourselves, security,\n"
"                       addresses, exchanges, verdict, limits, output, many\n"
"man mxsel              everything\n";

/* One for each SETTINGS_* that is a command. */
struct page {
	const char *usage;
	const char *about;
	int of;
	const char *end;
};

static const struct page pages[] = {
	{ "plan [OPTION | DESTINATION]...",
		"The hosts that take mail, in the order to try.",
		OF_PLAN, "Exit: 0 there is a host to try, 1 bounce, 75 defer, "
		"64 usage." },
	{ "explain [OPTION | DESTINATION]...",
		"The same as a tree, with every decision and its clause.",
		OF_EXPLAIN, "Exit: 0 there is a host to try, 1 bounce, "
		"75 defer, 64 usage." },
	{ "lint [OPTION | DOMAIN]...",
		"What is wrong with the mail DNS of each domain.",
		OF_LINT, "Exit: 0 no error, 1 errors, 75 no answer, "
		"64 usage." },
	{ "bulk [OPTION]... < DESTINATIONS",
		"One line of JSON for each line of standard input.",
		OF_BULK, "Exit: of the worst line: 0 try, 1 bounce, "
		"75 defer; 64 usage." },
	{ "memory [OPTION]... FILE [NAME]...\n"
		"       mxsel memory [OPTION]... --store SERVER NAME...",
		"How hosts and addresses behaved, the worst first.",
		OF_MEMORY, "Exit: 0, 1 nothing is known of a NAME, "
		"75 the server is away, 64 usage." },
};

const struct help_option *help_find(const char *name, size_t length)
{
	const struct help_option *o;

	for (o = help_options; o->name != NULL; o++)
		if (strlen(o->name) == length &&
		    memcmp(o->name, name, length) == 0)
			return o;
	return NULL;
}

const char *help_near_option(const char *name, size_t length)
{
	const struct help_option *o;
	const char *best = NULL;
	int fewest = NEAR_MAX, slips;

	for (o = help_options; o->name != NULL; o++) {
		slips = near_slips(name, length, o->name);
		if (slips < fewest) {
			fewest = slips;
			best = o->name;
		}
	}
	return best;
}

/* "--zone FILE": how many columns it takes; printed unless out is NULL. */
static size_t put_option(FILE *out, const struct help_option *o)
{
	size_t length = strlen(o->name) + 2;

	if (o->value != NULL)
		length += strlen(o->value) + 1;
	if (out != NULL)
		fprintf(out, "--%s%s%s", o->name, o->value != NULL ? " " : "",
			o->value != NULL ? o->value : "");
	return length;
}

/* The options of a group that a command has, by name only. */
static void print_names(FILE *out, int group, int of)
{
	const struct help_option *o;
	size_t column = 0, length;

	for (o = help_options; o->name != NULL; o++) {
		if (o->group != group || (o->commands & of) == 0)
			continue;
		length = put_option(NULL, o);
		if (column == 0)
			fprintf(out, "%-*s", INDENT, group_names[group]);
		else if (column + 2 + length > COLUMNS)
			fprintf(out, "\n%*s", INDENT, "");
		else
			fputs("  ", out);
		if (column == 0 || column + 2 + length > COLUMNS)
			column = INDENT;
		else
			column += 2;
		column += put_option(out, o);
	}
	if (column > 0)
		putc('\n', out);
}

static void print_page(FILE *out, const struct page *p)
{
	int group;

	fprintf(out, "usage: mxsel %s\n%s\n\n", p->usage, p->about);
	for (group = 0; group < HELP_GROUPS; group++)
		print_names(out, group, p->of);
	fprintf(out, "%s\nWhat they do: mxsel --help GROUP, such as "
		"'mxsel --help limits'; man mxsel.\n", p->end);
}

static void print_words(FILE *out, const struct help_option *o)
{
	const struct knob *e = settings_find(o->name, strlen(o->name));
	const struct word *w;
	size_t column = 0;

	for (w = e->words; w->text != NULL; w++) {
		if (column == 0 || column + strlen(w->text) + 2 > COLUMNS) {
			fprintf(out, "%s%*s", column > 0 ? "\n" : "",
				INDENT, "");
			column = INDENT;
		} else {
			putc(' ', out);
		}
		fputs(w->text, out);
		if (w[1].text != NULL)
			putc(',', out);
		column += strlen(w->text) + 2;
	}
	putc('\n', out);
}

static void print_group(FILE *out, int group)
{
	const struct help_option *o;
	size_t length, widest = 0;

	fprintf(out, "Options, %s:\n\n", group_names[group]);
	for (o = help_options; o->name != NULL; o++) {
		length = o->group == group ? put_option(NULL, o) : 0;
		widest = length > widest ? length : widest;
	}
	for (o = help_options; o->name != NULL; o++) {
		if (o->group != group)
			continue;
		fputs("  ", out);
		length = put_option(out, o);
		fprintf(out, "%*s%s\n", (int)(widest - length + 3), "",
			o->about);
		if (o->value != NULL && o->takes == NULL)
			print_words(out, o);
	}
	fputs("\nMore in man mxsel.\n", out);
}

void help_print(FILE *out, int command, const char *group)
{
	size_t count = sizeof(pages) / sizeof(pages[0]);
	int g = 0;

	while (group != NULL && g < HELP_GROUPS &&
	       strcmp(group, group_names[g]) != 0)
		g++;
	if (command >= 0 && (size_t)command < count)
		print_page(out, &pages[command]);
	else if (group != NULL && g < HELP_GROUPS)
		print_group(out, g);
	else
		fputs(overview, out);
}

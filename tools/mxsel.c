/*
 * The mxsel command: delivery plans on a terminal and for scripts. It owns
 * what the library leaves to its caller: the command line, the resolver, the
 * output and the exit status. May use the public headers.
 */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#ifdef HAVE_IDN2
#include <mxsel/idn2.h>
#endif
#include <mxsel/ldns.h>

#include "bulk.h"
#include "complain.h"
#include "demo_zone.h"
#include "dot.h"
#include "explain.h"
#include "help.h"
#include "history.h"
#include "human.h"
#include "json.h"
#include "lint.h"
#include "memory.h"
#include "plan.h"
#include "replay.h"
#include "resolver.h"
#include "security.h"
#include "settings.h"

/* All of stdout is out: 0, or EX_IOERR with a line on stderr. */
static int finish_output(void)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return 0;
	return complain_system("cannot write", NULL, errno, EX_IOERR);
}

static int add_interfaces(const struct settings *s)
{
	int r = s->self_interfaces ? mxsel_ldns_add_interfaces(s->options) : 0;

	return r < 0 ? complain_error("--self-interfaces", NULL, r,
		EX_TEMPFAIL) : 0;
}

/* Does the locale write UTF-8? Nothing else is taken from it. */
static int want_utf8(void)
{
	locale_t locale = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
	const char *codeset;
	int utf8;

	if (locale == (locale_t)0)
		return 0;
	codeset = nl_langinfo_l(CODESET, locale);
	utf8 = strcmp(codeset, "UTF-8") == 0 || strcmp(codeset, "utf8") == 0;
	freelocale(locale);
	return utf8;
}

/* What all plans of one run share. */
struct run {
	const struct settings *settings;
	struct security security;
	mxsel *selection; /* used again for each destination */
	struct json json;
	struct buffer line;
	int color;
	int utf8;
	int unanswered; /* so many that the DNS did not answer */
};

/* 0 or MXSEL_ENOMEM. */
static int print_plan(const struct plan *p, const struct run *run, int first)
{
	const struct settings *s = run->settings;
	int explain = s->command == SETTINGS_EXPLAIN;

	if (s->quiet)
		return 0;
	if (s->dot)
		return dot_print(stdout, p);
	if (!first)
		putchar('\n');
	if (explain)
		return explain_print(stdout, p, run->color, run->utf8);
	human_print(stdout, p, run->color);
	return 0;
}

/* The selection as text. 0 and the exit status, or MXSEL_E*. */
static int plan_text(struct run *run, const char *destination, int first,
	int *status)
{
	struct plan p;
	int r = plan_collect(&p, run->selection, destination,
		run->settings->shows_tls);

	if (r == 0) {
		*status = plan_exit(plan_action(&p));
		r = print_plan(&p, run, first);
		run->unanswered += plan_action(&p) != MXSEL_ACTION_TRY &&
			mxsel_verdict_reason(run->selection) ==
			MXSEL_REASON_DNS_TEMPORARY;
	}
	plan_free(&p);
	return r;
}

/* The same as a line of JSON. */
static int plan_json(struct run *run, const char *destination, int *status)
{
	struct json *j = &run->json;
	mxsel *m = run->selection;
	int r;

	json_begin(j);
	while ((r = mxsel_next(m)) == MXSEL_ATTEMPT) {
		json_attempt(j, m);
		if (!json_wants_all(j->keys))
			break;
	}
	if (r < 0)
		return r;
	*status = plan_exit(j->attempts > 0 ? MXSEL_ACTION_TRY :
		mxsel_verdict_action(m));
	buffer_empty(&run->line);
	json_end(j, m, destination, strlen(destination), &run->line);
	if (run->line.failed)
		return MXSEL_ENOMEM;
	fwrite(run->line.bytes, 1, run->line.length, stdout);
	return 0;
}

static int plan_one(struct run *run, const char *destination)
{
	const struct settings *s = run->settings;
	int first = run->selection == NULL;
	int r, status = 0;

	r = first ? mxsel_new(&run->selection, destination, s->options) :
		mxsel_reset(run->selection, destination);
	if (r == 0)
		r = security_use(&run->security, run->selection);
	if (r == 0 && s->json && !s->quiet)
		r = plan_json(run, destination, &status);
	else if (r == 0)
		r = plan_text(run, destination, first, &status);
	if (r != 0)
		status = complain_error(destination, NULL, r, EX_TEMPFAIL);
	return status;
}

/* For people only, and where it helps: who was asked can be changed. */
static void say_who_was_asked(const struct run *run)
{
	const struct settings *s = run->settings;

	if (run->unanswered == 0 || s->quiet || s->dot || s->demo ||
	    s->zone_count > 0 || s->replay != NULL)
		return;
	complain(NULL, NULL, s->server_count > 0 ?
		"the name servers of --server led to no answer" :
		"the name servers of /etc/resolv.conf led to no answer",
		"see with 'mxsel explain' what failed, ask others with "
		"--server ADDR, or try again later");
}

static int plan_all(const struct settings *s)
{
	struct run run;
	int worst, lost = 0;
	size_t i;

	memset(&run, 0, sizeof(run));
	worst = security_open(&run.security, s);
	if (worst != 0) {
		security_close(&run.security);
		return worst;
	}
	run.settings = s;
	run.color = settings_want_color(s);
	run.utf8 = want_utf8();
	run.json.keys = s->keys;
	run.json.shows_tls = s->shows_tls;
	for (i = 0; i < s->destination_count && lost == 0; i++) {
		worst = plan_worse(worst, plan_one(&run, s->destinations[i]));
		lost = finish_output();
	}
	say_who_was_asked(&run);
	security_close(&run.security);
	mxsel_free(run.selection);
	json_free(&run.json);
	buffer_free(&run.line);
	return lost != 0 ? lost : worst;
}

/* Without destination: all those of the demo. 0, or the exit status. */
static int use_demo(struct settings *s)
{
	size_t count = 0;
	const char **all;

	if (!s->demo || s->destination_count > 0 ||
	    s->command == SETTINGS_BULK)
		return 0;
	while (demo_zone_destinations[count] != NULL)
		count++;
	all = malloc(count * sizeof(*all));
	if (all == NULL)
		return complain_error("--demo", NULL, MXSEL_ENOMEM,
			EX_TEMPFAIL);
	memcpy(all, demo_zone_destinations, count * sizeof(*all));
	free(s->destinations);
	s->destinations = all;
	s->destination_count = count;
	return 0;
}

/* Settings that the command itself wants. 0, or the exit status. */
static int prepare(struct settings *s)
{
	int r = 0;

#ifdef HAVE_IDN2
	r = mxsel_idn2_use(s->options);
#endif
	if (r == 0 && s->command == SETTINGS_EXPLAIN)
		r = mxsel_options_set(s->options, MXSEL_OPT_TRACE, 1);
	if (r != 0)
		return complain_error("options", NULL, r, EX_SOFTWARE);
	r = add_interfaces(s);
	return r != 0 ? r : resolver_open(s);
}

/* The plans, recorded or replayed as the settings say. */
static int plan_with_record(const struct settings *s)
{
	int status = replay_start(s, s->options);
	int end;

	if (status == 0)
		status = plan_all(s);
	end = replay_end(s);
	return end != 0 ? end : status;
}

/* Plans, ordered by how hosts behaved where that is wanted. */
static int plan_with_history(const struct settings *s)
{
	struct history h;
	int status = history_open(&h, s);

	if (status == 0)
		status = s->command == SETTINGS_BULK ? bulk_run(s) :
			plan_with_record(s);
	history_close(&h);
	return status;
}

static int run(struct settings *s)
{
	int lost, r;

	if (s->command == SETTINGS_HELP) {
		help_print(stdout, s->named, s->help_group);
		return finish_output();
	}
	if (s->command == SETTINGS_VERSION) {
		printf("mxsel %s\n", mxsel_version());
		return finish_output();
	}
	if (s->command == SETTINGS_MEMORY) {
		r = memory_run(s);
		lost = finish_output();
		return lost != 0 ? lost : r;
	}
	r = prepare(s);
	if (r != 0)
		return r;
	return s->command == SETTINGS_LINT ? lint_run(s, s->options) :
		plan_with_history(s);
}

/*
 * Started with standard files closed, the next socket would get the number of
 * one of them, and the plan would be sent to a name server. What stands in
 * their place can be read only, so that writing there is still an error.
 */
static void hold_standard_files(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDONLY);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

int main(int argc, char **argv)
{
	struct settings s;
	int status;

	hold_standard_files();
	/* A closed pipe is an error to tell, not a reason to die silently. */
	signal(SIGPIPE, SIG_IGN);
#ifdef SIGXFSZ
	signal(SIGXFSZ, SIG_IGN); /* and so is a file that is too large */
#endif
	status = settings_read(&s, argc, argv);
	if (status == 0)
		status = use_demo(&s);
	if (status == 0)
		status = run(&s);
	settings_free(&s);
	return status;
}

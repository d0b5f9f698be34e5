/*
 * The mxsel command: delivery plans on a terminal and for scripts. It owns
 * what the library leaves to its caller: the command line, the resolver, the
 * output and the exit status. May use the public headers.
 */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include <mxsel/ldns.h>

#include "demo_zone.h"
#include "human.h"
#include "json.h"
#include "plan.h"
#include "settings.h"

static const char help[] =
"usage: mxsel [plan] [OPTION | DESTINATION]...\n"
"\n"
"Show the hosts that take mail for each DESTINATION, in the order to try.\n"
"A DESTINATION is a domain, user@domain, [ADDRESS], [HOST] or HOST:PORT.\n"
"\n"
"who answers   --server ADDR[@PORT], --zone FILE (both repeatable), --demo;\n"
"              without any of them the servers of /etc/resolv.conf\n"
"output        --json  --quiet  --color auto|always|never  --version  --help\n"
"order         --seed N  --shuffle hosts|addresses|none\n"
"              --family interleave|any|v6first|v4first|v6only|v4only\n"
"ourselves     --self NAME|ADDR (repeatable)  --self-interfaces\n"
"              --self-port N\n"
"addresses     --allow-loopback  --allow-link-local  --allow-network NET\n"
"              --refuse-private  --nat64 PREFIX  --keep-duplicates\n"
"exchanges     --refuse-exchange PATTERN  --refuse-exchange-alias\n"
"              --allow-exchange-address  --strict-null-mx\n"
"verdict       --sender  --implicit-on-nxdomain  --ask-local\n"
"              --defer-no-host  --defer-filtered\n"
"limits        --timeout SECONDS  --max-records N  --max-hosts N\n"
"              --max-host-addresses N  --max-addresses N  --max-queries N\n"
"              --max-aliases N\n"
"port          --port N, 25 unless set\n"
"\n"
"Exit status: 0 there is something to try, 1 bounce, 75 defer, 64 usage.\n";

/* All of stdout is out: 0, or EX_IOERR with a line on stderr. */
static int finish_output(void)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return 0;
	fprintf(stderr, "mxsel: cannot write: %s\n", strerror(errno));
	return EX_IOERR;
}

static int want_color(const struct settings *s)
{
	const char *no_color = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	if (s->color != SETTINGS_COLOR_AUTO)
		return s->color == SETTINGS_COLOR_ALWAYS;
	if (no_color != NULL && *no_color != '\0')
		return 0;
	if (term == NULL || *term == '\0' || strcmp(term, "dumb") == 0)
		return 0;
	return isatty(STDOUT_FILENO);
}

/* An error of the library about value: one line, and the exit status. */
static int complain(const char *what, const char *value, int error, int status)
{
	settings_complain(what, value, mxsel_strerror(error));
	return error == MXSEL_ENOMEM ? EX_TEMPFAIL : status;
}

static int open_servers(mxsel_resolver **r, const struct settings *s)
{
	int error = mxsel_ldns_new(r, s->server_count > 0 ? "" : NULL);
	size_t i;

	if (error != 0)
		return complain("cannot use the name servers of",
			"/etc/resolv.conf", error, EX_TEMPFAIL);
	for (i = 0; i < s->server_count; i++) {
		error = mxsel_ldns_add_server(*r, s->servers[i]);
		if (error != 0)
			return complain("--server", s->servers[i], error,
				EX_USAGE);
	}
	return 0;
}

/* Which of the files is to blame? One by one, until one fails alone. */
static int complain_zone(const struct settings *s, int error)
{
	mxsel_resolver *r;
	size_t i;

	for (i = 0; i < s->zone_count; i++) {
		r = NULL;
		error = mxsel_ldns_zone_new(&r, &s->zones[i], 1);
		mxsel_resolver_free(r);
		if (error != 0)
			return complain("--zone", s->zones[i], error,
				EX_USAGE);
	}
	return complain("--zone", NULL, error, EX_USAGE);
}

static int open_zones(mxsel_resolver **r, const struct settings *s)
{
	int error = mxsel_ldns_zone_new(r, s->zones, s->zone_count);

	return error != 0 ? complain_zone(s, error) : 0;
}

/* The built-in zone, and what it calls this machine. */
static int open_demo(mxsel_resolver **r, const struct settings *s)
{
	int error = mxsel_ldns_zone_text_new(r, demo_zone_text);

	if (error == 0 && s->self_count == 0 && !s->self_interfaces)
		error = mxsel_options_add_self_name(s->options,
			demo_zone_self);
	return error != 0 ? complain("--demo", NULL, error, EX_SOFTWARE) : 0;
}

/* Give the options who answers. 0, or the exit status. */
static int open_resolver(const struct settings *s)
{
	mxsel_resolver *r = NULL;
	int status, error;

	if (s->demo)
		status = open_demo(&r, s);
	else if (s->zone_count > 0)
		status = open_zones(&r, s);
	else
		status = open_servers(&r, s);
	if (status == 0) {
		error = mxsel_options_set_resolver(s->options, r);
		if (error != 0)
			status = complain("resolver", NULL, error,
				EX_SOFTWARE);
	}
	mxsel_resolver_free(r);
	return status;
}

static int add_interfaces(const struct settings *s)
{
	int r = s->self_interfaces ? mxsel_ldns_add_interfaces(s->options) : 0;

	return r < 0 ? complain("--self-interfaces", NULL, r, EX_TEMPFAIL) : 0;
}

static void print_plan(const struct plan *p, const struct settings *s,
	int color, int first)
{
	if (s->quiet)
		return;
	if (s->json) {
		json_print(stdout, p);
		return;
	}
	if (!first)
		putchar('\n');
	human_print(stdout, p, color);
}

/* Plan one destination; *m is made at the first and used again. */
static int plan_one(mxsel **m, const char *destination,
	const struct settings *s, int color)
{
	int first = *m == NULL;
	struct plan p;
	int r, status;

	r = first ? mxsel_new(m, destination, s->options) :
		mxsel_reset(*m, destination);
	if (r != 0)
		return complain(destination, NULL, r, EX_TEMPFAIL);
	r = plan_collect(&p, *m, destination, NULL, NULL);
	if (r == 0) {
		print_plan(&p, s, color, first);
		status = plan_exit(&p);
	} else {
		status = complain(destination, NULL, r, EX_TEMPFAIL);
	}
	plan_free(&p);
	return status;
}

static int plan_all(const struct settings *s)
{
	int demo = s->destination_count == 0;
	const char *const *d = demo ? demo_zone_destinations : s->destinations;
	size_t count = s->destination_count;
	int color = want_color(s);
	mxsel *m = NULL;
	int worst = 0, lost = 0;
	size_t i;

	for (i = 0; demo ? d[i] != NULL : i < count; i++) {
		worst = plan_worse(worst, plan_one(&m, d[i], s, color));
		lost = finish_output();
		if (lost != 0)
			break;
	}
	mxsel_free(m);
	return lost != 0 ? lost : worst;
}

static int run(const struct settings *s)
{
	int r;

	if (s->command == SETTINGS_HELP) {
		fputs(help, stdout);
		return finish_output();
	}
	if (s->command == SETTINGS_VERSION) {
		printf("mxsel %s\n", mxsel_version());
		return finish_output();
	}
	r = add_interfaces(s);
	if (r == 0)
		r = open_resolver(s);
	return r != 0 ? r : plan_all(s);
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
	status = settings_read(&s, argc, argv);
	if (status == 0)
		status = run(&s);
	settings_free(&s);
	return status;
}

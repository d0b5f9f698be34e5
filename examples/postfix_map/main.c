/*
 * A transport map for Postfix 3.5 and later that asks libmxsel: for every
 * recipient the hosts to try, in order, or why there is none. One process, one
 * thread, many look-ups at once. README.md beside this file tells how to put
 * it into main.cf; --help lists the settings.
 *
 * Exit: 0 ended by SIGTERM or SIGINT, 64 wrong usage, 75 something that the
 * system or a file did not give.
 */
#define _POSIX_C_SOURCE 200809L

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unistd.h>

#include <mxsel/cache.h>
#include <mxsel/ldns.h>
#include <mxsel/mxsel.h>

#include "postfix_map.h"

enum {
	WRONG_USAGE = 64,
	TRY_LATER = 75,
	ZONES_MAX = 64,
	CACHE_BYTES = 16 << 20,
	/* The queue manager stands still while it waits for a map. */
	TIME_LIMIT = 5000
};

struct setup {
	struct answers answers;
	const char *listen, *resolv_conf;
	const char *zones[ZONES_MAX];
	size_t zone_count;
	const char *servers[ZONES_MAX];
	size_t server_count;
	unsigned mode;
};

static const char HELP[] =
"postfix_map --listen WHERE [OPTION...]\n"
"\n"
"Answers transport_maps = socketmap:WHERE:mxsel with the hosts that libmxsel\n"
"chooses.\n"
"\n"
"  --listen WHERE         unix:PATH, or inet:ADDRESS:PORT on loopback\n"
"  --mode OCTAL           permissions of that PATH; 660\n"
"  --local DOMAIN         Postfix's own: mydestination, virtual and relay\n"
"                         domains with a transport; .DOMAIN: all below it\n"
"  --self NAME            we take mail as NAME (myhostname); not answered,\n"
"                         and an MX of this name is ourselves\n"
"  --self-address ADDR    we take mail at ADDR (inet_ and proxy_interfaces)\n"
"  --interfaces           the addresses of this machine are ours\n"
"  --transport NAME       the service of master.cf that delivers; smtp\n"
"  --addresses            always answer [192.0.2.1], never [mx.example.com]\n"
"  --port N               port of the hosts; 25\n"
"  --server ADDR[@PORT]   ask this name server, not those of resolv.conf\n"
"  --resolv-conf FILE     ask the servers of FILE; /etc/resolv.conf\n"
"  --zone FILE            answer from a master file instead\n"
"  --time-limit MS        longest time for one answer, milliseconds; 5000\n"
"  --allow-loopback       127.0.0.0/8 and ::1 may be answered: for tests\n"
"  --set NAME=VALUE       any other number: max_hosts=4, or family=5 where\n"
"                         Postfix has IPv4 only (inet_protocols)\n"
"  --verbose              every key and its answer to standard error\n"
"  --help\n"
"\n"
"--local, --self, --self-address, --server and --zone may come several times.\n"
;

/* ---------------------------------------------------------------- settings */

/* A number and nothing else; -1. */
static long number(const char *text, int base)
{
	char *end;
	long value = strtol(text, &end, base);

	return *text < '0' || *text > '9' || *end != '\0' ? -1 : value;
}

static int set(struct setup *s, int option, const char *value)
{
	long n = number(value, 10);

	if (n < 0 || n > 0x7fffffff)
		return MXSEL_ERANGE;
	return mxsel_options_set(s->answers.options, option, (int)n);
}

/* max_hosts=4: by the names of the library, so that new ones are known. */
static int set_by_name(struct setup *s, const char *assignment)
{
	const char *equals = strchr(assignment, '='), *name;
	size_t length;
	int option;

	if (equals == NULL)
		return MXSEL_ESYNTAX;
	length = (size_t)(equals - assignment);
	for (option = 1; (name = mxsel_option_name(option)) != NULL; option++)
		if (strlen(name) == length &&
		    memcmp(name, assignment, length) == 0)
			return set(s, option, equals + 1);
	return MXSEL_ESYNTAX;
}

static int add(const char **list, size_t *count, size_t room,
	const char *value)
{
	if (*count == room)
		return MXSEL_ELIMIT;
	list[(*count)++] = value;
	return 0;
}

/*
 * One domain as Postfix has it in its keys. A list in one word, as main.cf
 * has them, would match nothing, and mail for us would go away.
 */
static int add_local(struct setup *s, const char *domain)
{
	size_t length = strlen(domain);

	if (length == 0 || domain[length - 1] == '.' ||
	    domain[strspn(domain, "abcdefghijklmnopqrstuvwxyz"
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._[:]")] != '\0')
		return MXSEL_ESYNTAX;
	return add(s->answers.locals, &s->answers.local_count, LOCALS_MAX,
		domain);
}

/* What is ourselves as a host is ourselves as a domain, too. */
static int add_self(struct setup *s, const char *name)
{
	int r = mxsel_options_add_self_name(s->answers.options, name);

	return r != 0 ? r : add_local(s, name);
}

static int set_mode(struct setup *s, const char *value)
{
	long mode = number(value, 8);

	if (mode < 0 || mode > 0777)
		return MXSEL_ERANGE;
	s->mode = (unsigned)mode;
	return 0;
}

/* One option with a value. 1: there is no such option. */
static int apply(struct setup *s, const char *name, const char *value)
{
	mxsel_options *options = s->answers.options;

	if (strcmp(name, "--listen") == 0)
		s->listen = value;
	else if (strcmp(name, "--resolv-conf") == 0)
		s->resolv_conf = value;
	else if (strcmp(name, "--transport") == 0)
		s->answers.transport = value;
	else if (strcmp(name, "--mode") == 0)
		return set_mode(s, value);
	else if (strcmp(name, "--local") == 0)
		return add_local(s, value);
	else if (strcmp(name, "--self") == 0)
		return add_self(s, value);
	else if (strcmp(name, "--self-address") == 0)
		return mxsel_options_add_self_address(options, value);
	else if (strcmp(name, "--port") == 0)
		return set(s, MXSEL_OPT_PORT, value);
	else if (strcmp(name, "--time-limit") == 0)
		return set(s, MXSEL_OPT_TIME_LIMIT, value);
	else if (strcmp(name, "--set") == 0)
		return set_by_name(s, value);
	else if (strcmp(name, "--server") == 0)
		return add(s->servers, &s->server_count, ZONES_MAX, value);
	else if (strcmp(name, "--zone") == 0)
		return add(s->zones, &s->zone_count, ZONES_MAX, value);
	else
		return 1;
	return 0;
}

/* One option without a value. 1: there is no such option. */
static int apply_flag(struct setup *s, const char *name)
{
	if (strcmp(name, "--addresses") == 0)
		s->answers.by_address = 1;
	else if (strcmp(name, "--verbose") == 0)
		s->answers.verbose = 1;
	else if (strcmp(name, "--allow-loopback") == 0)
		return set(s, MXSEL_OPT_ALLOW_LOOPBACK, "1");
	else if (strcmp(name, "--interfaces") == 0)
		return mxsel_ldns_add_interfaces(s->answers.options) < 0 ?
			MXSEL_ESYSTEM : 0;
	else
		return 1;
	return 0;
}

static int complain(const char *what, const char *why)
{
	fprintf(stderr, "postfix_map: %s: %s\n"
		"postfix_map --help lists what there is\n", what, why);
	return WRONG_USAGE;
}

static int read_arguments(struct setup *s, char **argument)
{
	const char *name;
	int r;

	while ((name = *argument++) != NULL) {
		r = apply_flag(s, name);
		if (r == 1 && *argument != NULL)
			r = apply(s, name, *argument++);
		if (r == 1)
			return complain(name,
				"no such option, or its value is missing");
		if (r != 0)
			return complain(name, mxsel_strerror(r));
	}
	if (s->listen == NULL)
		return complain("--listen", "must be given");
	return 0;
}

/* ------------------------------------------------------------------ set-up */

/*
 * Before the arguments, which may change it. All hosts are asked for at once:
 * an answer needs the whole plan.
 */
static int make_options(struct setup *s)
{
	mxsel_options *options;
	mxsel_cache *cache = NULL;
	int r = mxsel_options_new(&options);

	if (r != 0)
		return r;
	s->answers.options = options;
	r = mxsel_options_set(options, MXSEL_OPT_PREFETCH, 128);
	if (r == 0)
		r = mxsel_options_set(options, MXSEL_OPT_TIME_LIMIT,
			TIME_LIMIT);
	if (r == 0)
		r = mxsel_cache_new(&cache, CACHE_BYTES, mxsel_ldns_clock,
			NULL);
	if (r == 0)
		r = mxsel_options_set_cache(options, cache);
	mxsel_cache_free(cache); /* the options keep it alive */
	return r;
}

static int use_zones(struct setup *s)
{
	mxsel_resolver *zones;
	int r = mxsel_ldns_zone_new(&zones, s->zones, s->zone_count);

	if (r == 0) {
		r = mxsel_options_set_resolver(s->answers.options, zones);
		mxsel_resolver_free(zones); /* the options keep it alive */
	}
	return r;
}

static int use_servers(struct setup *s)
{
	const char *file = s->server_count > 0 ? "" : s->resolv_conf;
	size_t i;
	int r = mxsel_engine_new(&s->answers.engine, file);

	for (i = 0; r == 0 && i < s->server_count; i++)
		r = mxsel_engine_add_server(s->answers.engine,
			s->servers[i]);
	return r;
}

static int run(struct setup *s)
{
	int fd, r;

	r = s->zone_count > 0 ? use_zones(s) : use_servers(s);
	if (r != 0) {
		fprintf(stderr, "postfix_map: the resolver: %s\n",
			mxsel_strerror(r));
		return TRY_LATER;
	}
	fd = listen_at(s->listen, s->mode);
	if (fd < 0)
		return TRY_LATER;
	r = serve(&s->answers, fd);
	close(fd);
	if (strncmp(s->listen, "unix:", 5) == 0)
		unlink(s->listen + 5);
	if (r != 0)
		fprintf(stderr, "postfix_map: %s\n", mxsel_strerror(r));
	return r == 0 ? 0 : TRY_LATER;
}

int main(int argc, char **argv)
{
	static struct setup s = { .answers = { .transport = "smtp" },
		.mode = 0660 };
	int status = TRY_LATER, r;

	if (argc == 2 && strcmp(argv[1], "--help") == 0) {
		fputs(HELP, stdout);
		return 0;
	}
	r = make_options(&s);
	if (r != 0)
		fprintf(stderr, "postfix_map: %s\n", mxsel_strerror(r));
	else
		status = read_arguments(&s, argv + 1);
	if (r == 0 && status == 0)
		status = run(&s);
	mxsel_engine_free(s.answers.engine);
	mxsel_options_free(s.answers.options);
	return status;
}

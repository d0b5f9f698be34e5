/*
 * The scenes, see scene.h: blocking and on an engine, over UDP and TCP, with
 * epoll and poll(), resolv.conf, master files, interfaces, caches, memories,
 * libunbound.
 */
#define _DEFAULT_SOURCE

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <mxsel/cache.h>
#include <mxsel/memory.h>

#include "syscalls/scene.h"

void scene_give_back(struct objects *o)
{
	mxsel_free(o->selection);
	mxsel_options_free(o->t.options);
	mxsel_options_free(o->t.pull);
	mxsel_resolver_free(o->t.resolver);
	mxsel_resolver_free(o->zone);
	mxsel_engine_free(o->t.engine);
	mxsel_cache_free(o->cache);
	mxsel_memory_free(o->memory);
#ifdef HAVE_UNBOUND
	mxsel_unbound_free(o->unbound);
	o->unbound = NULL;
#endif
	o->selection = NULL;
	o->t.options = o->t.pull = NULL;
	o->t.resolver = o->zone = NULL;
	o->t.engine = NULL;
	o->cache = NULL;
	o->memory = NULL;
}

/* --- options ------------------------------------------------------------- */

static int make_options(mxsel_options **out, mxsel_resolver *r, int seeded)
{
	int result = mxsel_options_new(out);

	if (result != 0)
		return result;
	mxsel_options_set(*out, MXSEL_OPT_TIME_LIMIT, TIME_LIMIT);
	if (seeded)
		mxsel_options_set_seed(*out, 1);
	return mxsel_options_set_resolver(*out, r);
}

static int add_servers(struct objects *o)
{
	int result = 0;
	unsigned i;

	for (i = 0; i < o->server_count && result == 0; i++)
		result = o->t.engine != NULL ?
			mxsel_engine_add_server(o->t.engine, o->servers[i]) :
			mxsel_ldns_add_server(o->t.resolver, o->servers[i]);
	return result;
}

/* --- blocking, engine ---------------------------------------------------- */

static int make_blocking_from(struct objects *o, const char *conf)
{
	int result = mxsel_ldns_new(&o->t.resolver, conf);

	if (result == 0)
		result = add_servers(o);
	if (result == 0)
		result = mxsel_ldns_set_query_time(o->t.resolver, TIME_LIMIT);
	if (result == 0)
		result = make_options(&o->t.options, o->t.resolver, 1);
	return result;
}

static int make_blocking(struct objects *o)
{
	return make_blocking_from(o, "");
}

static int look_blocking(struct objects *o)
{
	return trial_look(&o->t, "example.com");
}

static int make_engine_from(struct objects *o, const char *conf)
{
	int result;

	wrap.no_epoll = o->poll_only;
	result = mxsel_engine_new(&o->t.engine, conf);
	wrap.no_epoll = 0;
	if (result == 0)
		result = add_servers(o);
	if (result == 0)
		result = mxsel_engine_set(o->t.engine,
			MXSEL_ENGINE_QUERY_TIME, TIME_LIMIT);
	if (result == 0)
		result = make_options(&o->t.pull, NULL, 1);
	return result;
}

static int make_engine(struct objects *o)
{
	return make_engine_from(o, "");
}

static int look_engine(struct objects *o)
{
	return trial_look_engine(&o->t, "example.com", 3);
}

static void without_epoll(struct objects *o)
{
	o->poll_only = 1;
}

/* Sockets and epoll would get these numbers. */
static void without_standard_input(struct objects *o)
{
	(void)o;
	close(0);
}

/* --- files --------------------------------------------------------------- */

static void write_file(struct objects *o, const char *text)
{
	static char path[128];
	FILE *file;

	strcpy(o->folder, "/tmp/mxsel-syscalls-XXXXXX");
	EXPECT(mkdtemp(o->folder) != NULL);
	snprintf(path, sizeof path, "%s/file", o->folder);
	file = fopen(path, "w");
	EXPECT(file != NULL && fputs(text, file) >= 0);
	EXPECT(fclose(file) == 0);
	o->path = path;
}

static void write_conf(struct objects *o)
{
	write_file(o, "nameserver 127.255.255.254\noptions trust-ad\n");
}

static int make_from_conf(struct objects *o)
{
	return make_blocking_from(o, o->path);
}

static int make_engine_from_conf(struct objects *o)
{
	return make_engine_from(o, o->path);
}

static void write_zone(struct objects *o)
{
	write_file(o, "$TTL 300\nexample.com. SOA ns hostmaster 1 2 3 4 5\n"
		"@ MX 10 mx\nmx AAAA 2001:db8::1\nmx A 192.0.2.1\n");
}

static int make_zone(struct objects *o)
{
	const char *const files[] = { o->path };
	int result = mxsel_ldns_zone_new(&o->zone, files, 1);

	return result != 0 ? result : make_options(&o->t.options, o->zone, 1);
}

/* --- the rest of the core, and interfaces -------------------------------- */

static int make_interfaces(struct objects *o)
{
	int result = make_blocking(o);

	if (result == 0)
		result = mxsel_ldns_add_interfaces(o->t.options);
	return result < 0 ? result : 0;
}

static int make_cached(struct objects *o)
{
	int result = make_blocking(o);

	if (result == 0)
		result = mxsel_cache_new(&o->cache, 65536, mxsel_ldns_clock,
			NULL);
	if (result == 0)
		result = mxsel_options_set_cache(o->t.options, o->cache);
	/* A failure would be remembered (RFC 9520 3.2). */
	if (result == 0)
		result = mxsel_cache_set(o->cache, MXSEL_CACHE_FAILURE_TTL,
			0);
	return result;
}

static void write_memory(struct objects *o)
{
	write_file(o, "mxsel-memory 1 0\nhost mx.example.com 25 last=lost\n");
}

/* Loaded, saved; what is in the file is whole, whatever failed. */
static int make_remembering(struct objects *o)
{
	int result = make_blocking(o);

	if (result == 0)
		result = mxsel_memory_new(&o->memory, 65536, mxsel_ldns_clock,
			NULL);
	if (result == 0)
		result = mxsel_options_set_memory(o->t.options, o->memory);
	if (result == 0)
		result = mxsel_memory_load(o->memory, o->path);
	if (result == 0)
		result = mxsel_memory_save(o->memory, o->path);
	return result;
}

/* Nobody gave a seed: it is drawn. */
static int make_unseeded(struct objects *o)
{
	int result = mxsel_ldns_new(&o->t.resolver, "");

	if (result == 0)
		result = add_servers(o);
	return result != 0 ? result :
		make_options(&o->t.options, o->t.resolver, 0);
}

/* --- libunbound ---------------------------------------------------------- */

#ifdef HAVE_UNBOUND

#define ANCHOR "e.test. DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E88" \
	"0409BBC683457104237C7F8EC8D"

static void write_anchor(struct objects *o)
{
	write_file(o, ANCHOR "\n");
}

static int make_unbound(struct objects *o)
{
	int result = mxsel_unbound_new(&o->unbound);

	if (result == 0)
		result = mxsel_unbound_add_server(o->unbound, o->servers[0]);
	if (result == 0)
		result = make_options(&o->t.options,
			mxsel_unbound_resolver(o->unbound), 1);
	if (result == 0)
		result = make_options(&o->t.pull, NULL, 1);
	if (result == 0) /* libunbound is slow to begin */
		result = mxsel_options_set(o->t.options, MXSEL_OPT_TIME_LIMIT,
			3000);
	if (result == 0)
		result = mxsel_options_set(o->t.pull, MXSEL_OPT_TIME_LIMIT,
			3000);
	o->t.time = 3000;
	return result;
}

static int make_unbound_anchors(struct objects *o)
{
	int result = make_unbound(o);

	if (result == 0)
		result = mxsel_unbound_add_anchor(o->unbound, ANCHOR);
	if (result == 0)
		result = mxsel_unbound_add_anchor_file(o->unbound, o->path);
	return result;
}

static int next_unbound(struct objects *o)
{
	int result = mxsel_unbound_next(o->unbound, o->selection), error;

	while (result == MXSEL_LOOKUP) {
		error = mxsel_unbound_wait(o->unbound, -1);
		if (error != 0)
			return error;
		if (mxsel_unbound_ready(o->unbound) == o->selection)
			result = mxsel_unbound_next(o->unbound, o->selection);
	}
	return result;
}

static int look_unbound(struct objects *o)
{
	long began = judge_now();
	struct trial *t = &o->t;
	int result;

	t->said[0] = '\0';
	t->code = t->partly = t->insane = 0;
	result = mxsel_new(&o->selection, "example.com", t->pull);
	if (result != 0)
		return result;
	while ((result = next_unbound(o)) == MXSEL_ATTEMPT) {
		trial_add_text(t->said, sizeof t->said,
			mxsel_address(o->selection));
		trial_add_text(t->said, sizeof t->said, " ");
	}
	t->took = judge_now() - began;
	t->code = mxsel_verdict_code(o->selection);
	t->partly = (mxsel_flags(o->selection) & MXSEL_FLAG_INCOMPLETE) != 0 ||
		mxsel_verdict_reason(o->selection) ==
		MXSEL_REASON_DNS_TEMPORARY;
	mxsel_free(o->selection);
	o->selection = NULL;
	return result;
}

#endif

/* Those that take longest are first. */
const struct scene scenes[] = {
	{ "engine over TCP", truncated, honest, 1, make_engine, look_engine,
		NULL, 0 },
	{ "blocking over TCP", truncated, honest, 1, make_blocking,
		look_blocking, NULL, 0 },
#ifdef HAVE_UNBOUND
	{ "unbound, anchors", honest, honest, 1, make_unbound_anchors,
		look_blocking, write_anchor, 1 },
	{ "unbound, blocking", honest, honest, 1, make_unbound, look_blocking,
		NULL, 1 },
	{ "unbound, event loop", honest, honest, 1, make_unbound,
		look_unbound, NULL, 1 },
#endif
	{ "engine over UDP", honest, NULL, 1, make_engine, look_engine, NULL,
		0 },
	{ "engine, two servers", honest, NULL, 2, make_engine, look_engine,
		NULL, 0 },
	{ "engine without epoll", honest, NULL, 1, make_engine, look_engine,
		without_epoll, 0 },
	{ "standard input closed", honest, NULL, 1, make_engine, look_engine,
		without_standard_input, 0 },
	{ "resolv.conf, engine", honest, NULL, 1, make_engine_from_conf,
		look_engine, write_conf, 0 },
	{ "blocking over UDP", honest, NULL, 1, make_blocking, look_blocking,
		NULL, 0 },
	{ "blocking, two servers", honest, NULL, 2, make_blocking,
		look_blocking, NULL, 0 },
	{ "resolv.conf", honest, NULL, 1, make_from_conf, look_blocking,
		write_conf, 0 },
	{ "interfaces", honest, NULL, 1, make_interfaces, look_blocking, NULL,
		0 },
	{ "cache", honest, NULL, 1, make_cached, look_blocking, NULL, 0 },
	{ "memory in a file", honest, NULL, 1, make_remembering,
		look_blocking, write_memory, 0 },
	{ "no seed", honest, NULL, 1, make_unseeded, look_blocking, NULL, 0 },
	{ "master file", NULL, NULL, 0, make_zone, look_blocking, write_zone,
		0 },
};

const size_t scenes_count = sizeof scenes / sizeof *scenes;

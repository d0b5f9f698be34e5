/*
 * Selections under the simulator, see lookup.h. May use public headers and
 * libc only.
 */
#include "sim/lookup.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LIMIT 30050u /* S7: milliseconds */

/* ------------------------------------------------------------------ clients */

static int open_engine(struct sim_client *c, const struct sim_settings *s)
{
	unsigned i;
	int result;

	/* No epoll here: poll(). */
	if (c->way == SIM_BY_POLL)
		sim_fail(SIM_EPOLL_CREATE, 0, 1, ENOSYS);
	result = mxsel_engine_new(&c->engine, "");
	for (i = 0; result == 0 && i < sim_world.servers; i++)
		result = mxsel_engine_add_server(c->engine,
			sim_server_text(i));
	if (result == 0 && s->mix_case)
		result = mxsel_engine_set(c->engine, MXSEL_ENGINE_MIX_CASE, 1);
	if (result == 0 && s->query_time > 0)
		result = mxsel_engine_set(c->engine, MXSEL_ENGINE_QUERY_TIME,
			s->query_time);
	return result;
}

static int open_resolver(struct sim_client *c, const struct sim_settings *s)
{
	unsigned i;
	int result = mxsel_ldns_new(&c->resolver, "");

	for (i = 0; result == 0 && i < sim_world.servers; i++)
		result = mxsel_ldns_add_server(c->resolver,
			sim_server_text(i));
	if (result == 0 && s->mix_case)
		result = mxsel_ldns_set_mix_case(c->resolver, 1);
	if (result == 0 && s->query_time > 0)
		result = mxsel_ldns_set_query_time(c->resolver,
			s->query_time);
	if (result == 0)
		result = mxsel_options_set_resolver(c->options, c->resolver);
	return result;
}

int sim_client_open(struct sim_client *c, enum sim_way way,
	const struct sim_settings *s)
{
	int result;

	memset(c, 0, sizeof *c);
	c->way = way;
	c->heap = sim_heap();
	if (way != SIM_BY_BLOCKING && s->at_once <= SIM_OTHERS_MAX)
		c->at_once = s->at_once;
	result = mxsel_options_new(&c->options);
	if (result == 0)
		result = mxsel_options_set(c->options, MXSEL_OPT_SHUFFLE,
			MXSEL_SHUFFLE_NONE);
	if (result == 0 && s->option != 0)
		result = mxsel_options_set(c->options, s->option, s->value);
	if (result == 0)
		result = way == SIM_BY_BLOCKING ? open_resolver(c, s)
			: open_engine(c, s);
	if (result != 0)
		(void)sim_client_close(c);
	return result;
}

int sim_client_close(struct sim_client *c)
{
	uint64_t sockets = sim_client_count(c, MXSEL_LDNS_SOCKETS);

	mxsel_options_free(c->options);
	mxsel_resolver_free(c->resolver);
	mxsel_engine_free(c->engine);
	c->options = NULL;
	c->resolver = NULL;
	c->engine = NULL;
	/* It must have known that none was open. */
	return sim_heap() == c->heap && sim_open_count() == 0 &&
		sockets == 0 ? 0 : -1;
}

void sim_client_rest(struct sim_client *c)
{
	unsigned i;

	for (i = 0; i < 30 && c->engine != NULL; i++) {
		sim_sleep(100 * SIM_MILLISECOND);
		(void)mxsel_engine_process(c->engine);
	}
}

uint64_t sim_client_count(const struct sim_client *c, int which)
{
	return c->engine != NULL ? mxsel_engine_statistic(c->engine, which)
		: mxsel_ldns_statistic(c->resolver, which);
}

/* ----------------------------------------------------------------- look-ups */

__attribute__((format(printf, 2, 3)))
static void say(struct sim_result *out, const char *format, ...)
{
	size_t size = strlen(out->text);
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(out->text + size, SIM_TEXT_MAX - size, format,
		arguments);
	va_end(arguments);
}

/* One of the others can go on: they are not looked at, only served. */
static void go_on(struct sim_client *c, mxsel *m)
{
	while (mxsel_engine_next(c->engine, m) == MXSEL_ATTEMPT)
		;
}

static int next(struct sim_client *c, mxsel *m)
{
	mxsel *ready;

	int result, turns;

	if (c->engine == NULL)
		return mxsel_next(m);
	result = mxsel_engine_next(c->engine, m);
	for (turns = 0; result == MXSEL_LOOKUP && turns < 1000000; turns++) {
		(void)mxsel_engine_wait(c->engine, -1);
		while ((ready = mxsel_engine_ready(c->engine)) != NULL)
			if (ready == m)
				result = mxsel_engine_next(c->engine, m);
			else
				go_on(c, ready);
	}
	return result;
}

static void conclude(const mxsel *m, struct sim_result *out)
{
	static const char *const actions[] = { "try", "delivered", "defer",
		"bounce" };

	out->action = mxsel_verdict_action(m);
	out->source = mxsel_source(m);
	out->flags = mxsel_flags(m);
	(void)snprintf(out->verdict, sizeof out->verdict, "%s %d %s %s",
		actions[out->action], mxsel_verdict_code(m),
		mxsel_verdict_status(m),
		mxsel_reason_name(mxsel_verdict_reason(m)));
}

static void run(struct sim_client *c, mxsel *m, struct sim_result *out)
{
	int result;

	while ((result = next(c, m)) == MXSEL_ATTEMPT) {
		out->attempts++;
		say(out, "try %d %s %s\n", mxsel_host_preference(m),
			mxsel_host_name(m), mxsel_address(m));
	}
	/* No numbers (F87): the caller comes again. */
	if (result == MXSEL_END)
		conclude(m, out);
	else
		(void)snprintf(out->verdict, sizeof out->verdict,
			"error %d", result);
}

void sim_lookup(struct sim_client *c, const char *destination,
	struct sim_result *out)
{
	mxsel *m, *others[SIM_OTHERS_MAX];
	uint64_t began = sim_now();
	unsigned count = 0;
	int result;

	memset(out, 0, sizeof *out);
	for (; count < c->at_once; count++) {
		if (mxsel_new(&others[count], destination, c->options) != 0)
			break;
		go_on(c, others[count]);
	}
	result = mxsel_new(&m, destination, c->options);
	if (result == 0)
		run(c, m, out);
	else
		(void)snprintf(out->verdict, sizeof out->verdict,
			"error %d", result);
	if (result == 0)
		mxsel_free(m);
	while (count > 0)
		mxsel_free(others[--count]);
	say(out, "verdict %s\n", out->verdict);
	out->milliseconds = (unsigned)((sim_now() - began) / SIM_MILLISECOND);
	sim_trace_add(out->text, strlen(out->text));
}

/* ---------------------------------------------------------------- judgement */

/* Every attempt of it is one of the plan, in the plan's order. */
static int is_part(const char *text, const char *plan)
{
	size_t line, other;

	while (strncmp(text, "try ", 4) == 0) {
		line = strcspn(text, "\n") + 1;
		for (;;) {
			if (strncmp(plan, "try ", 4) != 0)
				return 0;
			other = strcspn(plan, "\n") + 1;
			plan += other;
			if (other == line &&
					memcmp(plan - other, text, line) == 0)
				break;
		}
		text += line;
	}
	return 1;
}

const char *sim_result_judge(const struct sim_result *result,
	const struct sim_result *plan)
{
	if (strstr(result->text, SIM_EVIL_HOST) != NULL ||
			strstr(result->text, SIM_EVIL_A) != NULL ||
			strstr(result->text, SIM_EVIL_AAAA) != NULL)
		if (strstr(plan->text, "evil") == NULL)
			return "a forgery was believed";
	if (result->milliseconds > LIMIT)
		return "it took too long";
	if (strcmp(result->text, plan->text) == 0)
		return NULL;
	if (result->action != MXSEL_ACTION_DEFER)
		return "neither the plan nor a temporary failure";
	if (result->source == MXSEL_SOURCE_IMPLICIT &&
			plan->source != MXSEL_SOURCE_IMPLICIT)
		return "an implicit MX that nobody has proven";
	if (!is_part(result->text, plan->text))
		return "attempts that are not in the plan";
	return NULL;
}

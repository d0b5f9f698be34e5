/*
 * The engine as programs see it, but for the selections, which are task.c's.
 * May use public headers and libc only.
 */
#include <stdlib.h>

#include <mxsel/ldns.h>

#include "ldns/conf.h"
#include "ldns/engine.h"
#include "ldns/server.h"
#include "ldns/sys.h"

#define QUERY_TIME_MAX 600000

uint64_t mxsel_ldns_clock(void *user)
{
	(void)user;
	return mxsel__sys_clock_coarse();
}

uint64_t mxsel_ldns_time_of_day(void *user)
{
	(void)user;
	return mxsel__sys_time_of_day();
}

static int engine_new(struct mxsel_engine **out)
{
	struct mxsel_engine *e = malloc(sizeof *e);
	struct mxsel__servers *servers = malloc(sizeof *servers);
	int result = MXSEL_ENOMEM;

	if (e == NULL || servers == NULL ||
			mxsel__servers_init(servers) != 0)
		goto out;
	result = mxsel__engine_init(e, servers, MXSEL__POLLER_AUTO);
	if (result == 0) {
		e->own = servers;
		*out = e;
		return 0;
	}
	mxsel__servers_destroy(servers);
out:
	free(servers);
	free(e);
	return result;
}

int mxsel_engine_new(mxsel_engine **out, const char *resolv_conf)
{
	struct mxsel_engine *e;
	int result;

	if (out == NULL)
		return MXSEL_EUSAGE;
	result = engine_new(&e);
	if (result != 0)
		return result;
	result = mxsel__conf_read(e->servers, resolv_conf);
	if (result == 0)
		*out = e;
	else
		mxsel_engine_free(e);
	return result;
}

void mxsel_engine_free(mxsel_engine *e)
{
	struct mxsel__servers *servers;

	if (e == NULL)
		return;
	servers = e->own;
	mxsel__engine_destroy(e);
	mxsel__servers_destroy(servers);
	free(servers);
	free(e);
}

int mxsel_engine_add_server(mxsel_engine *e, const char *server)
{
	struct mxsel__server parsed;
	int result;

	if (e == NULL || server == NULL)
		return MXSEL_EUSAGE;
	result = mxsel__conf_server(&parsed, server);
	return result != 0 ? result : mxsel__servers_add(e->servers, &parsed);
}

int mxsel_engine_set(mxsel_engine *e, int setting, int value)
{
	if (e == NULL)
		return MXSEL_EUSAGE;
	if (setting == MXSEL_ENGINE_QUERY_TIME && value >= 1 &&
			value <= QUERY_TIME_MAX)
		e->query_time = (uint32_t)value;
	else if (setting == MXSEL_ENGINE_IN_FLIGHT && value >= 1 &&
			value <= (int)MXSEL__IN_FLIGHT_MAX)
		e->in_flight = (unsigned)value;
	else if (setting == MXSEL_ENGINE_MIX_CASE && (value == 0 || value == 1))
		mxsel__servers_set_mix_case(e->servers, value);
	else if (setting == MXSEL_ENGINE_TRUST_AD && value >= -1 && value <= 1)
		mxsel__servers_set_trust_ad(e->servers, value);
	else
		return MXSEL_ERANGE;
	return 0;
}

int mxsel_engine_fd(const mxsel_engine *e)
{
	return e == NULL ? -1 : mxsel__poller_fd(&e->poller);
}

int mxsel_engine_timeout(const mxsel_engine *e)
{
	return e == NULL ? -1 : mxsel__engine_wake(e);
}

int mxsel_engine_process(mxsel_engine *e)
{
	return e == NULL ? MXSEL_EUSAGE : mxsel__engine_turn(e, 0);
}

int mxsel_engine_wait(mxsel_engine *e, int milliseconds)
{
	return e == NULL ? MXSEL_EUSAGE : mxsel__engine_turn(e, milliseconds);
}

size_t mxsel_engine_count(const mxsel_engine *e)
{
	return e == NULL ? 0 : e->task_count;
}

size_t mxsel_engine_queued(const mxsel_engine *e)
{
	return e == NULL ? 0 : e->queued;
}

uint64_t mxsel_engine_statistic(const mxsel_engine *e, int which)
{
	if (e == NULL || which < 0 || which > MXSEL_LDNS_CONNECTED)
		return 0;
	return mxsel__servers_counter(e->servers, (unsigned)which);
}

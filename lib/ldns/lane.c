/*
 * Windows and times, see lane.h: the estimates are those of RFC 6298, the
 * window is cut as TCP cuts its own, but by the share that was lost, so that
 * a link which loses now and then is not taken for a full one. May use public
 * headers and libc only.
 */
#include "ldns/lane.h"

#include <string.h>

#define WINDOW_FIRST 64u
#define WINDOW_LEAST 64u      /* what is slow may look lost */
#define PATIENCE_LEAST 2000u  /* microseconds */
#define PATIENCE_MORE 50000u  /* than four times the fastest answer */
#define TIMEOUT_LEAST 10000u  /* microseconds */
#define TIMEOUT_MOST 10000000u

void mxsel__lane_init(struct mxsel__lane *lane)
{
	memset(lane, 0, sizeof *lane);
	mxsel__list_init(&lane->queue);
	mxsel__list_init(&lane->ports);
	mxsel__list_init(&lane->streams);
	lane->window = WINDOW_FIRST;
	lane->ceiling = UINT32_MAX;
	lane->starting = 1;
}

int mxsel__lane_has_room(const struct mxsel__lane *lane, unsigned most)
{
	return lane->pipe < lane->window && lane->in_flight < most;
}

void mxsel__lane_sent(struct mxsel__lane *lane)
{
	lane->pipe++;
	lane->in_flight++;
}

void mxsel__lane_left(struct mxsel__lane *lane, int was_late)
{
	lane->in_flight--;
	if (!was_late)
		lane->pipe--;
}

void mxsel__lane_late(struct mxsel__lane *lane)
{
	lane->pipe--;
	lane->late++;
}

static unsigned at_least(unsigned value, unsigned least)
{
	return value > least ? value : least;
}

/* Beyond the point of the last loss carefully, faster the longer it goes
   well. */
static unsigned grown(const struct mxsel__lane *lane)
{
	if (lane->starting)
		return lane->window * 2;
	if (lane->window < lane->ceiling)
		return lane->window + lane->window / 32 + 1;
	return lane->window + lane->clean / 16;
}

static void cut_to(struct mxsel__lane *lane, unsigned window)
{
	if (window < lane->window)
		lane->window = window;
	lane->ceiling = lane->window;
	lane->clean = 0;
	lane->starting = 0;
}

/* The round is over: what it says of the window. */
static void judge(struct mxsel__lane *lane, unsigned most)
{
	unsigned window = lane->window;

	/* Full buffers show as longer times before they show as loss. */
	if (lane->mean > 4u * lane->least + 200u)
		lane->starting = 0;
	if (lane->lost * 16u > lane->ended) {
		cut_to(lane, at_least(window * 3 / 4, WINDOW_LEAST));
	} else if (lane->lost > 0) {
		cut_to(lane, at_least(window - window / 64 - 1,
			WINDOW_LEAST));
	} else if (lane->used_up && lane->late * 8u <= lane->ended) {
		lane->clean++;
		lane->window = grown(lane);
	}
	if (lane->window > most)
		lane->window = most;
	lane->ended = lane->lost = lane->late = 0;
	lane->used_up = 0;
}

static void count(struct mxsel__lane *lane, unsigned most)
{
	if (++lane->ended >= lane->window)
		judge(lane, most);
}

/* RFC 6298 2: mean and spread of the time an answer takes. */
static void learn(struct mxsel__lane *lane, uint64_t took)
{
	uint32_t time = took < TIMEOUT_MOST ? (uint32_t)took : TIMEOUT_MOST;
	uint32_t away = time > lane->mean ? time - lane->mean
		: lane->mean - time;

	if (time == 0)
		time = 1;
	if (lane->mean == 0) {
		lane->mean = lane->least = time;
		lane->spread = time / 2;
		return;
	}
	lane->spread = lane->spread - lane->spread / 4 + away / 4;
	/* Not 0, which would be no idea: it was not, and loses an eighth. */
	lane->mean = lane->mean - lane->mean / 8 + time / 8;
	if (time < lane->least)
		lane->least = time;
}

void mxsel__lane_answered(struct mxsel__lane *lane, int was_late,
	uint64_t took, uint64_t now, unsigned most)
{
	mxsel__lane_left(lane, was_late);
	mxsel__lane_told(lane, took, now);
	count(lane, most);
}

void mxsel__lane_told(struct mxsel__lane *lane, uint64_t took, uint64_t now)
{
	lane->heard = now;
	learn(lane, took);
}

/*
 * It takes at least as long as it was waited for: where answers are slow, not
 * lost, the next is waited for longer.
 */
void mxsel__lane_lost(struct mxsel__lane *lane, int was_late, uint64_t took,
	unsigned most)
{
	mxsel__lane_left(lane, was_late);
	if (lane->mean != 0 && took != 0)
		learn(lane, took);
	lane->lost++;
	count(lane, most);
}

/* So much later than usual may an answer be, at least half as long again:
   where all take the same time, a little more is no loss. */
static uint64_t usual(const struct mxsel__lane *lane)
{
	uint64_t more = 4ull * lane->spread;

	return lane->mean + (more > lane->mean / 2 ? more : lane->mean / 2);
}

uint64_t mxsel__lane_patience(const struct mxsel__lane *lane)
{
	uint64_t time = usual(lane);
	uint64_t most = 4ull * lane->least + PATIENCE_MORE;

	/* Names that take a recursor long must not hold the places of those
	   that it answers at once. */
	if (time > most)
		time = most;
	return time > PATIENCE_LEAST ? time : PATIENCE_LEAST;
}

uint64_t mxsel__lane_timeout(const struct mxsel__lane *lane)
{
	uint64_t time = usual(lane);

	if (lane->mean == 0)
		return 0;
	return time > TIMEOUT_LEAST ? time : TIMEOUT_LEAST;
}

/*
 * Scripts and commands, see script.h. What is kept of a host or address is a
 * hash by port; each value is
 *
 *     1 SCORE TIME OUTCOME TOLD FAILED TALKED WORDS
 *
 * the version, the score at that time, the times of the last outcome, of what
 * was told last, of the last failure and of the last success, and the words
 * of mxsel_memory_format() but for kind, name, port, score and age. Times are
 * milliseconds by the server's clock. What is told comes with its age, and in
 * any order: a failure that is older than a success counts no more, and a
 * success clears no failure that is younger. May use the public headers, libc
 * and hiredis.
 */
#include "redis/script.h"

#include <stdio.h>
#include <string.h>

#include "redis/clock.h"

/* A clock that was set back, or another server's after a failover, must not
   leave times that do not come for days: none is later than now. No value is
   ours that is longer than any reply to a question may be. */
#define READ \
	"local time = redis.call('TIME')\n" \
	"local now = time[1] * 1000 + math.floor(time[2] / 1000)\n" \
	"local function parse(v)\n" \
	" if type(v) ~= 'string' or #v > 960 then return nil end\n" \
	" local s, t, o, w, f, c, e = string.match(v,\n" \
	"  '^1 (%d+) (%d+) (%d+) (%d+) (%d+) (%d+) ?(.*)$')\n" \
	" if not s then return nil end\n" \
	" local function past(x) return math.min(tonumber(x), now) end\n" \
	" return tonumber(s), past(t), past(o), past(w), past(f), past(c),\n" \
	"  e\n" \
	"end\n"

/*
 * KEYS: the key. ARGV: change, port, half-life, how long it waited, age of the
 * newest outcome then, how long it is kept (milliseconds all), words.
 */
static const char tell[] = READ
	"local key, port, half = KEYS[1], ARGV[2], tonumber(ARGV[3])\n"
	"local at = now - ARGV[4]\n"
	"if ARGV[1] == '4' then\n"
	" local all = redis.pcall('HGETALL', key)\n"
	" if all.err then return all end\n"
	" for i = 1, #all, 2 do\n"
	"  local s, t, o, w = parse(all[i + 1])\n"
	"  if not w or w <= at then redis.call('HDEL', key, all[i]) end\n"
	" end\n"
	" return 1\n"
	"end\n"
	"local s, t, o, w, f, c, e = parse(redis.pcall('HGET', key, port))\n"
	"if not s then s, t, o, w, f, c, e = 0, now, 0, 0, 0, 0, '' end\n"
	"if ARGV[1] == '1' and at >= c then\n"
	" s = s * 2 ^ ((t - now) / half) + 1000 * 2 ^ ((at - now) / half)\n"
	" s, t, f = math.min(s, 4000), now, math.max(f, at)\n"
	"elseif ARGV[1] == '2' then\n"
	" if at >= f then s, t = 0, now end\n"
	" c = math.max(c, at)\n"
	"end\n"
	"if at >= w then w, e = at, ARGV[7] end\n"
	"o = math.max(o, at - ARGV[5])\n"
	"local r = redis.pcall('HSET', key, port, string.format(\n"
	" '1 %.0f %.0f %.0f %.0f %.0f %.0f %s', s, t, o, w, f, c, e))\n"
	"if type(r) == 'table' then return r end\n"
	"redis.call('PEXPIRE', key, ARGV[6])\n"
	"return 1\n";

/* KEYS: the key. ARGV: port, half-life, how long it is kept. A score below
   1/16 is none. */
static const char look[] = READ
	"local s, t, o, w, f, c, e =\n"
	" parse(redis.pcall('HGET', KEYS[1], ARGV[1]))\n"
	"if not s or now - o > tonumber(ARGV[3]) then return false end\n"
	"s = s * 2 ^ ((t - now) / ARGV[2])\n"
	"if s < 62.5 then s = 0 end\n"
	"return string.format('score=%.0f age=%.0f %s', s, now - o, e)\n";

static const struct {
	const char *text;
	size_t length;
} scripts[MXSEL__RD_SCRIPTS] = {
	[MXSEL__RD_TELL] = { tell, sizeof tell - 1 },
	[MXSEL__RD_LOOK] = { look, sizeof look - 1 }
};

#define WORDS 11
#define NUMBER 24

struct command {
	int count;
	const char *words[WORDS];
	size_t lengths[WORDS];
	char numbers[WORDS][NUMBER];
};

static void add(struct command *c, const char *word, size_t length)
{
	c->words[c->count] = word;
	c->lengths[c->count++] = length;
}

static void add_text(struct command *c, const char *word)
{
	add(c, word, strlen(word));
}

static void add_number(struct command *c, uint64_t number)
{
	char *text = c->numbers[c->count];

	(void)snprintf(text, NUMBER, "%llu", (unsigned long long)number);
	add_text(c, text);
}

int mxsel__rd_append_script(struct mxsel_redis *r, int script)
{
	struct command c = { .count = 0 };

	add_text(&c, "SCRIPT");
	add_text(&c, "LOAD");
	add(&c, scripts[script].text, scripts[script].length);
	return mxsel__rd_stream_append(&r->worker.stream, c.count, c.words,
		c.lengths);
}

static void add_call(struct command *c, const struct mxsel_redis *r,
	const struct mxsel__rd_job *job, int script)
{
	if (job->whole || r->worker.sha[script][0] == '\0') {
		add_text(c, "EVAL");
		add(c, scripts[script].text, scripts[script].length);
	} else {
		add_text(c, "EVALSHA");
		add_text(c, r->worker.sha[script]);
	}
	add_text(c, "1");
	add(c, job->key, job->key_length);
}

static uint64_t keep(const struct mxsel_redis *r)
{
	return (uint64_t)r->set.values[MXSEL_REDIS_KEEP] * 1000u;
}

/* Nothing halves in no time. */
static uint64_t half_life(uint32_t milliseconds)
{
	return milliseconds == 0 ? 1 : milliseconds;
}

static void tell_command(struct command *c, const struct mxsel_redis *r,
	const struct mxsel__rd_outcome *outcome, uint64_t now)
{
	add_call(c, r, &outcome->job, MXSEL__RD_TELL);
	add_number(c, (uint64_t)outcome->change);
	add_number(c, outcome->job.port);
	add_number(c, half_life(outcome->half_life));
	add_number(c, now < outcome->when ? 0 :
		(now - outcome->when) / MXSEL__RD_MS);
	add_number(c, outcome->age);
	add_number(c, keep(r));
	add(c, outcome->rest, outcome->rest_length);
}

static void look_command(struct command *c, const struct mxsel_redis *r,
	const struct mxsel__rd_ask *ask)
{
	add_call(c, r, &ask->job, MXSEL__RD_LOOK);
	add_number(c, ask->job.port);
	add_number(c, half_life(ask->request->half_life));
	add_number(c, keep(r));
}

int mxsel__rd_append_job(struct mxsel_redis *r, const struct mxsel__rd_job *job,
	uint64_t now)
{
	struct command c = { .count = 0 };

	if (job->kind == MXSEL__RD_OUTCOME)
		tell_command(&c, r, (const struct mxsel__rd_outcome *)
			(const void *)job, now);
	else
		look_command(&c, r, (const struct mxsel__rd_ask *)
			(const void *)job);
	return mxsel__rd_stream_append(&r->worker.stream, c.count, c.words,
		c.lengths);
}

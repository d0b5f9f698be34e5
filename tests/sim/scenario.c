/*
 * Scenario files read, see scenario.h. May use libc only.
 */
#include "sim/scenario.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <mxsel/ldns.h>

#define WORDS 12

enum section { NOWHERE, ZONE, WORLD, FAULTS, EXPECT };

struct words {
	char *at[WORDS];
	unsigned count;
	char room[1200];
};

static void cut(struct words *w, const char *line)
{
	char *at = w->room;

	(void)snprintf(w->room, sizeof w->room, "%s", line);
	w->count = 0;
	while (w->count < WORDS) {
		at += strspn(at, " \t");
		if (*at == '\0' || *at == '\n')
			break;
		w->at[w->count++] = at;
		at += strcspn(at, " \t\n");
		if (*at != '\0')
			*at++ = '\0';
	}
	for (unsigned i = w->count; i < WORDS; i++)
		w->at[i] = w->room + sizeof w->room - 1;
	w->room[sizeof w->room - 1] = '\0';
}

static unsigned number(const char *text)
{
	return (unsigned)strtoul(text, NULL, 10);
}

static struct sim_range range(const char *text)
{
	struct sim_range r = { 0, 0, 1 };
	char *end;

	r.least = r.most = (unsigned)strtoul(text, &end, 10);
	if (*end == '-')
		r.most = end[1] == '\0' ? UINT32_MAX : number(end + 1);
	return r;
}

/* ------------------------------------------------------------------- faults */

static int read_error(const char *text, int *out)
{
	static const struct { const char *name; int number; } errors[] = {
		{ "EINTR", EINTR }, { "EAGAIN", EAGAIN }, { "EMFILE", EMFILE },
		{ "ENFILE", ENFILE }, { "ENOBUFS", ENOBUFS },
		{ "ENOMEM", ENOMEM }, { "ENETUNREACH", ENETUNREACH },
		{ "EPERM", EPERM }, { "EIO", EIO }, { "EPIPE", EPIPE },
		{ "ENOSYS", ENOSYS }, { "EACCES", EACCES },
		{ "EHOSTUNREACH", EHOSTUNREACH },
		{ "EADDRNOTAVAIL", EADDRNOTAVAIL },
		{ "ECONNRESET", ECONNRESET }, { "EINVAL", EINVAL },
		{ "short", 0 }
	};
	size_t i;

	for (i = 0; i < sizeof errors / sizeof errors[0]; i++)
		if (strcmp(text, errors[i].name) == 0) {
			*out = errors[i].number;
			return 0;
		}
	return -1;
}

/* "fail sendmmsg 0 5 ENOBUFS" */
static int read_fail(struct sim_case *c, const struct words *w)
{
	int call;

	for (call = 0; call < SIM_CALLS; call++)
		if (strcmp(sim_call_name((enum sim_call)call), w->at[1]) == 0)
			break;
	if (call == SIM_CALLS || c->fail_count == SIM_FAILS_MAX)
		return -1;
	c->fails[c->fail_count].call = (enum sim_call)call;
	c->fails[c->fail_count].skip = number(w->at[2]);
	c->fails[c->fail_count].count = number(w->at[3]);
	return read_error(w->at[4], &c->fails[c->fail_count++].error);
}

/* "F9 1 server 0 type MX name mx1.example.com" */
static int read_fault(struct sim_case *c, const struct words *w)
{
	const struct sim_fault_kind *kind =
		sim_fault_kind((int)number(w->at[0] + 1));
	struct sim_fault *f = &c->faults[c->fault_count].fault;
	unsigned at = 1;

	if (kind == NULL || c->fault_count == SIM_FAULTS_MAX)
		return -1;
	memset(f, 0, sizeof *f);
	f->kind = kind;
	f->n = kind->usual;
	f->server = -1;
	f->type = SIM_ANY;
	if (w->at[at][0] == '$')
		c->faults[c->fault_count].swept = (int)at++;
	else if (w->at[at][0] >= '0' && w->at[at][0] <= '9')
		f->n = number(w->at[at++]);
	for (; at < w->count; at += 2)
		if (strcmp(w->at[at], "server") == 0)
			f->server = (int)number(w->at[at + 1]);
		else if (strcmp(w->at[at], "type") == 0)
			f->type = sim_type_parse(w->at[at + 1]);
		else if (strcmp(w->at[at], "name") == 0)
			f->named = sim_name_parse(&f->name, w->at[at + 1],
				c->zone) == 0;
		else
			return -1;
	c->fault_count++;
	return f->type != 0 ? 0 : -1;
}

static int read_faults(struct sim_case *c, const struct words *w)
{
	if (w->at[0][0] == 'F')
		return read_fault(c, w);
	if (strcmp(w->at[0], "fail") == 0)
		return read_fail(c, w);
	if (strcmp(w->at[0], "sweep") == 0) {
		c->sweep_from = range(w->at[1]).least;
		c->sweep_to = range(w->at[1]).most;
	} else if (strcmp(w->at[0], "lost") == 0) {
		c->lost = number(w->at[1]);
	} else if (strcmp(w->at[0], "doubled") == 0) {
		c->doubled = number(w->at[1]);
	} else if (strcmp(w->at[0], "guesses") == 0) {
		c->guesses = number(w->at[1]);
	} else if (strcmp(w->at[0], "send-most") == 0) {
		c->send_most = number(w->at[1]);
	} else if (strcmp(w->at[0], "jump") == 0) {
		c->real_jump = strtoll(w->at[1], NULL, 10) * 86400;
		c->monotonic_jump = strtoll(w->at[2], NULL, 10) * 86400;
		c->jump_after = number(w->at[3]);
	} else {
		return -1;
	}
	return 0;
}

/* -------------------------------------------------------------------- world */

static int read_world(struct sim_case *c, const struct words *w)
{
	static const struct { const char *name; int option; } options[] = {
		{ "max-aliases", MXSEL_OPT_MAX_ALIASES },
		{ "max-queries", MXSEL_OPT_MAX_QUERIES },
		{ "time-limit", MXSEL_OPT_TIME_LIMIT },
		{ "prefetch", MXSEL_OPT_PREFETCH },
		{ "allow-loopback", MXSEL_OPT_ALLOW_LOOPBACK },
		{ "strict-null-mx", MXSEL_OPT_STRICT_NULL_MX }
	};
	size_t i;

	for (i = 0; i < sizeof options / sizeof options[0]; i++)
		if (strcmp(w->at[0], options[i].name) == 0) {
			c->settings.option = options[i].option;
			c->settings.value = (int)number(w->at[1]);
			return 0;
		}
	if (strcmp(w->at[0], "servers") == 0) {
		c->servers = number(w->at[1]);
	} else if (strcmp(w->at[0], "destination") == 0) {
		(void)snprintf(c->destination, sizeof c->destination, "%s",
			w->at[1]);
	} else if (strcmp(w->at[0], "delay") == 0) {
		c->delay_least = range(w->at[1]).least;
		c->delay_most = range(w->at[1]).most;
	} else if (strcmp(w->at[0], "mix-case") == 0) {
		c->settings.mix_case = 1;
	} else if (strcmp(w->at[0], "at-once") == 0) {
		c->settings.at_once = number(w->at[1]) - 1;
	} else if (strcmp(w->at[0], "query-time") == 0) {
		c->settings.query_time = (int)number(w->at[1]);
	} else if (strcmp(w->at[0], "no-slices") == 0) {
		c->no_slices = 1;
	} else if (strcmp(w->at[0], "low-descriptors") == 0) {
		c->low_descriptors = 1;
	} else {
		return -1;
	}
	return 0;
}

static int read_expect(struct sim_case *c, const struct words *w,
	const char *line)
{
	static const char *const counters[8] = { "sent-udp", "sent-tcp",
		"mismatched", "malformed", "timeouts", "truncated",
		"coalesced", "sockets" };
	size_t used = strlen(c->text);
	unsigned i;

	if (strcmp(w->at[0], "try") == 0 || strcmp(w->at[0], "verdict") == 0) {
		(void)snprintf(c->text + used, sizeof c->text - used, "%s\n",
			line + strspn(line, " \t"));
		return 0;
	}
	for (i = 0; i < 8; i++)
		if (strcmp(w->at[0], counters[i]) == 0) {
			c->counts[i] = range(w->at[1]);
			return 0;
		}
	if (strcmp(w->at[0], "plan") == 0) {
		c->plan = 1;
		c->defer = strcmp(w->at[2], "defer") == 0;
	} else if (strcmp(w->at[0], "time") == 0) {
		c->time = range(w->at[1]);
	} else if (strcmp(w->at[0], "asked") == 0) {
		c->asked = range(w->at[1]);
	} else if (strcmp(w->at[0], "asked-tcp") == 0) {
		c->asked_tcp = range(w->at[1]);
	} else {
		return -1;
	}
	return 0;
}

/* ------------------------------------------------------------------- reader */

static int next_line(struct sim_reader *r)
{
	size_t size;

	if (r->kept) {
		r->kept = 0;
		return 1;
	}
	do {
		if (fgets(r->text, sizeof r->text, r->file) == NULL)
			return 0;
		r->line++;
		size = strcspn(r->text, "\n");
		r->text[size] = '\0';
	} while (r->text[0] == '#' || r->text[strspn(r->text, " \t")] == '\0');
	return 1;
}

static enum section section_of(const char *text)
{
	return strcmp(text, "zone:") == 0 ? ZONE :
		strcmp(text, "world:") == 0 ? WORLD :
		strcmp(text, "faults:") == 0 ? FAULTS :
		strcmp(text, "expect:") == 0 ? EXPECT : NOWHERE;
}

static int read_line(struct sim_reader *r, struct sim_case *c,
	enum section section)
{
	struct words w;

	cut(&w, r->text);
	switch (section) {
	case ZONE:
		return sim_zone_line(c != NULL ? c->zone : &r->zone, r->text);
	case WORLD:
		return c == NULL ? -1 : read_world(c, &w);
	case FAULTS:
		return c == NULL ? -1 : read_faults(c, &w);
	case EXPECT:
		return c == NULL ? -1 : read_expect(c, &w, r->text);
	case NOWHERE:
		break;
	}
	return -1;
}

/* Lines up to the next case or the end. */
static int read_sections(struct sim_reader *r, struct sim_case *c)
{
	enum section section = NOWHERE, other;

	while (next_line(r)) {
		if (strncmp(r->text, "case: ", 6) == 0) {
			r->kept = 1;
			return 0;
		}
		other = section_of(r->text);
		if (other == ZONE && c != NULL) {
			sim_zone_free(&r->own);
			sim_zone_init(&r->own, "example.com");
			c->zone = &r->own;
		}
		if (other != NOWHERE) {
			section = other;
		} else if (read_line(r, c, section) != 0) {
			fprintf(stderr, "%s:%u: not understood: %s\n", r->path,
				r->line, r->text);
			return -1;
		}
	}
	return 0;
}

int sim_reader_open(struct sim_reader *r, const char *path)
{
	memset(r, 0, sizeof *r);
	r->path = path;
	r->file = fopen(path, "r");
	if (r->file == NULL) {
		perror(path);
		return -1;
	}
	sim_zone_init(&r->zone, "example.com");
	sim_zone_init(&r->own, "example.com");
	return read_sections(r, NULL);
}

int sim_reader_next(struct sim_reader *r, struct sim_case *c)
{
	if (!next_line(r))
		return 0;
	memset(c, 0, sizeof *c);
	(void)snprintf(c->title, sizeof c->title, "%s", r->text + 6);
	c->path = r->path;
	c->line = r->line;
	c->zone = &r->zone;
	c->servers = 1;
	c->delay_least = 5;
	c->delay_most = 15;
	(void)snprintf(c->destination, sizeof c->destination, "example.com");
	return read_sections(r, c) == 0 ? 1 : -1;
}

void sim_reader_close(struct sim_reader *r)
{
	if (r->file != NULL)
		(void)fclose(r->file);
	sim_zone_free(&r->zone);
	sim_zone_free(&r->own);
}

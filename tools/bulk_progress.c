/*
 * The line of progress. ASCII and carriage returns only, one column less than
 * the terminal is wide, for some wrap in the last one. May use libc.
 */
#define _DEFAULT_SOURCE /* TIOCGWINSZ */

#include "bulk_progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "settings.h"

#define EVERY 100      /* milliseconds between two drawings */
#define RATE_OVER 2000 /* milliseconds that the rate shown looks back */
#define LINE_MAX_WIDTH 200
#define BAR_MIN 10

void progress_begin(struct progress *p, int when, uint64_t now)
{
	memset(p, 0, sizeof(*p));
	p->is_on = when == SETTINGS_COLOR_ALWAYS ||
		(when == SETTINGS_COLOR_AUTO && isatty(STDERR_FILENO));
	p->clears = p->is_on && isatty(STDOUT_FILENO);
	p->begun = p->rate_at = now;
}

static int width_of_terminal(void)
{
	const char *columns = getenv("COLUMNS");
	long width = columns != NULL ? strtol(columns, NULL, 10) : 0;
#ifdef TIOCGWINSZ
	struct winsize size;

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		width = size.ws_col;
#endif
	if (width <= 0)
		return 80;
	return width > LINE_MAX_WIDTH ? LINE_MAX_WIDTH : (int)width;
}

static uint64_t count_of(const struct tally *t)
{
	return t->try + t->defer + t->bounce;
}

/* 1234567 as 1,234,567. */
static const char *group(char out[32], uint64_t n)
{
	char *p = out + 31;
	int digits = 0;

	*p = '\0';
	do {
		if (digits > 0 && digits % 3 == 0)
			*--p = ',';
		*--p = (char)('0' + n % 10);
		n /= 10;
		digits++;
	} while (n > 0);
	return p;
}

/* Seconds as 1:05 or 2:00:05. */
static void put_time(char *out, size_t size, uint64_t seconds)
{
	if (seconds >= 3600)
		snprintf(out, size, "%" PRIu64 ":%02u:%02u", seconds / 3600,
			(unsigned)(seconds / 60 % 60),
			(unsigned)(seconds % 60));
	else
		snprintf(out, size, "%u:%02u", (unsigned)(seconds / 60),
			(unsigned)(seconds % 60));
}

static void put_eta(char *out, size_t size, const struct progress *p,
	const struct tally *t, uint64_t now)
{
	double left;

	*out = '\0';
	if (t->octets == 0 || t->octets > t->size || now <= p->begun)
		return;
	left = (double)(t->size - t->octets) * (double)(now - p->begun) /
		(double)t->octets / 1000.0;
	if (left > 1e8)
		return;
	memcpy(out, "  ETA ", 7);
	put_time(out + 6, size - 6, (uint64_t)(left + 0.5));
}

static void renew_rate(struct progress *p, const struct tally *t,
	uint64_t now)
{
	uint64_t count = count_of(t);

	if (now <= p->begun)
		return;
	if (now - p->begun < RATE_OVER) {
		p->rate = (double)count * 1000.0 / (double)(now - p->begun);
		return;
	}
	if (now - p->rate_at < RATE_OVER)
		return;
	p->rate = (double)(count - p->rate_count) * 1000.0 /
		(double)(now - p->rate_at);
	p->rate_at = now;
	p->rate_count = count;
}

/* "  12 % [=====>    ]" in the columns that are left, if there are enough. */
static void put_bar(char *out, int room, const struct tally *t)
{
	int percent = 0, bar, full, i;

	*out = '\0';
	if (t->size == 0 || room < BAR_MIN + 10)
		return;
	if (t->octets > 0)
		percent = t->octets >= t->size ? 100 :
			(int)(100.0 * (double)t->octets / (double)t->size);
	bar = room - 10 > 40 ? 40 : room - 10;
	full = bar * percent / 100;
	out += snprintf(out, 16, "  %3d %% [", percent);
	for (i = 0; i < bar; i++)
		*out++ = i < full ? '=' : i == full ? '>' : ' ';
	*out++ = ']';
	*out = '\0';
}

static void draw(struct progress *p, const struct tally *t, uint64_t now)
{
	char line[512], bar[64], eta[40], n[32], rate[32], d[32], b[32], q[32];
	int width = width_of_terminal() - 1, length;

	put_eta(eta, sizeof(eta), p, t, now);
	length = snprintf(line, sizeof(line), "%s done  %s/s  defer %s  "
		"bounce %s  questions %s%s", group(n, count_of(t)),
		group(rate, (uint64_t)p->rate), group(d, t->defer),
		group(b, t->bounce), group(q, t->questions), eta);
	put_bar(bar, width - length, t);
	snprintf(line + length, sizeof(line) - (size_t)length, "%s", bar);
	length = (int)strlen(line);
	if (length > width)
		length = width;
	fprintf(stderr, "\r%.*s%*s", length, line, width - length, "");
	p->is_drawn = 1;
}

void progress_tick(struct progress *p, const struct tally *t, uint64_t now)
{
	if (!p->is_on || (p->is_drawn && now - p->drawn < EVERY))
		return;
	p->drawn = now;
	renew_rate(p, t, now);
	draw(p, t, now);
}

void progress_erase(struct progress *p)
{
	if (p->is_drawn)
		fprintf(stderr, "\r%*s\r", width_of_terminal() - 1, "");
	p->is_drawn = 0;
}

void progress_clear(struct progress *p)
{
	if (p->clears)
		progress_erase(p);
}

void progress_end(struct progress *p, const struct tally *t, uint64_t now,
	const char *what)
{
	uint64_t spent = now - p->begun;
	char n[32], rate[32], y[32], d[32], b[32], q[32], spent_text[32];

	if (!p->is_on)
		return;
	progress_erase(p);
	put_time(spent_text, sizeof(spent_text), spent / 1000);
	fprintf(stderr, "mxsel: %s%s destination%s in %s.%u (%s/s): "
		"%s try, %s defer, %s bounce; %s questions\n", what,
		group(n, count_of(t)), count_of(t) == 1 ? "" : "s", spent_text,
		(unsigned)(spent % 1000 / 100), group(rate, spent == 0 ? 0 :
		(uint64_t)((double)count_of(t) * 1000.0 / (double)spent)),
		group(y, t->try), group(d, t->defer), group(b, t->bounce),
		group(q, t->questions));
}

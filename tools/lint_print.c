/*
 * The findings about one domain, for people and as JSON, the worst first. What
 * comes from the DNS goes through text.h. May use the public headers.
 */
#include "lint_page.h"

#include <string.h>

#include <mxsel/mxsel.h>

#include "colors.h"
#include "text.h"

/* In the order of printing. */
static const enum lint_severity severities[] = {
	LINT_ERROR, LINT_WARNING, LINT_HINT
};

#define SEVERITIES (sizeof(severities) / sizeof(severities[0]))

static void paint(FILE *out, int color, const char *sequence)
{
	if (color)
		fputs(sequence, out);
}

static const char *color_of(enum lint_severity severity)
{
	if (severity == LINT_ERROR)
		return RED;
	return severity == LINT_WARNING ? YELLOW : FAINT;
}

static size_t count_of(const struct lint_page *page,
	enum lint_severity severity)
{
	size_t i, n = 0;

	for (i = 0; i < page->count; i++)
		n += lint_rows[page->findings[i].code].severity == severity;
	return n;
}

static void print_heading(FILE *out, const struct lint_page *page, int color)
{
	const char *comma = "";
	size_t i, n;

	paint(out, color, BOLD);
	text_plain(out, page->domain);
	paint(out, color, PLAIN);
	fputs(": ", out);
	for (i = 0; i < SEVERITIES; i++) {
		n = count_of(page, severities[i]);
		if (n == 0)
			continue;
		fputs(comma, out);
		paint(out, color, color_of(severities[i]));
		fprintf(out, "%zu %s%s", n, lint_severity_name(severities[i]),
			n == 1 ? "" : "s");
		paint(out, color, PLAIN);
		comma = ", ";
	}
	if (page->count == 0) {
		paint(out, color, GREEN);
		fputs("nothing is wrong", out);
		paint(out, color, PLAIN);
	}
	putc('\n', out);
}

static void print_finding(FILE *out, const struct lint_finding *f, int color)
{
	const struct lint_row *row = &lint_rows[f->code];

	paint(out, color, color_of(row->severity));
	fprintf(out, "%-8s ", lint_severity_name(row->severity));
	paint(out, color, PLAIN);
	text_plain(out, *f->subject != '\0' ? f->subject : ".");
	fputs(": ", out);
	text_plain(out, f->text);
	paint(out, color, FAINT);
	fprintf(out, " (%s, %s)", row->code, row->rule);
	paint(out, color, PLAIN);
	fprintf(out, "\n         %s\n", row->advice);
}

void lint_print_human(FILE *out, const struct lint_page *page, int color)
{
	size_t s, i;

	print_heading(out, page, color);
	for (s = 0; s < SEVERITIES; s++)
		for (i = 0; i < page->count; i++)
			if (lint_rows[page->findings[i].code].severity ==
			    severities[s])
				print_finding(out, &page->findings[i], color);
}

static void add_pair(struct buffer *out, const char *key, const char *value)
{
	text_json(out, key, strlen(key));
	buffer_octet(out, ':');
	text_json(out, value, strlen(value));
}

static void add_object(struct buffer *out, const struct lint_finding *f)
{
	const struct lint_row *row = &lint_rows[f->code];

	buffer_octet(out, '{');
	add_pair(out, "severity", lint_severity_name(row->severity));
	buffer_octet(out, ',');
	add_pair(out, "code", row->code);
	buffer_octet(out, ',');
	add_pair(out, "subject", f->subject);
	buffer_octet(out, ',');
	add_pair(out, "text", f->text);
	buffer_octet(out, ',');
	add_pair(out, "advice", row->advice);
	buffer_octet(out, ',');
	add_pair(out, "rule", row->rule);
	buffer_octet(out, '}');
}

int lint_print_json(FILE *out, const struct lint_page *page)
{
	struct buffer line = { NULL, 0, 0, 0 };
	int first = 1, failed;
	size_t s, i;

	buffer_octet(&line, '{');
	add_pair(&line, "domain", page->domain);
	buffer_constant(&line, ",\"findings\":[");
	for (s = 0; s < SEVERITIES; s++)
		for (i = 0; i < page->count; i++) {
			if (lint_rows[page->findings[i].code].severity !=
			    severities[s])
				continue;
			if (!first)
				buffer_octet(&line, ',');
			add_object(&line, &page->findings[i]);
			first = 0;
		}
	buffer_constant(&line, "]}\n");
	failed = line.failed;
	if (!failed)
		fwrite(line.bytes, 1, line.length, out);
	buffer_free(&line);
	return failed ? MXSEL_ENOMEM : 0;
}

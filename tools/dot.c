/*
 * A plan in the DOT language: boxes for domain, aliases, hosts and addresses,
 * dashed ones with the reason for what was dropped. Every text is quoted, and
 * whatever DOT would take for more than text is escaped. May use the public
 * headers.
 */
#define _POSIX_C_SOURCE 200809L

#include "dot.h"

#include <stdlib.h>
#include <string.h>

#include "phrases.h"
#include "phrases_tls.h"
#include "story.h"
#include "text.h"
#include "words.h"

/* Within quotes: backslashes begin escapes, ampersands HTML entities. */
static void put_escaped(FILE *out, const char *s)
{
	for (; *s != '\0'; s++) {
		if (*s == '"' || *s == '\\')
			putc('\\', out);
		if (*s == '&')
			fputs("&amp;", out);
		else
			putc(*s, out);
	}
}

/* The alias of a TLSA record's name leads to no host. */
static int is_box(const struct story *s, size_t node)
{
	const struct story_node *n = &s->nodes[node];

	if (n->kind == STORY_ALIAS) {
		n = &s->nodes[n->parent];
		return n->kind != STORY_QUESTION ||
			strcmp(n->type, "TLSA") != 0;
	}
	return n->kind == STORY_DESTINATION || n->kind == STORY_HOST ||
		n->kind == STORY_ADDRESS;
}

static size_t child_alias(const struct story *s, size_t node)
{
	size_t i = s->nodes[node].first;

	while (i != STORY_NONE && s->nodes[i].kind != STORY_ALIAS)
		i = s->nodes[i].next;
	return i;
}

/* The box an edge comes from: an address hangs at the end of the aliases. */
static size_t box_above(const struct story *s, size_t node)
{
	size_t above = s->nodes[node].parent;
	size_t alias;

	while (!is_box(s, above))
		above = s->nodes[above].parent;
	if (s->nodes[node].kind != STORY_ADDRESS)
		return above;
	for (alias = child_alias(s, above); alias != STORY_NONE;
	    alias = child_alias(s, above))
		above = alias;
	return above;
}

static void write_label(FILE *out, const struct story *s,
	const struct story_node *n)
{
	if (n->kind == STORY_DESTINATION) {
		text_plain(out, *s->plan->destination != '\0' ?
			s->plan->destination : "\"\"");
		return;
	}
	if (n->kind == STORY_MEMORY) {
		words_print(out, s, (size_t)(n - s->nodes));
		return;
	}
	words_name(out, n->kind == STORY_ALIAS ? n->detail :
		n->kind == STORY_ADDRESS && *n->subject == '\0' ?
		"(no address)" : n->subject);
}

/* What write_label() or the verdict says, escaped. */
static int print_escaped(FILE *out, const struct story *s,
	const struct story_node *n)
{
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);
	int failed;

	if (f == NULL)
		return MXSEL_ENOMEM;
	if (n != NULL)
		write_label(f, s, n);
	else
		phrase_plan(f, s->plan, "", "");
	failed = ferror(f);
	failed |= fclose(f) != 0 || text == NULL;
	if (!failed)
		put_escaped(out, text);
	free(text);
	return failed ? MXSEL_ENOMEM : 0;
}

/* What TLS must be for a host, as a line of its label. */
static void print_posture(FILE *out, const struct story *s, size_t host)
{
	size_t i;

	for (i = 0; i < s->plan->host_count && s->plan->shows_tls; i++)
		if (strcmp(s->plan->hosts[i].name,
			s->nodes[host].subject) == 0) {
			fprintf(out, "\\n%s", phrase_posture(
				s->plan->hosts[i].tls.posture));
			return;
		}
}

/* What a memory changed for a box, as lines of its label. */
static int print_memory(FILE *out, const struct story *s, size_t box)
{
	size_t i;
	int r = 0;

	for (i = 1; i < s->count && r == 0; i++) {
		if (s->nodes[i].kind != STORY_MEMORY || box_above(s, i) != box)
			continue;
		fputs("\\n", out);
		r = print_escaped(out, s, &s->nodes[i]);
	}
	return r;
}

static int print_box(FILE *out, const struct story *s, size_t node)
{
	const struct story_node *n = &s->nodes[node];
	int r;

	fprintf(out, "\tn%zu [label=\"", node);
	r = print_escaped(out, s, n);
	if (n->reason != 0) {
		fputs("\\n", out);
		put_escaped(out, words_reason(n));
	} else if (n->kind == STORY_HOST) {
		print_posture(out, s, node);
	}
	if (r == 0)
		r = print_memory(out, s, node);
	fputs(n->reason != 0 ? "\", style=dashed, color=gray50, "
		"fontcolor=gray40" : n->kind == STORY_DESTINATION ?
		"\", style=bold" : "\"", out);
	fputs("];\n", out);
	return r;
}

static void print_edge(FILE *out, const struct story *s, size_t node)
{
	const struct story_node *n = &s->nodes[node];
	int source = mxsel_source(s->plan->m);

	fprintf(out, "\tn%zu -> n%zu", box_above(s, node), node);
	if (n->kind == STORY_ALIAS)
		fputs(" [label=\"alias\"]", out);
	else if (n->kind == STORY_HOST && source == MXSEL_SOURCE_IMPLICIT)
		fputs(" [label=\"no MX\"]", out);
	else if (n->kind == STORY_HOST && source == MXSEL_SOURCE_MX &&
	    n->preference >= 0)
		fprintf(out, " [label=\"%d\"%s]", n->preference,
			n->reason != 0 ? ", style=dashed" : "");
	else if (n->reason != 0)
		fputs(" [style=dashed]", out);
	fputs(";\n", out);
}

static int print_graph(FILE *out, const struct story *s)
{
	size_t i;
	int r;

	fputs("digraph \"", out);
	r = print_escaped(out, s, &s->nodes[0]);
	fputs("\" {\n\tgraph [rankdir=LR, ordering=out, labelloc=t, label=\"",
		out);
	if (r == 0)
		r = print_escaped(out, s, &s->nodes[0]);
	fputs(": ", out);
	if (r == 0)
		r = print_escaped(out, s, NULL);
	fputs("\"];\n\tnode [shape=box];\n", out);
	for (i = 0; r == 0 && i != STORY_NONE; i = story_after(s, i)) {
		if (!is_box(s, i))
			continue;
		r = print_box(out, s, i);
		if (i != 0)
			print_edge(out, s, i);
	}
	fputs("}\n", out);
	return r;
}

int dot_print(FILE *out, const struct plan *p)
{
	struct story s;
	int r = story_tell(&s, p);

	if (r == 0)
		r = print_graph(out, &s);
	story_free(&s);
	return r;
}

/*
 * The tree of mxsel explain: a line for each decision, its clause at the
 * right. Nothing is printed before all of it is made. May use the public
 * headers.
 */
#define _POSIX_C_SOURCE 200809L

#include "explain.h"

#include <stdlib.h>
#include <string.h>

#include "colors.h"
#include "story.h"
#include "text.h"
#include "words.h"

/* Columns in front of the clauses, of which the longest takes 18. */
#define TEXT_COLUMNS 60

/* Columns that one step down the tree takes. */
#define STEP 3

struct strokes {
	const char *branch, *last, *pass, *none, *dropped;
};

static const struct strokes ascii = { "|- ", "`- ", "|  ", "   ", "x " };
static const struct strokes lines = {
	"\xe2\x94\x9c\xe2\x94\x80 ", "\xe2\x94\x94\xe2\x94\x80 ",
	"\xe2\x94\x82  ", "   ", "\xe2\x9c\x97 "
};

struct page {
	FILE *out;
	const struct story *story;
	const struct strokes *strokes;
	char **texts; /* by node */
	int color;
	size_t width; /* of the column of texts */
};

static void paint(const struct page *g, const char *color)
{
	if (g->color)
		fputs(color, g->out);
}

static size_t depth(const struct story *s, size_t node)
{
	size_t n = 0;

	for (; s->nodes[node].parent != STORY_NONE; n++)
		node = s->nodes[node].parent;
	return n;
}

static size_t ancestor(const struct story *s, size_t node, size_t steps)
{
	for (; steps > 0; steps--)
		node = s->nodes[node].parent;
	return node;
}

static size_t columns(const struct page *g, size_t node)
{
	return depth(g->story, node) * STEP + text_columns(g->texts[node]) +
		(g->story->nodes[node].reason != 0 ? 2 : 0);
}

static int write_text(struct page *g, size_t node)
{
	size_t size;
	FILE *f = open_memstream(&g->texts[node], &size);
	int failed;

	if (f == NULL)
		return MXSEL_ENOMEM;
	words_print(f, g->story, node);
	failed = ferror(f);
	/* Without memory at its end there may be no text, and no error. */
	return fclose(f) != 0 || failed || g->texts[node] == NULL ?
		MXSEL_ENOMEM : 0;
}

/* All texts, and how wide their column is. */
static int write_texts(struct page *g)
{
	size_t i, width;

	for (i = 0; i < g->story->count; i++) {
		if (write_text(g, i) != 0)
			return MXSEL_ENOMEM;
		width = columns(g, i);
		if (width <= TEXT_COLUMNS && width > g->width &&
		    g->story->nodes[i].rule != NULL)
			g->width = width;
	}
	return 0;
}

static void print_strokes(const struct page *g, size_t node)
{
	const struct story *s = g->story;
	size_t steps = depth(s, node);

	if (steps == 0)
		return;
	paint(g, FAINT);
	while (--steps > 0)
		fputs(s->nodes[ancestor(s, node, steps)].next != STORY_NONE ?
			g->strokes->pass : g->strokes->none, g->out);
	fputs(s->nodes[node].next != STORY_NONE ? g->strokes->branch :
		g->strokes->last, g->out);
	paint(g, PLAIN);
}

static const char *color_of(const struct page *g, const struct story_node *n)
{
	int action = plan_action(g->story->plan);

	if (n->reason != 0)
		return FAINT;
	if (n->kind == STORY_DESTINATION)
		return BOLD;
	if (n->kind == STORY_VERDICT)
		return action == MXSEL_ACTION_TRY ? GREEN :
			action == MXSEL_ACTION_BOUNCE ? RED : YELLOW;
	if (n->kind == STORY_ADDRESS)
		return GREEN;
	return words_is_failure(n) ? YELLOW : "";
}

static void print_line(const struct page *g, size_t node)
{
	const struct story_node *n = &g->story->nodes[node];
	const char *color = color_of(g, n);
	size_t width = columns(g, node);

	print_strokes(g, node);
	paint(g, color);
	if (n->reason != 0)
		fputs(g->strokes->dropped, g->out);
	fputs(g->texts[node], g->out);
	if (*color != '\0')
		paint(g, PLAIN);
	if (n->rule != NULL) {
		fprintf(g->out, "%*s", width < g->width ?
			(int)(g->width - width) + 2 : 2, "");
		paint(g, FAINT);
		fputs(n->rule, g->out);
		paint(g, PLAIN);
	}
	putc('\n', g->out);
}

int explain_print(FILE *out, const struct plan *p, int color, int utf8)
{
	struct page g = { out, NULL, utf8 ? &lines : &ascii, NULL, color, 0 };
	struct story s;
	size_t i;
	int r = story_tell(&s, p);

	g.story = &s;
	if (r == 0) {
		g.texts = calloc(s.count, sizeof(*g.texts));
		r = g.texts == NULL ? MXSEL_ENOMEM : write_texts(&g);
	}
	for (i = 0; r == 0 && i != STORY_NONE; i = story_after(&s, i))
		print_line(&g, i);
	for (i = 0; g.texts != NULL && i < s.count; i++)
		free(g.texts[i]);
	free(g.texts);
	story_free(&s);
	return r;
}

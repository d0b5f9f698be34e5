/*
 * Does who answers validate? A server on this machine is taken at its word,
 * which is the AD bit; where not one answer had it, either nothing that was
 * asked for is signed, or the server only forwards. A name that is signed
 * nearly everywhere tells the two apart. May use the public headers.
 */
#include "lint_look.h"

#include <string.h>

/* Is what is said of the MX records of this name secure? A denial can be. */
static int is_secure(struct lint_look *look, const char *name)
{
	struct plan plan;
	mxsel *m;
	int secure;

	secure = lint_walk(look->page, &m, &plan, name,
		look->options->probe) == 0 && mxsel_is_secure(m) == 1;
	plan_free(&plan);
	mxsel_free(m);
	return secure;
}

/* The top-level domain, or, for the few that are not signed, another one. */
static int probe(struct lint_look *look)
{
	const char *dot = strrchr(look->domain, '.');

	return is_secure(look, dot != NULL ? dot + 1 : look->domain) ||
		is_secure(look, "arpa");
}

int lint_validates(struct lint_look *look)
{
	if (!look->options->validates)
		return 0;
	if (!look->options->is_by_ad || look->is_secured)
		return 1;
	if (look->probed == 0)
		look->probed = probe(look) ? 1 : -1;
	return look->probed > 0;
}

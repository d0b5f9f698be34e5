/*
 * Lines of a TLS report (R97): what the selection saw itself, and what the
 * caller says TLS came to. Nothing is decided by them. Bounded like
 * everything of a selection.
 */
#include "select/select.h"

#include <string.h>

#include "select/security.h"

struct line {
	struct line *next; /* the one before it */
	const char *host;
	const char *address; /* "": no attempt was made */
	uint8_t policy, result;
};

int mxsel__tlsrpt_add(struct mxsel *m, const char *host,
	const struct candidate *c, int policy, int result)
{
	char text[MXSEL__ADDRESS_TEXT_SIZE] = "";
	struct line *line;

	if (m->line_count >= TLSRPT_MAX)
		return MXSEL_OK;
	if (c != NULL)
		mxsel__candidate_text(text, c);
	line = mxsel__arena_get(&m->arena, sizeof(*line));
	if (line == NULL)
		return MXSEL_ENOMEM;
	line->host = host;
	line->address = text[0] == '\0' ? "" : mxsel__arena_text(&m->arena,
		text, strlen(text));
	if (line->address == NULL)
		return MXSEL_ENOMEM;
	line->policy = (uint8_t)policy;
	line->result = (uint8_t)result;
	line->next = m->lines;
	m->lines = line;
	m->line_count++;
	return MXSEL_OK;
}

int mxsel_report_tls(mxsel *m, int result)
{
	const struct host *host;

	if (m == NULL || m->busy || !m->reached || m->tls_reported)
		return MXSEL_EUSAGE;
	if (result < MXSEL_TLSRPT_SUCCESS ||
		result > MXSEL_TLSRPT_STS_WEBPKI_INVALID)
		return MXSEL_ERANGE;
	host = &m->hosts[m->cursor->host];
	if (mxsel__tlsrpt_add(m, host->name, m->cursor,
		mxsel_tlsrpt_policy(m), result) != MXSEL_OK)
		return MXSEL_ENOMEM;
	m->tls_reported = 1;
	return MXSEL_OK;
}

size_t mxsel_tlsrpt_count(const mxsel *m)
{
	return m == NULL ? 0 : m->line_count;
}

int mxsel_tlsrpt(const mxsel *m, size_t index, const char **host,
	const char **address, int *policy, int *result)
{
	const struct line *line;

	if (m == NULL)
		return MXSEL_EUSAGE;
	if (index >= m->line_count)
		return MXSEL_ERANGE;
	for (line = m->lines; ++index < m->line_count;)
		line = line->next;
	if (host != NULL)
		*host = line->host;
	if (address != NULL)
		*address = line->address;
	if (policy != NULL)
		*policy = line->policy;
	if (result != NULL)
		*result = line->result;
	return MXSEL_OK;
}

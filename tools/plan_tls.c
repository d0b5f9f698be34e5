/*
 * How securely a host must be reached: copied at its first attempt, for the
 * library forgets it when it goes on. May use the public headers.
 */
#define _POSIX_C_SOURCE 200809L

#include "plan_tls.h"

#include <stdlib.h>
#include <string.h>

#include <mxsel/security.h>

static int keep_record(struct plan_tls *t, const mxsel *m, size_t i)
{
	struct plan_tlsa *record = &t->records[i];
	const uint8_t *data;
	int r = mxsel_tlsa(m, i, &record->usage, &record->selector,
		&record->matching, &data, &record->length);

	if (r != 0)
		return r;
	record->data = malloc(record->length > 0 ? record->length : 1);
	if (record->data == NULL)
		return MXSEL_ENOMEM;
	memcpy(record->data, data, record->length);
	t->record_count++;
	return 0;
}

static int keep_records(struct plan_tls *t, const mxsel *m)
{
	size_t count = mxsel_tlsa_count(m), i;
	int r = 0;

	if (count == 0)
		return 0;
	t->records = calloc(count, sizeof(*t->records));
	if (t->records == NULL)
		return MXSEL_ENOMEM;
	for (i = 0; i < count && r == 0; i++)
		r = keep_record(t, m, i);
	return r;
}

static int keep_text(char **to, const char *text)
{
	if (text == NULL)
		return 0;
	*to = strdup(text);
	return *to != NULL ? 0 : MXSEL_ENOMEM;
}

int plan_tls_keep(struct plan_tls *t, const mxsel *m)
{
	int r;

	t->posture = mxsel_posture(m);
	t->reason = mxsel_posture_reason(m);
	r = keep_text(&t->name, mxsel_tls_identity(m, 0));
	if (r == 0)
		r = keep_text(&t->base, mxsel_tlsa_base(m));
	return r != 0 ? r : keep_records(t, m);
}

void plan_tls_free(struct plan_tls *t)
{
	size_t i;

	for (i = 0; i < t->record_count; i++)
		free(t->records[i].data);
	free(t->records);
	free(t->name);
	free(t->base);
	memset(t, 0, sizeof(*t));
}

/*
 * The records of an opened message, one at a time. May use base and name.
 */
#include "wire/message.h"

#include <mxsel/mxsel.h>

#include "wire/record.h"

static void fill(struct mxsel__record *record, const struct mxsel__message *m,
	const struct mxsel__resource *r)
{
	record->ttl = mxsel__ttl(r->ttl);
	record->rdata = m->packet + r->rdata;
	record->rdlength = (uint16_t)(r->end - r->rdata);
	record->preference = 0;
	record->exchange = 0;
	if (m->type == MXSEL_TYPE_MX && r->rdata + 2 < r->end) {
		record->preference = mxsel__get16(m->packet + r->rdata);
		record->exchange = (uint16_t)(r->rdata + 2);
	}
}

int mxsel__wire_next(struct mxsel__message *m, struct mxsel__record *record)
{
	struct mxsel__resource r;
	unsigned long work = 0;

	while (m->left > 0 && mxsel__resource_at(&r, m->packet, m->size,
			m->next) == 0) {
		m->next = r.end;
		if (r.type != m->type || r.class != MXSEL__CLASS_IN ||
			!mxsel__resource_is_at(&r, m->packet, m->size,
				m->owner, &work))
			continue;
		m->left--;
		fill(record, m, &r);
		return 1;
	}
	return 0;
}

void mxsel__wire_rewind(struct mxsel__message *m)
{
	m->next = m->answers;
	m->left = m->records;
}

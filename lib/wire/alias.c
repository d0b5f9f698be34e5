/*
 * The CNAMEs of an answer section, in whatever order they stand (RFC 1034
 * 3.6.2, RFC 6604), and the records at the end of them. Bounded: a scan of
 * the section for each link, and each step is paid from the message's work.
 * May use base and name.
 */
#include "wire/scan.h"

#include <mxsel/mxsel.h>

#include "wire/record.h"

#define LINKS_MAX 16

/* A CNAME of class IN at m->owner? */
static int is_link(struct mxsel__scan *s, const struct mxsel__message *m,
	const struct mxsel__resource *r)
{
	return r->type == MXSEL_TYPE_CNAME && r->class == MXSEL__CLASS_IN &&
		mxsel__resource_is_at(r, s->packet, s->size, m->owner,
			&s->work);
}

/* The record at *at, which goes behind it. 0, or -1: too much work. */
static int next_record(struct mxsel__scan *s, struct mxsel__resource *r,
	size_t *at)
{
	s->work++;
	if (s->work > s->work_max ||
		mxsel__resource_at(r, s->packet, s->size, *at) != 0)
		return -1;
	*at = r->end;
	return 0;
}

/*
 * The target of the CNAME at m->owner, 0 when there is none. 0, or -1: two
 * with different targets (RFC 1034 3.6.2), or too much work.
 */
static int find_target(struct mxsel__scan *s, struct mxsel__message *m,
	size_t *target)
{
	struct mxsel__resource r;
	size_t at = m->answers;
	unsigned i;

	*target = 0;
	for (i = 0; i < m->answer_count; i++) {
		if (next_record(s, &r, &at) != 0)
			return -1;
		if (!is_link(s, m, &r))
			continue;
		if (*target != 0 && !mxsel__walk_same(s->packet, s->size,
				*target, r.rdata, &s->work))
			return -1;
		*target = r.rdata;
		if (mxsel__ttl(r.ttl) < m->alias_ttl)
			m->alias_ttl = mxsel__ttl(r.ttl);
	}
	return 0;
}

/* Count the records of the type at m->owner. 0, or -1: too much work. */
static int count_records(struct mxsel__scan *s, struct mxsel__message *m)
{
	struct mxsel__resource r;
	size_t at = m->answers;
	unsigned i;

	m->records = 0;
	for (i = 0; i < m->answer_count; i++) {
		if (next_record(s, &r, &at) != 0)
			return -1;
		if (r.type == m->type && r.class == MXSEL__CLASS_IN &&
			mxsel__resource_is_at(&r, s->packet, s->size,
				m->owner, &s->work))
			m->records++;
	}
	return 0;
}

static int is_seen(struct mxsel__scan *s, const uint16_t *seen, unsigned count,
	size_t name)
{
	unsigned i;

	for (i = 0; i < count; i++) {
		if (mxsel__walk_same(s->packet, s->size, seen[i], name,
				&s->work))
			return 1;
	}
	return 0;
}

int mxsel__scan_aliases(struct mxsel__scan *s, struct mxsel__message *m,
	unsigned max_links)
{
	uint16_t seen[LINKS_MAX + 1] = { 0 };
	size_t target;

	if (max_links > LINKS_MAX)
		max_links = LINKS_MAX;
	for (;;) {
		if (find_target(s, m, &target) != 0)
			return -1;
		if (target == 0)
			break;
		seen[m->links] = m->owner;
		m->loop = (uint8_t)is_seen(s, seen, m->links + 1u, target);
		if (m->loop)
			return 0;
		if (m->links >= max_links) {
			m->loop = m->chain_long = 1;
			return 0;
		}
		m->links++;
		m->owner = (uint16_t)target;
	}
	return m->links == 0 ? 0 : count_records(s, m);
}

/* Is the name at name below the one at owner? */
static int is_below(struct mxsel__scan *s, uint16_t name, uint16_t owner)
{
	struct mxsel__walk walk;
	size_t end;

	mxsel__walk_begin(&walk, s->packet, s->size, name);
	for (;;) {
		end = mxsel__walk_label(&walk);
		if (end <= walk.at + 1)
			return 0;
		if (mxsel__walk_same(s->packet, s->size, end, owner, &s->work))
			return 1;
		walk.at = end;
	}
}

/* RFC 6672 3.1: where a DNAME leads on, a CNAME says so. */
int mxsel__scan_dnames(struct mxsel__scan *s, const struct mxsel__message *m)
{
	struct mxsel__resource r;
	size_t at = m->answers;
	unsigned i;

	for (i = 0; i < m->answer_count; i++) {
		if (next_record(s, &r, &at) != 0)
			return -1;
		if (r.type == MXSEL__TYPE_DNAME &&
			r.class == MXSEL__CLASS_IN &&
			is_below(s, m->owner, (uint16_t)r.owner))
			return -1;
	}
	return 0;
}

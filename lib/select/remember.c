/*
 * A memory of hosts at work (R85): which equals go behind, which family and
 * which address of a host go first, and what a report adds to what is known.
 * It never drops anything and never fails but for lack of memory. May use the
 * memory's own header besides those of the room.
 */
#include "select/remember_group.h"

#include <string.h>

#define ALL_FAILED 1

const struct mxsel__known mxsel__nothing_known;
/* Of a record that names no host: it is no equal of those that failed. */
static const struct mxsel__known no_host;

int mxsel__look(struct mxsel *m, struct mxsel__known *k, size_t n,
	uint32_t *waited)
{
	if (!mxsel__memory_look_on(m->options->memory, k, n, waited))
		return 0;
	mxsel__record_memory(m, k, n);
	return 1;
}

void mxsel__ask_host(struct mxsel__known *k, const struct mxsel *m,
	const char *name, size_t length)
{
	memset(k, 0, sizeof(*k));
	k->kind = MXSEL_MEMORY_HOST;
	k->name = name;
	k->length = (uint16_t)length;
	k->port = m->port;
}

void mxsel__ask_address(struct mxsel__known *k, const struct mxsel *m,
	const struct candidate *c)
{
	memset(k, 0, sizeof(*k));
	k->kind = MXSEL_MEMORY_ADDRESS;
	k->name = (const char *)c->bytes;
	k->length = c->length;
	k->port = m->port;
}

/* --- what the memory is told while a step is not over -------------------- */

int mxsel__will_tell(struct mxsel *m, const struct mxsel__known *k, int is_turn)
{
	struct told *t = mxsel__arena_get(&m->arena, sizeof(*t));

	if (t == NULL)
		return MXSEL_ENOMEM;
	t->next = m->told;
	t->k = *k;
	t->is_turn = is_turn;
	m->told = t;
	return MXSEL_OK;
}

void mxsel__memory_take_back(struct mxsel *m, struct told *before)
{
	for (; m->told != before; m->told = m->told->next) {
		if (m->told->is_turn)
			mxsel__memory_unturned(m->options->memory,
				&m->told->k);
		else
			mxsel__memory_unprobe(m->options->memory,
				&m->told->k);
	}
}

/* --- who goes behind ----------------------------------------------------- */

static void weigh(struct group *g)
{
	size_t i;

	for (i = 0; i < g->n; i++) {
		uint32_t score = g->of[i]->score;

		g->equal[i].chance = (uint16_t)(score < MXSEL__SCORE_ONE
			? score : MXSEL__SCORE_ONE);
		g->equal[i].failed = g->of[i] == &no_host ||
			mxsel__known_failed(g->of[i]);
	}
}

static int is_one_well(const struct group *g)
{
	size_t i = 0;

	while (i < g->n && (g->of[i]->score > 0 || g->of[i] == &no_host))
		i++;
	return i < g->n;
}

/*
 * One that failed leads others that are well: of all who see it so at this
 * moment one tries, and the others take it as failed (it counts so until it
 * is reported). Who may never be tried at all is not counted.
 */
static int let_one_probe(struct group *g)
{
	const struct mxsel__known *k;
	int told;

	while (g->is_next && is_one_well(g)) {
		k = g->of[g->order[0]];
		if (k->score == 0)
			break;
		g->probes = mxsel__memory_is_read_only(g->m->options->memory);
		if (g->probes)
			break;
		if (mxsel__will_tell(g->m, k, 0) != MXSEL_OK)
			return MXSEL_ENOMEM;
		told = mxsel__memory_probe(g->m->options->memory, k);
		if (told != 1)
			g->m->told = g->m->told->next;
		if (told != 0) {
			g->probes = 1;
			break;
		}
		g->equal[g->order[0]].behind = 1;
		mxsel__behind_order(g->order, g->equal, g->n);
	}
	return MXSEL_OK;
}

/* Did any of them ever fail, as far as is remembered? Which of them did is by
   chance, so a loop that ends there would be guessed wrongly. */
static int has_score(const struct group *g)
{
	uint32_t any = 0;
	size_t i;

	for (i = 0; i < g->n; i++)
		any |= g->of[i]->score;
	return any != 0;
}

void mxsel__group_begin(struct group *g, struct mxsel *m, int is_next)
{
	g->m = m;
	g->n = 0;
	g->is_next = is_next;
	g->probes = g->changed = 0;
}

/* 0; ALL_FAILED, so that nothing changes; MXSEL_ENOMEM. */
static int decide(struct group *g)
{
	struct mxsel *m = g->m;
	unsigned behind = 0;
	size_t i;

	weigh(g);
	if (mxsel__behind_draw(g->equal, g->n, mxsel__memory_explore(
		m->options->memory), &m->random) == MXSEL__ALL_FAILED)
		return ALL_FAILED;
	mxsel__behind_order(g->order, g->equal, g->n);
	if (let_one_probe(g) != MXSEL_OK)
		return MXSEL_ENOMEM;
	for (i = 0; i < g->n; i++) {
		g->changed |= g->order[i] != i;
		behind += g->equal[i].behind;
	}
	if (behind > 0)
		mxsel__memory_count_behind(m->options->memory, behind);
	if (g->changed)
		m->flags |= MXSEL_FLAG_MEMORY;
	return MXSEL_OK;
}

/* --- hosts of equal preference ------------------------------------------- */

static int order_run(struct group *g, struct mxsel__mx *v)
{
	size_t i, k;
	int rc;

	if (!has_score(g))
		return MXSEL_OK;
	rc = decide(g);
	if (rc == ALL_FAILED)
		return mxsel__say_memory(g->m, g->m->domain, (const char *[]){
			"ignored: all hosts of a preference failed", NULL });
	if (rc != MXSEL_OK)
		return rc;
	for (i = 0; i < g->n && g->changed; i++) {
		struct mxsel__mx moved = v[i];

		/* Who belongs here went to where an earlier one came from. */
		for (k = g->order[i]; k < i; k = g->order[k])
			;
		v[i] = v[k];
		v[k] = moved;
	}
	return mxsel__say_group(g, "behind its equals", "");
}

/* The end of the run of equals that begins at first. */
static size_t run_end(const struct mxsel__mx *v, size_t first, size_t n)
{
	size_t end = first + 1;

	while (end < n && v[end].preference == v[first].preference)
		end++;
	return end;
}

static int is_host(const struct mxsel *m, const struct mxsel__mx *mx)
{
	return mx->kind == MXSEL__NAME_GOOD ||
		(mx->kind == MXSEL__NAME_ADDRESS &&
		m->options->values[MXSEL_OPT_ALLOW_EXCHANGE_ADDRESS]);
}

/* Who has equals, and a name: there is nothing else to know of a host. */
static size_t ask_ties(const struct mxsel *m, struct mxsel__mx *v, size_t n,
	struct mxsel__known *k, const struct mxsel__known **of)
{
	size_t first, end, i, count = 0;

	for (first = 0; first < n; first = end) {
		end = run_end(v, first, n);
		for (i = first; i < end; i++) {
			of[i] = is_host(m, &v[i]) ? &mxsel__nothing_known
				: &no_host;
			if (end - first < 2 || v[i].kind != MXSEL__NAME_GOOD)
				continue;
			mxsel__ask_host(&k[count], m, v[i].name, v[i].length);
			of[i] = &k[count++];
			v[i].plain = 1;
		}
	}
	return count;
}

int mxsel__memory_ties(struct mxsel *m, struct mxsel__mx *v, size_t n)
{
	struct mxsel__known k[MXSEL__KNOWN_MAX];
	const struct mxsel__known *of[MXSEL__KNOWN_MAX];
	struct group g;
	size_t first, end, count, i;
	int any;

	if (m->options->memory == NULL)
		return MXSEL_OK;
	/* Behind these are hosts that limits leave out, unless they are set. */
	n = n < MXSEL__KNOWN_MAX ? n : MXSEL__KNOWN_MAX;
	count = ask_ties(m, v, n, k, of);
	if (count == 0)
		return MXSEL_OK;
	any = mxsel__look(m, k, count, &m->waited);
	for (i = 0; i < n; i++)
		v[i].plain &= of[i]->turn == 0 && of[i]->doubt == 0 &&
			of[i]->again_length == 0;
	if (!any)
		return MXSEL_OK;
	for (first = 0; first < n; first = end) {
		end = run_end(v, first, n);
		if (end - first < 2)
			continue;
		/* Whom the caller favours may go before. */
		mxsel__group_begin(&g, m, first == 0 &&
			mxsel__is_by_host(m) && m->options->rank == NULL);
		g.n = end - first;
		memcpy(g.of, of + first, g.n * sizeof(g.of[0]));
		if (order_run(&g, v + first) != MXSEL_OK)
			return MXSEL_ENOMEM;
	}
	return MXSEL_OK;
}

/* --- attempts of equal hosts --------------------------------------------- */

int mxsel__group_order(struct group *g, const char *of_whom,
	unsigned short *order)
{
	unsigned short moved[MXSEL__KNOWN_MAX];
	size_t i;
	int rc;

	if (!has_score(g))
		return MXSEL_OK;
	rc = decide(g);
	if (rc == ALL_FAILED)
		return mxsel__say_memory(g->m, of_whom, (const char *[]){
			"ignored: all addresses failed", NULL });
	if (rc != MXSEL_OK)
		return rc;
	memcpy(moved, order, g->n * sizeof(*order));
	for (i = 0; i < g->n; i++)
		order[i] = moved[g->order[i]];
	return mxsel__say_group(g, "behind the others of ", of_whom);
}

int mxsel__memory_attempts(struct mxsel *m, struct candidate *const *list,
	unsigned short *order, size_t count)
{
	struct mxsel__known k[MXSEL__KNOWN_MAX];
	struct group g;
	size_t n = 0;

	if (m->options->memory == NULL)
		return MXSEL_OK;
	mxsel__group_begin(&g, m, 1);
	/* More are hardly ever tried; and they were shuffled. */
	for (; g.n < count && g.n < MXSEL__KNOWN_MAX; g.n++) {
		g.of[g.n] = &mxsel__nothing_known;
		if (list[order[g.n]]->length == 0)
			continue; /* an .onion name has no address */
		mxsel__ask_address(&k[n], m, list[order[g.n]]);
		g.of[g.n] = &k[n++];
	}
	if (!mxsel__look(m, k, n, &m->waited))
		return MXSEL_OK;
	return mxsel__group_order(&g, m->domain, order);
}

/* --- what is told -------------------------------------------------------- */

void mxsel__memory_record(struct mxsel *m)
{
	const struct candidate *c = m->cursor;
	const struct host *host = &m->hosts[c->host];
	struct mxsel__known k[2];
	size_t n = 0;

	if (m->options->memory == NULL || m->options->record == NULL)
		return;
	if (!host->literal)
		mxsel__ask_host(&k[n++], m, host->name, strlen(host->name));
	if (c->length > 0)
		mxsel__ask_address(&k[n++], m, c);
	(void)mxsel__look(m, k, n, NULL); /* nobody waits to report */
}

void mxsel__memory_reported(const struct mxsel *m, int outcome, int code,
	int rejected)
{
	const struct candidate *c = m->cursor;
	const struct host *host = &m->hosts[c->host];
	struct mxsel__memory_attempt attempt = { 0 };

	if (m->options->memory == NULL ||
		mxsel__memory_is_read_only(m->options->memory))
		return;
	if (!host->literal) {
		attempt.host = host->name;
		attempt.host_length = (uint16_t)strlen(host->name);
	}
	attempt.address = c->bytes;
	attempt.address_length = c->length;
	attempt.port = m->port;
	attempt.code = (uint16_t)code;
	attempt.outcome = (uint8_t)outcome;
	attempt.rejected = rejected != 0;
	mxsel__memory_tell(m->options->memory, &attempt);
}

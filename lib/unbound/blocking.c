/*
 * The blocking resolver. libunbound hands out all answers to whoever listens,
 * and a selection is its own thread's; so each question has a mail to which
 * the answer is delivered, and the thread that waits for it takes it from
 * there. One of those that wait listens for all, the others sleep until they
 * have mail or it is their turn to listen. May use the public headers, libc,
 * pthread and libunbound.
 */
#define _POSIX_C_SOURCE 200809L

#include <stdlib.h>

#include "unbound/answer.h"
#include "unbound/clock.h"
#include "unbound/inside.h"

enum { ASKED, DELIVERED, UNWANTED };

struct mail {
	struct mail *next;          /* in seat->mails */
	struct mxsel_unbound *owner;
	struct mxsel__ub_seat *seat;
	mxsel_query *query;
	uint64_t deadline;
	int id;
	/* Under the lock: */
	int state;
	int error;
	struct ub_result *result;
};

/* What a selection waits for. Its mails are its thread's; the rest is under
   the lock. */
struct mxsel__ub_seat {
	struct mxsel__ub_seat *next;
	const mxsel *selection;     /* NULL: free */
	struct mail *mails;
	size_t delivered;
	int sleeping;
	pthread_cond_t wake;
};

/* --------------------------------------------------------------- seats */

static struct mxsel__ub_seat *seat_held_by(
	const struct mxsel__ub_blocking *b, const mxsel *selection)
{
	struct mxsel__ub_seat *seat = b->seats;

	while (seat != NULL && seat->selection != selection)
		seat = seat->next;
	return seat;
}

static struct mxsel__ub_seat *find_seat(struct mxsel__ub_blocking *b,
	const mxsel *selection)
{
	struct mxsel__ub_seat *seat;

	pthread_mutex_lock(&b->lock);
	seat = seat_held_by(b, selection);
	pthread_mutex_unlock(&b->lock);
	return seat;
}

static struct mxsel__ub_seat *add_seat(struct mxsel__ub_blocking *b)
{
	struct mxsel__ub_seat *seat = calloc(1, sizeof *seat);

	if (seat == NULL)
		return NULL;
	if (mxsel__ub_condition_init(&seat->wake) != 0) {
		free(seat);
		return NULL;
	}
	seat->next = b->seats;
	b->seats = seat;
	return seat;
}

static struct mxsel__ub_seat *take_seat(struct mxsel__ub_blocking *b,
	const mxsel *selection)
{
	struct mxsel__ub_seat *seat;

	pthread_mutex_lock(&b->lock);
	seat = seat_held_by(b, selection);
	if (seat == NULL)
		seat = seat_held_by(b, NULL);
	if (seat == NULL)
		seat = add_seat(b);
	if (seat != NULL)
		seat->selection = selection;
	pthread_mutex_unlock(&b->lock);
	return seat;
}

static void leave_seat(struct mxsel__ub_blocking *b,
	struct mxsel__ub_seat *seat)
{
	if (seat->mails != NULL)
		return;
	pthread_mutex_lock(&b->lock);
	seat->selection = NULL;
	pthread_mutex_unlock(&b->lock);
}

/* --------------------------------------------------------------- mails */

/* libunbound has an answer, for whichever thread; called without the lock. */
static void deliver(void *user, int error, struct ub_result *result)
{
	struct mail *mail = user;
	struct mxsel__ub_blocking *b = &mail->owner->blocking;
	int unwanted;

	pthread_mutex_lock(&b->lock);
	unwanted = mail->state == UNWANTED;
	if (!unwanted) {
		mail->state = DELIVERED;
		mail->error = error;
		mail->result = result;
		mail->seat->delivered++;
		(void)pthread_cond_signal(&mail->seat->wake);
	}
	pthread_mutex_unlock(&b->lock);
	if (unwanted) {
		ub_resolve_free(result);
		free(mail);
	}
}

static void unlink_mail(struct mail *mail)
{
	struct mail **link = &mail->seat->mails;

	while (*link != mail)
		link = &(*link)->next;
	*link = mail->next;
}

/* Nobody waits for it: off the seat, and free sooner or later. */
static void drop(struct mail *mail)
{
	struct mxsel__ub_blocking *b = &mail->owner->blocking;
	int mine = 1;

	unlink_mail(mail);
	mxsel_query_set_user(mail->query, NULL);
	pthread_mutex_lock(&b->lock);
	if (mail->state == DELIVERED)
		mail->seat->delivered--;
	else
		mine = mxsel__ub_channel_forget(&b->channel, mail->id);
	mail->state = UNWANTED;
	pthread_mutex_unlock(&b->lock);
	if (mine) {
		ub_resolve_free(mail->result);
		free(mail);
	}
}

/*
 * In a child nobody answers, and the lock may be held for ever by a thread
 * that only the parent has; so it is left alone, as is the result, which may
 * be half written. The mails of a selection are those of the thread that had
 * it, and that thread is this one.
 */
static void abandon(struct mail *mail)
{
	unlink_mail(mail);
	mxsel_query_set_user(mail->query, NULL);
	free(mail);
}

static int send_mail(struct mxsel_unbound *u, struct mxsel__ub_seat *seat,
	mxsel_query *query)
{
	struct mail *mail = calloc(1, sizeof *mail);
	int result;

	if (mail == NULL)
		return MXSEL_ENOMEM;
	mail->owner = u;
	mail->seat = seat;
	mail->query = query;
	mail->deadline = mxsel__ub_now() +
		(uint64_t)atomic_load(&u->query_time);
	mail->next = seat->mails;
	seat->mails = mail;
	mxsel_query_set_user(query, mail);
	result = mxsel__ub_channel_ask(&u->blocking.channel, query, deliver,
		mail, &mail->id);
	if (result != 0) {
		unlink_mail(mail);
		mxsel_query_set_user(query, NULL);
		free(mail);
	}
	return result;
}

void mxsel__ub_resolve(mxsel_query *query, void *user)
{
	struct mxsel_unbound *u = user;
	struct mxsel__ub_seat *seat = NULL;
	int result = MXSEL_ENOMEM;

	if (mxsel__ub_channel_is_own(&u->blocking.channel))
		seat = take_seat(&u->blocking, mxsel_query_selection(query));
	if (seat != NULL) {
		result = send_mail(u, seat, query);
		leave_seat(&u->blocking, seat);
	}
	if (result != 0)
		mxsel__ub_answer_failed(query, MXSEL_DNS_NETWORK);
}

void mxsel__ub_cancel(mxsel_query *query, void *user)
{
	struct mxsel_unbound *u = user;
	struct mail *mail = mxsel_query_user(query);
	struct mxsel__ub_seat *seat;

	if (mail == NULL)
		return;
	if (!mxsel__ub_channel_is_own(&u->blocking.channel)) {
		abandon(mail);
		return;
	}
	seat = mail->seat;
	drop(mail);
	leave_seat(&u->blocking, seat);
}

/* ------------------------------------------------------------- waiting */

/* Listen for everybody; the lock is given up meanwhile. */
static int lead(struct mxsel__ub_blocking *b, uint64_t until)
{
	int result;

	b->led = 1;
	pthread_mutex_unlock(&b->lock);
	result = mxsel__ub_channel_wait(&b->channel,
		mxsel__ub_until(mxsel__ub_now(), until));
	pthread_mutex_lock(&b->lock);
	b->led = 0;
	return result;
}

static void sleep_until(struct mxsel__ub_blocking *b,
	struct mxsel__ub_seat *seat, uint64_t until)
{
	seat->sleeping = 1;
	mxsel__ub_condition_wait(&seat->wake, &b->lock, until);
	seat->sleeping = 0;
}

/* Somebody who sleeps is to listen now: it does so when it finds nobody
   else at it. */
static void wake_another(struct mxsel__ub_blocking *b)
{
	struct mxsel__ub_seat *seat = b->seats;

	if (b->led)
		return;
	while (seat != NULL && !seat->sleeping)
		seat = seat->next;
	if (seat != NULL)
		(void)pthread_cond_signal(&seat->wake);
}

/* Until the seat has mail or the time is up; what is there already is heard
   in any case. */
static int wait_for_mail(struct mxsel__ub_blocking *b,
	struct mxsel__ub_seat *seat, uint64_t until)
{
	int result = 0, heard = 0;

	pthread_mutex_lock(&b->lock);
	while (result >= 0 && seat->delivered == 0 &&
			(!heard || mxsel__ub_now() < until)) {
		if (b->led)
			sleep_until(b, seat, until);
		else
			result = lead(b, until);
		heard = 1;
	}
	wake_another(b);
	pthread_mutex_unlock(&b->lock);
	return result < 0 ? result : 0;
}

static struct mail *next_delivered(struct mxsel__ub_blocking *b,
	struct mxsel__ub_seat *seat)
{
	struct mail *mail;

	pthread_mutex_lock(&b->lock);
	for (mail = seat->mails; mail != NULL; mail = mail->next)
		if (mail->state == DELIVERED)
			break;
	if (mail != NULL)
		seat->delivered--;
	pthread_mutex_unlock(&b->lock);
	return mail;
}

static void open_mails(struct mxsel_unbound *u, struct mxsel__ub_seat *seat)
{
	struct mail *mail;

	while ((mail = next_delivered(&u->blocking, seat)) != NULL) {
		unlink_mail(mail);
		mxsel_query_set_user(mail->query, NULL);
		mxsel__ub_answer(mail->query, mail->error, mail->result,
			mxsel__ub_proves(u));
		free(mail);
	}
}

static uint64_t earliest(const struct mxsel__ub_seat *seat, uint64_t limit)
{
	const struct mail *mail;

	for (mail = seat->mails; mail != NULL; mail = mail->next)
		if (mail->deadline < limit)
			limit = mail->deadline;
	return limit;
}

/* End those whose time is up: all of them when it is the selection's. */
static void expire(struct mxsel__ub_seat *seat, uint64_t limit)
{
	uint64_t now = mxsel__ub_now();
	struct mail *mail, *next;
	mxsel_query *query;

	for (mail = seat->mails; mail != NULL; mail = next) {
		next = mail->next;
		if (mail->deadline > now && limit > now)
			continue;
		query = mail->query;
		drop(mail);
		mxsel__ub_answer_failed(query, MXSEL_DNS_TIMEOUT);
	}
}

/* A child's questions end, see abandon(). */
static int wait_as_child(struct mxsel_unbound *u, const mxsel *selection)
{
	struct mxsel__ub_seat *seat = seat_held_by(&u->blocking, selection);
	mxsel_query *query;

	if (seat == NULL)
		return MXSEL_EUSAGE;
	while (seat->mails != NULL) {
		query = seat->mails->query;
		abandon(seat->mails);
		mxsel__ub_answer_failed(query, MXSEL_DNS_NETWORK);
	}
	return 0;
}

static int wait_for_answers(struct mxsel_unbound *u, mxsel *selection)
{
	struct mxsel__ub_seat *seat = find_seat(&u->blocking, selection);
	uint64_t began = mxsel__ub_now();
	/* Where there is none, in 49 days: questions end before. */
	uint64_t limit = began + mxsel_time_left(selection);
	int result;

	if (seat == NULL)
		return MXSEL_EUSAGE;
	result = wait_for_mail(&u->blocking, seat, earliest(seat, limit));
	open_mails(u, seat);
	expire(seat, limit);
	mxsel_time_spent(selection, (uint32_t)(mxsel__ub_now() - began));
	leave_seat(&u->blocking, seat);
	return result;
}

int mxsel__ub_wait(mxsel *selection, void *user)
{
	struct mxsel_unbound *u = user;

	return mxsel__ub_channel_is_own(&u->blocking.channel) ?
		wait_for_answers(u, selection) : wait_as_child(u, selection);
}

/* ----------------------------------------------------------- make, free */

int mxsel__ub_blocking_init(struct mxsel_unbound *u)
{
	struct mxsel__ub_blocking *b = &u->blocking;
	int result = mxsel__ub_channel_init(&b->channel);

	if (result != 0)
		return result;
	b->seats = NULL;
	b->led = 0;
	if (pthread_mutex_init(&b->lock, NULL) == 0)
		return 0;
	mxsel__ub_channel_destroy(&b->channel);
	return MXSEL_ENOMEM;
}

void mxsel__ub_blocking_destroy(struct mxsel_unbound *u)
{
	struct mxsel__ub_blocking *b = &u->blocking;
	int own = mxsel__ub_channel_is_own(&b->channel);
	struct mxsel__ub_seat *seat;

	mxsel__ub_channel_destroy(&b->channel);
	while ((seat = b->seats) != NULL) {
		b->seats = seat->next;
		/* In a child it would wait for the parent's sleepers. */
		if (own)
			(void)pthread_cond_destroy(&seat->wake);
		free(seat);
	}
	if (own)
		(void)pthread_mutex_destroy(&b->lock);
}

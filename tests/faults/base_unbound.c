/*
 * libunbound as a client that forwards to the server: ub_resolve_async(),
 * and ub_cancel() when the time is up, for it has no setting that limits a
 * look-up. May use libunbound.
 */
#define _DEFAULT_SOURCE

#include "faults/base.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include <unbound.h>

#include "faults/cell.h"

struct answer {
	struct told *told;
	unsigned type;
	const char *why;
	int is_done;
};

static void *open_unbound(int port)
{
	struct ub_ctx *context = ub_ctx_create();
	char server[32];

	if (context == NULL)
		return NULL;
	snprintf(server, sizeof server, "127.0.0.1@%d", port);
	ub_ctx_async(context, 1);
	ub_ctx_set_option(context, "do-not-query-localhost:", "no");
	ub_ctx_set_option(context, "module-config:", "iterator");
	ub_ctx_set_option(context, "num-threads:", "1");
	if (ub_ctx_set_fwd(context, server) != 0)
		return NULL;
	return context;
}

/* A name on the wire, in the words of a master file. */
static void read_name(char *out, size_t room, const unsigned char *at,
	int length)
{
	const unsigned char *end = at + length;
	size_t n = 0;
	int i;

	while (at < end && *at != 0 && at + 1 + *at <= end) {
		for (i = 1; i <= *at && n + 6 < room; i++)
			n += (size_t)snprintf(out + n, room - n,
				at[i] > ' ' && at[i] < 127 && at[i] != '.' ?
				"%c" : "\\%03u", at[i]);
		at += 1 + *at;
		if (n + 2 < room)
			out[n++] = '.';
	}
	if (n == 0)
		out[n++] = '.';
	out[n] = '\0';
}

static void tell(struct answer *a, const struct ub_result *result)
{
	char name[1200];
	int i;

	for (i = 0; result->data[i] != NULL; i++) {
		const unsigned char *data = (unsigned char *)result->data[i];

		if (result->len[i] < 3 || (a->type == 1 &&
			result->len[i] != 4)) {
			a->why = "temporary: bad record";
			continue;
		}
		if (a->type == 1) {
			told_address(a->told, AF_INET, data);
			continue;
		}
		read_name(name, sizeof name, data + 2, result->len[i] - 2);
		told_mx(a->told, (unsigned)data[0] << 8 | data[1], name);
	}
}

static void answered(void *user, int error, struct ub_result *result)
{
	struct answer *a = user;

	a->is_done = 1;
	a->why = "temporary: no answer";
	if (error != 0)
		return;
	if (result->rcode == 3)
		a->why = "nxdomain";
	else if (result->rcode == 0)
		a->why = NULL;
	if (result->rcode == 0 && result->havedata)
		tell(a, result);
	ub_resolve_free(result);
}

static const char *ask_unbound(void *object, const char *name, unsigned type,
	struct told *told)
{
	struct answer answer = { told, type, NULL, 0 };
	struct pollfd readable = { .fd = ub_fd(object), .events = POLLIN };
	int id, left, end = cell_now() + BASE_WAIT;

	if (ub_resolve_async(object, name, (int)type, 1, &answer, answered,
		&id) != 0)
		return "temporary: refused";
	while (!answer.is_done && (left = end - cell_now()) > 0) {
		if (poll(&readable, 1, left) > 0)
			ub_process(object);
	}
	if (answer.is_done)
		return answer.why;
	ub_cancel(object, id);
	return "temporary: too late";
}

static void close_unbound(void *object)
{
	ub_ctx_delete(object);
}

const struct library base_unbound = { open_unbound, ask_unbound,
	close_unbound };

/*
 * The program that lets clients meet one fault and judges what came of it:
 * "wire F12" or "base F12 ldns". One line for each client on stdout, for
 * run.py; what went wrong on stderr. May use libc and sockets.
 */
#define _DEFAULT_SOURCE

#include "faults/cell.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "faults/server.h"

#define GRACE 50        /* ms after a deadline (S7) */
#define BASE_TIME 2500  /* ms: they were told to give up after 1000, and may
                           turn to TCP after that */
#define PATIENCE 12     /* s for a whole process */
#define SHARDS_MAX 16

/* How a variant went, better ones first. */
enum state { FINE, LATE, WRONG, CRASHED, HUNG };

struct verdict {
	enum state state;
	int took;
	unsigned variant; /* that decided */
};

int cell_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int)(now.tv_sec % 1000000 * 1000 + now.tv_nsec / 1000000);
}

void cell_shorten(char *text, const char *domain)
{
	size_t length = strlen(domain);
	char *at;

	while ((at = strstr(text, domain)) != NULL) {
		*at = '@';
		memmove(at + 1, at + length, strlen(at + length) + 1);
	}
}

static int matches_one(const char *right, size_t length, const char *said)
{
	if (length > 0 && right[length - 1] == '*')
		return strncmp(right, said, length - 1) == 0;
	return strncmp(right, said, length) == 0 && said[length] == '\0';
}

int cell_matches(const char *alternatives, const char *said)
{
	for (;;) {
		size_t length = strcspn(alternatives, "|");

		if (matches_one(alternatives, length, said))
			return 1;
		if (alternatives[length] == '\0')
			return 0;
		alternatives += length + 1;
	}
}

/* -------------------------------------------------------------- processes */

/* A child that ends with us; without one there is nothing to be seen. */
static pid_t start(void)
{
	pid_t pid = fork();

	if (pid < 0) {
		perror("fork");
		exit(2);
	}
	if (pid == 0)
		prctl(PR_SET_PDEATHSIG, SIGKILL);
	return pid;
}

static pid_t start_server(struct server *server, struct cell *cell)
{
	pid_t pid = start();

	if (pid != 0)
		return pid;
	signal(SIGPIPE, SIG_IGN);
	server_run(server, &cell->open);
	_exit(0);
}

static pid_t start_shard(const struct client *client, struct cell *cell,
	unsigned first, unsigned step)
{
	pid_t pid = start();

	if (pid != 0)
		return pid;
	client->run(cell, first, step);
	exit(0); /* so that a sanitizer looks for leaks */
}

struct process {
	pid_t pid;
	int began;
	unsigned variant;
};

/* How the process ended, when it did: a crash, too long, or well. */
static int ended(struct process *p, struct cell *cell, enum state *worst)
{
	int status;

	if (waitpid(p->pid, &status, WNOHANG) == 0) {
		if (cell_now() - p->began < PATIENCE * 1000)
			return 0;
		kill(p->pid, SIGKILL);
		waitpid(p->pid, &status, 0);
		cell->outcomes[p->variant].took = cell_now() - p->began;
		*worst = HUNG;
		return 1;
	}
	if (WIFSIGNALED(status) || WEXITSTATUS(status) != 0)
		*worst = CRASHED;
	return 1;
}

static void run_shards(const struct client *client, struct cell *cell,
	unsigned shards, enum state *ends)
{
	struct process running[SHARDS_MAX];
	unsigned count = fault_variants(cell->fault), next = 0, live = 0, i;
	unsigned parts = client->is_base ? count :
		count < shards ? count : shards;

	while (next < parts || live > 0) {
		while (next < parts && live < shards) {
			running[live].variant = next;
			running[live].began = cell_now();
			running[live++].pid = start_shard(client, cell,
				next++, parts);
		}
		for (i = 0; i < live; i++)
			if (ended(&running[i], cell,
				&ends[running[i].variant]))
				running[i--] = running[--live];
		lie_pause(1);
	}
}

/* --------------------------------------------------------------- judgement */

int cell_is_late(const struct cell *cell, const char *said, int took)
{
	return took >= fault_time(cell->fault) - 10 &&
		cell_matches("defer*|mx 10 mx.@ 2001:db8::1|"
		"mx 10 mx.@ 192.0.2.1", said);
}

static enum state judge_one(const struct cell *cell, unsigned variant,
	const struct client *client)
{
	const struct outcome *o = &cell->outcomes[variant];
	int limit = client->is_base ? BASE_TIME :
		fault_time(cell->fault) + GRACE;

	if (!o->is_done)
		return client->is_base ? CRASHED : WRONG;
	if (!cell_matches(client->is_base ? fault_base(cell->fault) :
		fault_right(cell->fault, variant), o->said))
		return !client->is_base && cell_is_late(cell, o->said,
			o->took) ? LATE : WRONG;
	if (o->took > limit)
		return client->is_base ? HUNG : LATE;
	return o->next_is_right ? FINE : o->next_is_late ? LATE : WRONG;
}

static struct verdict judge(const struct cell *cell,
	const struct client *client, const enum state *ends)
{
	struct verdict v = { FINE, 0, 0 };
	unsigned i;

	for (i = 0; i < fault_variants(cell->fault); i++) {
		enum state state = ends[i] != FINE ? ends[i] :
			judge_one(cell, i, client);

		if (cell->outcomes[i].took > v.took)
			v.took = cell->outcomes[i].took;
		if (state <= v.state)
			continue;
		v.state = state;
		v.variant = i;
	}
	return v;
}

static void tell_all(const struct cell *cell)
{
	unsigned i;

	for (i = 0; i < fault_variants(cell->fault); i++)
		printf("\t%u: %s (%d ms)\n", i, cell->outcomes[i].said,
			cell->outcomes[i].took);
}

static void tell_failure(const struct cell *cell, const struct client *client,
	const struct verdict *v)
{
	const struct outcome *o = &cell->outcomes[v->variant];

	fprintf(stderr, "F%d, %s, variant %u: \"%s\", %d ms, next %s; "
		"right is \"%s\"\n", cell->fault->number, client->name,
		v->variant, o->said, o->took,
		o->next_is_right ? "fine" : "fails", client->is_base ?
		fault_base(cell->fault) : fault_right(cell->fault,
		v->variant));
}

static void tell(const struct cell *cell, const struct client *client,
	struct verdict *v)
{
	static const char *const words[] = { "passed", "late", "failed",
		"crash", "hang" };
	const struct outcome *o = &cell->outcomes[v->variant];
	const char *word = words[v->state];

	if (client->is_base && v->state <= WRONG)
		word = v->state == WRONG ? "wrong" : "survived";
	if (v->state == FINE && (cell->sockets_left | cell->blocks_left) != 0)
		word = "failed";
	if (v->state != FINE && !client->is_base)
		tell_failure(cell, client, v);
	if (cell->sockets_left != 0 || cell->blocks_left != 0)
		fprintf(stderr, "F%d, %s: %d descriptors, %ld blocks left\n",
			cell->fault->number, client->name, cell->sockets_left,
			cell->blocks_left);
	printf("%s|F%d|%s|%d|%u|%s|%s\n", client->name, cell->fault->number,
		word, v->took, fault_variants(cell->fault), cell->fault->what,
		v->state == FINE ? "" : !o->is_done ? "no answer" :
		o->next_is_right || v->state == HUNG ? o->said :
		"the next look-up fails");
	fflush(stdout);
}

static void meet(struct cell *cell, const struct client *client, int shown)
{
	enum state ends[LIE_VARIANTS] = { FINE };
	struct verdict verdict;

	memset(cell->outcomes, 0, sizeof cell->outcomes);
	cell->sockets_left = 0;
	cell->blocks_left = 0;
	cell->kind = client->kind;
	atomic_store(&cell->open, 0);
	if ((cell->fault->flags & LIE_NO_PORT) != 0)
		lie_pause(20);
	run_shards(client, cell, (unsigned)client->shards, ends);
	if (shown)
		tell_all(cell);
	verdict = judge(cell, client, ends);
	tell(cell, client, &verdict);
}

int main(int argc, char **argv)
{
	const struct client *client;
	const struct fault *fault;
	struct server server;
	struct cell *cell;
	pid_t pid;

	fault = argc < 2 ? NULL : fault_find((int)strtol(argv[1] +
		(argv[1][0] == 'F'), NULL, 10));
	if (fault == NULL) {
		fprintf(stderr, "usage: %s F1..F73 [client [all]]\n", argv[0]);
		return 2;
	}
	cell = mmap(NULL, sizeof *cell, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (cell == MAP_FAILED)
		return 2;
	server_bind(&server, fault);
	cell->fault = fault;
	cell->port = server.port;
	pid = start_server(&server, cell);
	server_close(&server);
	for (client = clients; client->name != NULL; client++)
		if (argc < 3 || strcmp(argv[2], client->name) == 0)
			meet(cell, client, argc > 3);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	return 0;
}

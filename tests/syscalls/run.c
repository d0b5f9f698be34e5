/*
 * Every system call of the libraries x every error that it may give: in each
 * scene the n-th call fails for n = 1.. until the scene makes no more, once
 * and from there on. A run is right when the plan is, or the mail is kept and
 * the selection says so, or a function returned an error that is one for this
 * call; when it was in time; and when the next look-up without fault on the
 * same objects is right and leaves descriptors and heap as they were.
 *
 * run [scene...]; SYSCALLS_TIME: seconds, 60 unless set, after which scenes
 * stop where they are, which the figure says.
 */
#define _GNU_SOURCE

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/child.h"
#include "support/figure.h"
#include "syscalls/scene.h"

#define JOBS 6 /* they wait, mostly */
#define CALLS_MAX 100 /* of one kind in one run; clocks and polls vary */
#define LATE_TRIES 3
#define INTERRUPTIONS 500 /* in a row */

/* Shared by the processes of all scenes. */
static struct tally {
	atomic_uint runs, wrong, stopped;
	atomic_uchar reached[CALL_COUNT][ERRORS_MAX];
} *tally;

static long ends; /* judge_now() then */

static const char LATE[] = "late";

/* One that fails, and how. */
struct run {
	const struct scene *scene;
	struct objects *o;
	const struct call_errors *call;
	int error;
	unsigned nth;
	unsigned times; /* 1, or 0: from there on */
};

static int is_allowed(const struct run *r, int result)
{
	int i;

	for (i = 0; i < RESULTS_MAX; i++)
		if (r->call->results[i] == result)
			return 1;
	return 0;
}

static void say_wrong(const struct run *r, const char *what, int result)
{
	atomic_fetch_add(&tally->wrong, 1);
	printf("%s, %s %s, call %u %s: %s (%s; \"%s\" %d)\n", r->scene->name,
		wrap_name((int)r->call->call), strerrorname_np(r->error),
		r->nth, r->times == 1 ? "once" : "and on", what,
		mxsel_strerror(result), r->o->t.said, r->o->t.code);
	fflush(stdout);
}

/* What is wrong with it; NULL: nothing. */
static const char *judge(const struct run *r, int result, int made)
{
	const struct trial *t = &r->o->t;

	if (result != 0)
		return is_allowed(r, result) ? NULL : "another error";
	if (!made || t->insane || !trial_is_sane(t))
		return "neither right nor temporary";
	return t->took <= t->time + JUDGE_GRACE ? NULL : LATE;
}

/* Without faults on what there is; objects that could not be made are. */
static const char *go_on(const struct run *r, int made)
{
	int result;

	if (!made) {
		scene_give_back(r->o);
		result = r->scene->make(r->o);
		if (result != 0)
			return "cannot be made afterwards";
	}
	result = r->scene->look(r->o);
	if (result == 0 && trial_is_right(&r->o->t))
		return NULL;
	return result == 0 && r->o->t.took >= r->o->t.time ? LATE :
		"not right afterwards";
}

static const char *compare(const struct run *r, const struct base *base)
{
	if (judge_descriptors() != base->descriptors)
		return "other descriptors than before";
	if (!r->scene->blocks_differ && heap_blocks() != base->blocks)
		return "another heap than before";
	return NULL;
}

/* Nobody is interrupted for ever, but who is begins again at once. */
static void arm(const struct run *r)
{
	unsigned times = r->times == 0 && r->error == EINTR ? INTERRUPTIONS :
		r->times;

	wrap_fail((int)r->call->call, r->error, r->nth, times);
	wrap.wait = times == 0;
	r->o->t.may_differ = 1;
}

/* How many calls failed. */
static unsigned disarm(const struct run *r)
{
	unsigned failed = wrap.failed;

	wrap_off();
	r->o->t.may_differ = 0;
	return failed;
}

/* 0: neither the scene nor its end makes so many calls. */
static int try_once(const struct run *r, const char **wrong, int *result)
{
	struct base base;
	unsigned failed;
	int made;

	judge_base(&base);
	r->o->t.said[0] = '\0';
	r->o->t.took = 0;
	arm(r);
	*result = r->scene->make(r->o);
	made = *result == 0;
	if (made)
		*result = r->scene->look(r->o);
	failed = disarm(r);
	*wrong = NULL;
	if (failed > 0) {
		*wrong = judge(r, *result, made);
		if (*wrong == NULL)
			*wrong = go_on(r, made);
	}
	arm(r);
	scene_give_back(r->o);
	failed += disarm(r);
	if (failed > 0 && *wrong == NULL)
		*wrong = compare(r, &base);
	return failed > 0;
}

/* Late is what is late three times: the machine may be busy. */
static int run_one(const struct run *r)
{
	const char *wrong;
	int tries = 0, result;

	do {
		if (!try_once(r, &wrong, &result))
			return 0;
	} while (wrong != NULL && wrong == LATE &&
		++tries < LATE_TRIES);
	atomic_fetch_add(&tally->runs, 1);
	if (wrong != NULL)
		say_wrong(r, wrong, result);
	return 1;
}

static void run_error(struct run *r, size_t at)
{
	for (r->times = 0; r->times < 2; r->times++)
		for (r->nth = 1; r->nth <= CALLS_MAX; r->nth++) {
			if (judge_now() > ends) {
				atomic_fetch_add(&tally->stopped, 1);
				return;
			}
			if (!run_one(r))
				break;
			atomic_store(&tally->reached[r->call->call][at], 1);
		}
}

/* In a process of its own, whose descriptors are not counted here. */
static pid_t start_server(const struct scene *scene, char address[32])
{
	int ends_of[2];
	pid_t server;

	EXPECT(pipe(ends_of) == 0);
	server = fork();
	EXPECT(server >= 0);
	if (server == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		snprintf(address, 32, "%s", liar_address(liar_start(scene->udp,
			scene->tcp)));
		(void)!write(ends_of[1], address, 32);
		for (;;)
			pause();
	}
	EXPECT(read(ends_of[0], address, 32) == 32);
	close(ends_of[0]);
	close(ends_of[1]);
	return server;
}

static int run_scene(const struct scene *scene)
{
	struct objects o;
	struct run r = { .scene = scene, .o = &o };
	pid_t servers[4];
	size_t i, k;

	memset(&o, 0, sizeof o);
	o.t.time = TIME_LIMIT;
	for (; o.server_count < scene->servers; o.server_count++)
		servers[o.server_count] = start_server(scene,
			o.servers[o.server_count]);
	if (scene->prepare != NULL)
		scene->prepare(&o);
	for (i = 0; i < 3; i++) { /* the C library keeps what it keeps */
		EXPECT(scene->make(&o) == 0);
		EXPECT(scene->look(&o) == 0 && trial_is_right(&o.t));
		scene_give_back(&o);
	}
	for (i = 0; i < call_errors_count; i++) {
		r.call = &call_errors[i];
		for (k = 0; k < ERRORS_MAX && r.call->errors[k] != 0; k++) {
			r.error = r.call->errors[k];
			run_error(&r, k);
		}
	}
	if (o.path != NULL) {
		remove(o.path);
		rmdir(o.folder);
	}
	while (o.server_count > 0) {
		kill(servers[--o.server_count], SIGKILL);
		waitpid(servers[o.server_count], NULL, 0);
	}
	return 0;
}

/* --- all of them --------------------------------------------------------- */

static int is_wanted(const char *name, int argc, char **argv)
{
	int i;

	for (i = 1; i < argc; i++)
		if (strcmp(argv[i], name) == 0)
			return 1;
	return argc < 2;
}

static void wait_for_one(void)
{
	int status = 0;

	if (wait(&status) < 0 || (WIFEXITED(status) &&
			WEXITSTATUS(status) == 0))
		return;
	atomic_fetch_add(&tally->wrong, 1);
	printf("\na scene ended by %s %d\n", WIFSIGNALED(status) ? "signal" :
		"status", WIFSIGNALED(status) ? WTERMSIG(status) :
		WEXITSTATUS(status));
	fflush(stdout);
}

static void run_all(int argc, char **argv)
{
	int running = 0;
	size_t i;

	for (i = 0; i < scenes_count; i++) {
		if (!is_wanted(scenes[i].name, argc, argv))
			continue;
		if (running == JOBS) {
			wait_for_one();
			running--;
		}
		fflush(stdout);
		if (fork() == 0) {
			judge_report_to(STDOUT_FILENO);
			wrap_off();
			end_child(run_scene(&scenes[i]));
		}
		running++;
	}
	while (running-- > 0)
		wait_for_one();
}

/* Those that no scene came to are named. */
static unsigned count_pairs(unsigned *reached)
{
	unsigned all = 0;
	size_t i, k;

	for (i = 0; i < call_errors_count; i++)
		for (k = 0; k < ERRORS_MAX && call_errors[i].errors[k] != 0;
				k++) {
			all++;
			if (atomic_load(&tally->reached[call_errors[i].call]
					[k])) {
				++*reached;
				continue;
			}
			printf("never made: %s (%s)\n", wrap_name((int)
				call_errors[i].call), strerrorname_np(
				call_errors[i].errors[k]));
		}
	return all;
}

int main(int argc, char **argv)
{
	const char *seconds = getenv("SYSCALLS_TIME");
	unsigned pairs, reached = 0, wrong;

	ends = judge_now() + 1000 * (seconds != NULL ?
		strtol(seconds, NULL, 10) : 60);
	tally = mmap(NULL, sizeof *tally, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (tally == MAP_FAILED)
		return 1;
	memset(tally, 0, sizeof *tally);
	run_all(argc, argv);
	pairs = count_pairs(&reached);
	wrong = atomic_load(&tally->wrong);
	figure_print("system calls x errno", wrong > 0 ? FIGURE_FAILED :
		reached < pairs || atomic_load(&tally->stopped) > 0 ?
		FIGURE_SHORT : FIGURE_REACHED, "all",
		"%u of %u pairs, %u runs, %u wrong%s", reached, pairs,
		atomic_load(&tally->runs), wrong,
		atomic_load(&tally->stopped) > 0 ? ", out of time" : "");
	return wrong > 0;
}

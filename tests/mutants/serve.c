/*
 * The other half of every program that is linked with the mutants: instead of
 * its own main() it first runs this one, which, told so by MXSEL_MUTANTS,
 * reads what to do from standard input and forks a child for each run, so
 * that a run costs a fork and not a start. Otherwise the program runs as
 * always, with the mutant that MXSEL_MUTANT=ID:true|false|not names. Linked
 * with --wrap for main, _tcase_add_test, srunner_run_all and
 * _ck_assert_failed; may use POSIX and Check.
 *
 * A line asked:	ID KIND CPU_MS WALL_MS SEEN WORD...
 * WORDs are the numbers of tests, or, for a program that takes files, files.
 * ID -1 lists the tests; KIND is one of enum mutant_kind; SEEN 1 asks which
 * conditions the run met. The line answered:
 *	STATUS CPU_US WALL_US ID:SEEN...
 * STATUS is the exit status, 256 + the signal, or -1: out of time.
 */
#define _GNU_SOURCE
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "mutants/mutant.h"

#ifndef MUTANTS_SIZE
#error "how many numbers the conditions have"
#endif
#define LINE_SIZE 65536
#define WORDS_MAX 4096
#define TESTS_MAX 4096
#define MEMORY_MAX ((rlim_t)3 << 30)
#define FILE_MAX ((rlim_t)64 << 20)
#define LOOK_NS 5000000 /* between looks at the clock of a child */

unsigned mutant_chosen;
int mutant_kind;
static unsigned char seen_here[MUTANTS_SIZE];
unsigned char *mutant_seen = seen_here;

/* What a child is to do. */
static struct {
	int serving, listing, seen;
	long cpu_ms, wall_ms;
	unsigned char wanted[TESTS_MAX];
	int count; /* of tests met so far */
	int answers; /* the descriptor that they are read from */
} order;

int __real_main(int argc, char **argv);
int __wrap_main(int argc, char **argv);
void __real__tcase_add_test(TCase *tc, const TTest *test, int signal,
	int status, int start, int end);
void __wrap__tcase_add_test(TCase *tc, const TTest *test, int signal,
	int status, int start, int end);
void __real_srunner_run_all(SRunner *runner, enum print_output mode);
void __wrap_srunner_run_all(SRunner *runner, enum print_output mode);
void __wrap__ck_assert_failed(const char *file, int line, const char *text,
	...);

/* Only the tests wanted are there at all. */
void __wrap__tcase_add_test(TCase *tc, const TTest *test, int signal,
	int status, int start, int end)
{
	int number = order.count++;

	if (order.listing)
		dprintf(order.answers, "%s\n", test->name);
	if (!order.serving || (number < TESTS_MAX && order.wanted[number]))
		__real__tcase_add_test(tc, test, signal, status, start, end);
}

void __wrap_srunner_run_all(SRunner *runner, enum print_output mode)
{
	if (order.listing)
		_exit(0);
	__real_srunner_run_all(runner, mode);
}

/* The first failure is enough. */
void __wrap__ck_assert_failed(const char *file, int line, const char *text,
	...)
{
	if (!order.serving)
		fprintf(stderr, "%s:%d: %s\n", file, line, text);
	_exit(1);
}

static long us_of(clockid_t clock)
{
	struct timespec now;

	/* Some programs have a clock_gettime() of their own, which lies. */
	if (syscall(SYS_clock_gettime, clock, &now) != 0)
		return 0;
	return (long)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static long us_used(const struct rusage *used)
{
	return (used->ru_utime.tv_sec + used->ru_stime.tv_sec) * 1000000 +
		used->ru_utime.tv_usec + used->ru_stime.tv_usec;
}

/* The one status of a child that has ended, or that had to be ended. */
static long await(pid_t child, long *cpu, long *wall)
{
	const struct timespec look = { 0, LOOK_NS };
	long began = us_of(CLOCK_MONOTONIC);
	int status, in_time = 1;
	struct rusage used;
	clockid_t clock;
	sigset_t ended;

	sigemptyset(&ended);
	sigaddset(&ended, SIGCHLD);
	if (clock_getcpuclockid(child, &clock) != 0)
		clock = CLOCK_MONOTONIC;
	while (wait4(child, &status, WNOHANG, &used) == 0) {
		*wall = us_of(CLOCK_MONOTONIC) - began;
		in_time = us_of(clock) <= order.cpu_ms * 1000 &&
			*wall <= order.wall_ms * 1000;
		if (!in_time)
			kill(child, SIGKILL);
		sigtimedwait(&ended, NULL, &look);
	}
	kill(-child, SIGKILL); /* and what it left */
	*cpu = us_used(&used);
	*wall = us_of(CLOCK_MONOTONIC) - began;
	if (!in_time)
		return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) :
		256 + WTERMSIG(status);
}

/* What a mutant runs wild with. */
static void tame(void)
{
	const struct rlimit memory = { MEMORY_MAX, MEMORY_MAX };
	const struct rlimit file = { FILE_MAX, FILE_MAX };
	const struct rlimit core = { 0, 0 };

#ifndef __SANITIZE_ADDRESS__
	setrlimit(RLIMIT_AS, &memory);
#endif
	setrlimit(RLIMIT_FSIZE, &file);
	setrlimit(RLIMIT_CORE, &core);
}

/* A network with nobody on it but us, where the system lets us have one. */
static void leave_network(void)
{
	struct ifreq request;
	int fd;

	if (unshare(CLONE_NEWNET) != 0)
		return;
	memset(&request, 0, sizeof request);
	strcpy(request.ifr_name, "lo");
	request.ifr_flags = IFF_UP | IFF_RUNNING;
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &request) != 0)
		exit(99);
	close(fd);
}

static void become_child(const sigset_t *mask)
{
	int null = open("/dev/null", O_RDWR);

	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	tame();
	sigprocmask(SIG_SETMASK, mask, NULL);
	if (order.listing)
		order.answers = fcntl(1, F_DUPFD, 100);
	dup2(null, 0);
	dup2(null, 1);
	dup2(null, 2);
	if (null > 2)
		close(null);
}

/* Seen is shared with the children from here on. */
static void share_seen(void)
{
	void *shared = mmap(NULL, MUTANTS_SIZE, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (shared == MAP_FAILED)
		exit(99);
	mutant_seen = shared;
}

static void answer(long status, long cpu, long wall)
{
	unsigned id;

	printf("%ld %ld %ld", status, cpu, wall);
	for (id = 0; order.seen && id < MUTANTS_SIZE; id++) {
		if (mutant_seen[id] != 0)
			printf(" %u:%d", id, mutant_seen[id]);
	}
	putchar('\n');
	fflush(stdout);
}

/* In the parent -1, in a child what its main() gave. */
static int run(int argc, char **argv)
{
	long status, cpu = 0, wall = 0;
	sigset_t mask, ended;
	pid_t child;

	memset(mutant_seen, 0, MUTANTS_SIZE);
	sigemptyset(&ended);
	sigaddset(&ended, SIGCHLD);
	sigprocmask(SIG_BLOCK, &ended, &mask);
	child = fork();
	if (child == 0) {
		become_child(&mask);
		return __real_main(argc, argv);
	}
	setpgid(child, child);
	status = child < 0 ? -2 : await(child, &cpu, &wall);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	answer(status, cpu, wall);
	return -1;
}

/* One line into order and words; how many words. */
static int read_order(char *line, char **words)
{
	char *rest = line, *word;
	long numbers[5];
	int i, n = 0;

	for (i = 0; i < 5; i++)
		numbers[i] = strtol(rest, &rest, 10);
	order.listing = numbers[0] < 0;
	mutant_chosen = numbers[0] < 0 ? 0 : (unsigned)numbers[0];
	mutant_kind = (int)numbers[1];
	order.cpu_ms = numbers[2];
	order.wall_ms = numbers[3];
	order.seen = (int)numbers[4];
	memset(order.wanted, 0, sizeof order.wanted);
	while ((word = strtok(n == 0 ? rest : NULL, " \n")) != NULL &&
			n < WORDS_MAX) {
		words[n++] = word;
		if (atoi(word) >= 0 && atoi(word) < TESTS_MAX)
			order.wanted[atoi(word)] = 1;
	}
	words[n] = NULL;
	return n;
}

static int serve(char **argv, int files)
{
	static char line[LINE_SIZE];
	static char *words[WORDS_MAX + 2];
	int n, status;

	order.serving = 1;
	share_seen();
	leave_network();
	words[0] = argv[0];
	while (fgets(line, sizeof line, stdin) != NULL) {
		n = read_order(line, words + 1);
		if (!files)
			words[1] = NULL;
		status = run(files ? n + 1 : 1, words);
		if (status >= 0)
			return status;
	}
	return 0;
}

int __wrap_main(int argc, char **argv)
{
	const char *mutants = getenv("MXSEL_MUTANTS");
	const char *one = getenv("MXSEL_MUTANT");
	char *kind;

	if (mutants != NULL)
		return serve(argv, strcmp(mutants, "files") == 0);
	if (one != NULL) {
		mutant_chosen = (unsigned)strtoul(one, &kind, 10);
		mutant_kind = strcmp(kind, ":not") == 0 ? MUTANT_NOT :
			strcmp(kind, ":true") == 0;
	}
	return __real_main(argc, argv);
}

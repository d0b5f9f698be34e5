/*
 * Run a command and say what it took: from a small process, since what a
 * large one has in memory counts as the command's own until it is loaded.
 * May use POSIX.
 *
 *   launch SECONDS COMMAND...    after SECONDS it is interrupted
 */
#define _DEFAULT_SOURCE

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t child;

static void interrupt(int sig)
{
	(void)sig;
	if (child > 0)
		(void)kill((pid_t)child, SIGKILL);
}

static double now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

int main(int argc, char **argv)
{
	struct sigaction sa = { .sa_handler = interrupt };
	struct rusage used;
	double start = now();
	int status;
	pid_t pid;

	if (argc < 3)
		return EXIT_FAILURE;
	(void)sigaction(SIGALRM, &sa, NULL);
	(void)sigaction(SIGTERM, &sa, NULL);
	(void)sigaction(SIGINT, &sa, NULL);
	pid = fork();
	if (pid == 0) {
		(void)execvp(argv[2], argv + 2);
		_exit(127);
	}
	if (pid < 0)
		return EXIT_FAILURE;
	child = pid;
	(void)alarm((unsigned)strtoul(argv[1], NULL, 10));
	while (wait4(pid, &status, 0, &used) < 0)
		;
	fprintf(stderr, "{\"seconds\":%.6f,\"user\":%.6f,\"sys\":%.6f,"
		"\"peak_kib\":%ld,\"status\":%d}\n", now() - start,
		seconds(used.ru_utime), seconds(used.ru_stime),
		used.ru_maxrss, WIFEXITED(status) ? WEXITSTATUS(status) : -1);
	return EXIT_SUCCESS;
}

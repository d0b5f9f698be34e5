/*
 * The faults of the machine, F74..F90, tried for real against servers on
 * 127.0.0.1: one line each, fault|NUMBER|STATE|MILLISECONDS|WHAT WAS SHOWN.
 * May use host_judge.h.
 */
#include "faults/host.h"

#include <stdio.h>

#include "faults/host_judge.h"

static const struct fault faults[] = {
	{ "F74", F74_signals, "2,000 signals a second change neither plan nor "
		"deadline" },
	{ "F75", F75_no_descriptor, "without a free descriptor look-ups are "
		"temporary, with one again right" },
	{ "F76", F76_no_buffer, "ENOBUFS, ENOMEM on send: once it costs a "
		"try, for ever it is temporary" },
	{ "F77", F77_nothing_after_all, "EAGAIN after POLLIN is waited "
		"through, for ever it ends in time" },
	{ "F78", F78_high_descriptors, "all descriptors above 1023: the same "
		"plans over UDP and TCP" },
	{ "F79", F79_no_way, "ENETUNREACH, EPERM: the next server at once, "
		"without one temporary at once" },
	{ "F80", F80_broken_pipe, "a closed connection written to raises no "
		"SIGPIPE" },
	{ "F81", F81_no_standard_descriptors, "with 0..2 closed no socket "
		"becomes one of them" },
	{ "F82", F82_fork, "parent and child of a fork both get every answer" },
	{ "F83", F83_clocks, "400 days forward or back: in time, the next "
		"look-up right, no look at the wall clock" },
	{ "F84", F84_no_memory, "" },
	{ "F85", F85_little_room, "on 32 KiB of stack and with RLIMIT_AS used "
		"up: right or temporary, then right" },
	{ "F86", F86_resolv_conf, "missing, empty, 1,000 servers, garbage, a "
		"folder, a FIFO, changed: read or refused, never worse" },
	{ "F87", F87_no_entropy, "without entropy nothing is sent; short and "
		"interrupted entropy is enough" },
	{ "F88", F88_chroot, "in an empty root all works but what needs "
		"/etc/resolv.conf, which says so" },
	{ "F89", F89_turkish, "in Turkish I and i are the same letter still" },
	{ "F90", F90_short_sends, "one octet a send over TCP is enough" },
};

int main(int argc, char **argv)
{
	return judge_all(faults, sizeof faults / sizeof *faults, argc, argv) !=
		0;
}

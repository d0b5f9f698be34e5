/*
 * The table of what a machine may do to its programs, see host_fault.h. May
 * use libc only.
 */
#include "sim/host_fault.h"

#include <errno.h>

static const struct sim_host_fault faults[] = {
	{ 74, "connect: EINTR", SIM_CONNECT, EINTR },
	{ 74, "sendmmsg: EINTR", SIM_SENDMMSG, EINTR },
	{ 74, "send: EINTR", SIM_SEND, EINTR },
	{ 74, "recvmmsg: EINTR", SIM_RECVMMSG, EINTR },
	{ 74, "recvmsg: EINTR", SIM_RECVMSG, EINTR },
	{ 74, "epoll_wait: EINTR", SIM_EPOLL_WAIT, EINTR },
	{ 74, "poll: EINTR", SIM_POLL, EINTR },
	{ 75, "socket: EMFILE", SIM_SOCKET, EMFILE },
	{ 75, "socket: ENFILE", SIM_SOCKET, ENFILE },
	{ 75, "epoll_ctl: ENOSPC", SIM_EPOLL_CTL, ENOSPC },
	{ 76, "sendmmsg: ENOBUFS", SIM_SENDMMSG, ENOBUFS },
	{ 76, "sendmmsg: ENOMEM", SIM_SENDMMSG, ENOMEM },
	{ 76, "send: ENOBUFS", SIM_SEND, ENOBUFS },
	{ 76, "recvmmsg: ENOMEM", SIM_RECVMMSG, ENOMEM },
	{ 77, "recvmmsg: EAGAIN", SIM_RECVMMSG, EAGAIN },
	{ 77, "recvmsg: EAGAIN", SIM_RECVMSG, EAGAIN },
	{ 79, "connect: ENETUNREACH", SIM_CONNECT, ENETUNREACH },
	{ 79, "sendmmsg: EPERM", SIM_SENDMMSG, EPERM },
	{ 79, "getsockopt: EPERM", SIM_GETSOCKOPT, EPERM },
	{ 80, "send: EPIPE", SIM_SEND, EPIPE },
	{ 87, "getrandom: EINTR", SIM_RANDOM, EINTR },
	{ 87, "getrandom: ENOSYS", SIM_RANDOM, ENOSYS },
	{ 87, "getrandom: short", SIM_RANDOM, 0 },
	{ 90, "send: short", SIM_SEND, 0 },
	{ 90, "sendmmsg: short", SIM_SENDMMSG, 0 }
};

const struct sim_host_fault *sim_host_fault_at(size_t i)
{
	return i < sizeof faults / sizeof faults[0] ? &faults[i] : NULL;
}

void sim_host_faults_often(unsigned per_million)
{
	const struct sim_host_fault *f;
	int call, errors[8];
	unsigned count;
	size_t i;

	for (call = 0; call < SIM_CALLS; call++) {
		count = 0;
		for (i = 0; (f = sim_host_fault_at(i)) != NULL; i++)
			if ((int)f->call == call && count < 8)
				errors[count++] = f->error;
		if (count > 0)
			sim_fail_often((enum sim_call)call,
				per_million * count, errors, count);
	}
}

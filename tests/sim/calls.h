/*
 * The names that the linker gives: __wrap_x is called for x, __real_x is x.
 * May use libc only.
 */
#ifndef TESTS_SIM_CALLS_H
#define TESTS_SIM_CALLS_H

#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <time.h>

int __real_socket(int family, int type, int protocol);
int __wrap_socket(int family, int type, int protocol);
int __real_connect(int fd, const struct sockaddr *address, socklen_t length);
int __wrap_connect(int fd, const struct sockaddr *address, socklen_t length);
int __real_close(int fd);
int __wrap_close(int fd);
int __real_fcntl(int fd, int command, ...);
int __wrap_fcntl(int fd, int command, ...);
int __real_getsockopt(int fd, int level, int name, void *value,
	socklen_t *length);
int __wrap_getsockopt(int fd, int level, int name, void *value,
	socklen_t *length);
int __real_setsockopt(int fd, int level, int name, const void *value,
	socklen_t length);
int __wrap_setsockopt(int fd, int level, int name, const void *value,
	socklen_t length);
ssize_t __real_send(int fd, const void *data, size_t size, int flags);
ssize_t __wrap_send(int fd, const void *data, size_t size, int flags);
int __real_sendmmsg(int fd, struct mmsghdr *messages, unsigned count,
	int flags);
int __wrap_sendmmsg(int fd, struct mmsghdr *messages, unsigned count,
	int flags);
int __real_recvmmsg(int fd, struct mmsghdr *messages, unsigned count,
	int flags, struct timespec *limit);
int __wrap_recvmmsg(int fd, struct mmsghdr *messages, unsigned count,
	int flags, struct timespec *limit);
ssize_t __real_recvmsg(int fd, struct msghdr *message, int flags);
ssize_t __wrap_recvmsg(int fd, struct msghdr *message, int flags);
int __real_poll(struct pollfd *fds, nfds_t count, int milliseconds);
int __wrap_poll(struct pollfd *fds, nfds_t count, int milliseconds);
int __wrap_epoll_create1(int flags);
int __wrap_epoll_ctl(int epoll, int what, int fd, struct epoll_event *event);
int __wrap_epoll_wait(int epoll, struct epoll_event *events, int most,
	int milliseconds);
int __real_clock_gettime(clockid_t clock, struct timespec *out);
int __wrap_clock_gettime(clockid_t clock, struct timespec *out);
ssize_t __wrap_getrandom(void *buffer, size_t size, unsigned flags);

#endif

/*
 * The limit: what sockets alone take. Every distinct question of the list is
 * sent once, whole batches at a time, with so many in flight as the
 * concurrency says; of an answer nothing is looked at but its id. May use
 * POSIX and Linux.
 */
#define _GNU_SOURCE

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/dns/load.h"

#define BATCH 32
#define IDS 65536

static struct {
	int fd;
	uint8_t *next, *end; /* of the questions */
	const uint8_t *sent[IDS]; /* the question in flight under an id */
	uint64_t when[IDS];
	uint16_t id;
	unsigned window, flight;
	struct mmsghdr out[BATCH], in[BATCH];
	struct iovec out_data[BATCH], in_data[BATCH];
	uint8_t packets[BATCH][300], answers[BATCH][1500];
} at;

static void open_socket(void)
{
	struct sockaddr_in sa;

	memset(&sa, 0, sizeof(sa));
	sa.sin_family = AF_INET;
	sa.sin_port = htons((uint16_t)load.port);
	sa.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	at.fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (at.fd < 0 || connect(at.fd, (struct sockaddr *)&sa,
		sizeof(sa)) != 0)
		load_die("no socket");
}

static void read_questions(void)
{
	char path[4096];
	struct stat st;
	int fd;

	(void)snprintf(path, sizeof(path), "%s/questions", load.folder);
	fd = open(path, O_RDONLY);
	if (fd < 0 || fstat(fd, &st) != 0)
		load_die(path);
	at.next = mmap(NULL, (size_t)st.st_size, PROT_READ,
		MAP_PRIVATE | MAP_POPULATE, fd, 0);
	if (at.next == MAP_FAILED)
		load_die(path);
	at.end = at.next + st.st_size;
	(void)close(fd);
}

static void prepare(void)
{
	int i;

	for (i = 0; i < BATCH; i++) {
		at.out_data[i].iov_base = at.packets[i];
		at.out[i].msg_hdr.msg_iov = &at.out_data[i];
		at.out[i].msg_hdr.msg_iovlen = 1;
		at.in_data[i].iov_base = at.answers[i];
		at.in_data[i].iov_len = sizeof(at.answers[i]);
		at.in[i].msg_hdr.msg_iov = &at.in_data[i];
		at.in[i].msg_hdr.msg_iovlen = 1;
	}
}

static unsigned put(unsigned place, uint16_t id, const uint8_t *question)
{
	uint8_t *packet = at.packets[place];
	size_t size = (size_t)question[0] << 8 | question[1];

	memcpy(packet, "\0\0\1\0\0\1\0\0\0\0\0\0", 12);
	memcpy(packet, &id, 2);
	memcpy(packet + 12, question + 2, size);
	at.out_data[place].iov_len = 12 + size;
	return place + 1;
}

static void send_batch(unsigned n)
{
	unsigned sent = 0;

	while (sent < n) {
		int rc = sendmmsg(at.fd, at.out + sent, n - sent, 0);

		if (rc < 0)
			load_die("sendmmsg");
		sent += (unsigned)rc;
	}
}

/* A domain is begun with its MX question. */
static int begin(struct load_job *job)
{
	size_t size = (size_t)at.next[0] << 8 | at.next[1];

	return at.next[size - 1] != 15 || load_next(job);
}

static void fill(struct load_job *job)
{
	uint64_t now = load_now();
	unsigned n = 0;

	while (at.flight < at.window && at.next < at.end && begin(job)) {
		while (at.sent[at.id] != NULL)
			at.id++;
		at.sent[at.id] = at.next;
		at.when[at.id] = now;
		n = put(n, at.id++, at.next);
		at.next += 2 + ((size_t)at.next[0] << 8 | at.next[1]);
		at.flight++;
		if (n == BATCH) {
			send_batch(n);
			n = 0;
		}
	}
	send_batch(n);
	if (at.next < at.end && at.flight < at.window)
		at.end = at.next; /* the time is over */
}

static void receive(struct load_job *job)
{
	int n, i;

	for (i = 0; i < BATCH; i++)
		at.in_data[i].iov_len = sizeof(at.answers[i]);
	n = recvmmsg(at.fd, at.in, BATCH, MSG_DONTWAIT, NULL);
	for (i = 0; i < n; i++) {
		const uint8_t *question;
		uint16_t id;

		memcpy(&id, at.answers[i], 2);
		question = at.sent[id];
		if (question == NULL)
			continue;
		at.sent[id] = NULL;
		at.flight--;
		if (question[((size_t)question[0] << 8 | question[1]) - 1] ==
			15) {
			job->begun = at.when[id];
			load_done_unchecked(job);
		}
	}
}

static void again(void)
{
	uint64_t now = load_now();
	uint32_t id;

	for (id = 0; id < IDS; id++)
		if (at.sent[id] != NULL && now - at.when[id] > 100000000) {
			at.when[id] = now;
			send_batch(put(0, (uint16_t)id, at.sent[id]));
		}
}

int main(int argc, char **argv)
{
	struct pollfd p;
	struct load_job job = { 0, 0, 0 };

	load_begin(argc, argv, "bare");
	open_socket();
	prepare();
	read_questions();
	at.window = load.concurrency;
	/* More than the server's default buffer takes would only be lost. */
	if (at.window > 256)
		at.window = 256;
	p.fd = at.fd;
	p.events = POLLIN;
	fill(&job);
	while (at.flight > 0) {
		if (poll(&p, 1, 100) == 0)
			again();
		receive(&job);
		fill(&job);
	}
	return load_end();
}

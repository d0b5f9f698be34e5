/*
 * Servers, zones and interfaces on a machine that does not do as it is told:
 * open(), read(), getifaddrs() and pthread_mutex_init() are this program's
 * own. An interruption is no failure, a failure is never half a file, and no
 * file is read for ever (R50, S10, S31, F74, F84, F86).
 */
#define _GNU_SOURCE

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include <mxsel/ldns.h>
#include <mxsel/mxsel.h>

#include "ldns/conf.h"
#include "support/run.h"

static struct {
	int interruptions;  /* of each call */
	int left;           /* of those of this one */
	int open_error, read_error;
	int reads, read_fails; /* which one, from 1 */
	int endless;        /* the file */
	const char *instead; /* of "/etc/resolv.conf" */
	int lock_error, list_error;
	struct ifaddrs *list;
	int lists;          /* not freed yet */
} machine;

static int is_interrupted(void)
{
	if (machine.left-- > 0) {
		errno = EINTR;
		return 1;
	}
	machine.left = machine.interruptions;
	return 0;
}

int open(const char *path, int flags, ...)
{
	mode_t mode = 0;
	va_list more;

	if ((flags & O_CREAT) != 0) {
		va_start(more, flags);
		mode = va_arg(more, mode_t);
		va_end(more);
	}
	/* No child may inherit what the library opens (S9), which is what is
	   opened so. */
	if ((flags & O_NOCTTY) != 0)
		ck_assert_int_ne(flags & O_CLOEXEC, 0);
	if (is_interrupted())
		return -1;
	if (machine.open_error != 0) {
		errno = machine.open_error;
		return -1;
	}
	if (strcmp(path, "/etc/resolv.conf") == 0 && machine.instead != NULL)
		path = machine.instead;
	return openat(AT_FDCWD, path, flags, mode);
}

ssize_t read(int fd, void *room, size_t size)
{
	struct iovec whole = { room, size };

	if (is_interrupted())
		return -1;
	if (++machine.reads == machine.read_fails) {
		errno = machine.read_error;
		return -1;
	}
	if (!machine.endless)
		return readv(fd, &whole, 1);
	memset(room, ';', size);
	return (ssize_t)size;
}

int getifaddrs(struct ifaddrs **list)
{
	if (machine.list_error != 0) {
		errno = machine.list_error;
		return -1;
	}
	machine.lists++;
	*list = machine.list;
	return 0;
}

void freeifaddrs(struct ifaddrs *list)
{
	ck_assert_ptr_eq(list, machine.list);
	machine.lists--;
}

int pthread_mutex_init(pthread_mutex_t *lock, const pthread_mutexattr_t *how)
{
	static const pthread_mutex_t fresh = PTHREAD_MUTEX_INITIALIZER;

	(void)how;
	*lock = fresh;
	return machine.lock_error;
}

/* -------------------------------------------------------------------- files */

static char path[64];

static void write_file(const char *text)
{
	int fd;

	strcpy(path, "/tmp/mxsel-failing-XXXXXX");
	fd = mkstemp(path);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq((int)write(fd, text, strlen(text)),
		(int)strlen(text));
	close(fd);
}

static void setup(void)
{
	memset(&machine, 0, sizeof machine);
	path[0] = '\0';
}

static void teardown(void)
{
	machine.interruptions = machine.left = 0;
	if (path[0] != '\0')
		unlink(path);
}

static const char zone[] = "example. 60 IN SOA . . 1 1 1 1 1\n"
	"example. 60 MX 10 mail.example.\n";

/* What reading the zone of the file comes to. */
static int zone_read(void)
{
	const char *files[1] = { path };
	mxsel_resolver *resolver = NULL;
	int result = mxsel_ldns_zone_new(&resolver, files, 1);

	ck_assert_int_eq(resolver != NULL, result == 0);
	mxsel_resolver_free(resolver);
	return result;
}

/* What reading the servers of a file comes to, and how many they are. */
static int servers_read(const char *file, unsigned *count)
{
	struct mxsel__servers servers;
	int result;

	ck_assert_int_eq(mxsel__servers_init(&servers), 0);
	result = mxsel__conf_read(&servers, file);
	*count = servers.count;
	mxsel__servers_destroy(&servers);
	return result;
}

START_TEST(S10_F74_interruptions_end_no_reading)
{
	unsigned count;

	for (machine.interruptions = 0; machine.interruptions < 40;
			machine.interruptions += 13) {
		write_file("nameserver 192.0.2.1\nnameserver ::1\n");
		ck_assert_int_eq(servers_read(path, &count), 0);
		ck_assert_uint_eq(count, 2);
		unlink(path);
	}
}
END_TEST

START_TEST(S10_F74_a_zone_is_read_between_interruptions)
{
	write_file(zone);
	for (machine.interruptions = 0; machine.interruptions < 40;
			machine.interruptions += 13)
		ck_assert_int_eq(zone_read(), 0);
}
END_TEST

START_TEST(F86_a_file_that_stops_half_way_is_none)
{
	unsigned count;

	write_file(zone);
	for (machine.read_fails = 1; machine.read_fails <= 2;
			machine.read_fails++) {
		machine.read_error = EIO;
		machine.reads = 0;
		ck_assert_int_eq(zone_read(), MXSEL_EFILE);
		machine.reads = 0;
		ck_assert_int_eq(servers_read(path, &count), MXSEL_EFILE);
	}
	machine.read_fails = 0;
	machine.open_error = EMFILE;
	ck_assert_int_eq(zone_read(), MXSEL_EFILE);
	ck_assert_int_eq(servers_read(path, &count), MXSEL_EFILE);
	machine.open_error = 0;
	ck_assert_int_eq(zone_read(), 0);
}
END_TEST

START_TEST(F86_without_a_path_the_machines_own_file_is_read)
{
	unsigned count;

	write_file("nameserver 192.0.2.1\nnameserver 192.0.2.2\n");
	machine.instead = path;
	ck_assert_int_eq(servers_read(NULL, &count), 0);
	ck_assert_uint_eq(count, 2);
	machine.reads = 0;
	ck_assert_int_eq(servers_read("", &count), 0);
	ck_assert_uint_eq(count, 0);
	ck_assert_int_eq(machine.reads, 0);
	machine.instead = "/dev/null"; /* resolv.conf(5): itself, then */
	ck_assert_int_eq(servers_read(NULL, &count), 0);
	ck_assert_uint_eq(count, 1);
	machine.instead = "/dev/null/none";
	ck_assert_int_eq(servers_read(NULL, &count), MXSEL_EFILE);
}
END_TEST

START_TEST(F86_files_without_an_end_have_one)
{
	unsigned count;

	write_file("");
	machine.endless = 1;
	ck_assert_int_eq(servers_read(path, &count), 0);
	ck_assert_uint_eq(count, 1);
	ck_assert_int_eq(zone_read(), MXSEL_EFILE);
}
END_TEST

START_TEST(S39_F84_without_a_lock_there_is_no_resolver)
{
	mxsel_resolver *resolver = NULL;

	machine.lock_error = ENOMEM;
	ck_assert_int_eq(mxsel_ldns_new(&resolver, ""), MXSEL_ENOMEM);
	ck_assert_ptr_null(resolver);
}
END_TEST

/* --------------------------------------------------------------- interfaces */

static union {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
} addresses[5];
static struct ifaddrs interfaces[6];

/* Without address; of a family that has none; IPv4; three of IPv6. */
static void make_interfaces(void)
{
	int i;

	memset(addresses, 0, sizeof addresses);
	memset(interfaces, 0, sizeof interfaces);
	for (i = 0; i < 5; i++) {
		interfaces[i].ifa_next = &interfaces[i + 1];
		interfaces[i + 1].ifa_addr = &addresses[i].any;
	}
	addresses[0].any.sa_family = AF_UNIX;
	addresses[1].v4.sin_family = AF_INET;
	addresses[1].v4.sin_addr.s_addr = htonl(0xc0000201);
	for (i = 2; i < 5; i++) {
		addresses[i].v6.sin6_family = AF_INET6;
		addresses[i].v6.sin6_addr.s6_addr[15] = 1;
	}
	addresses[2].v6.sin6_addr.s6_addr[0] = 0xfe;
	addresses[2].v6.sin6_addr.s6_addr[1] = 0x80;
	addresses[3].v6.sin6_addr.s6_addr[0] = 0x20;
	machine.list = interfaces;
}

START_TEST(R50_of_interfaces_only_addresses_that_others_see_are_ours)
{
	mxsel_options *options;

	make_interfaces();
	ck_assert_int_eq(mxsel_options_new(&options), 0);
	ck_assert_int_eq(mxsel_ldns_add_interfaces(options), 3);
	ck_assert_int_eq(machine.lists, 0);
	machine.list = NULL;
	ck_assert_int_eq(mxsel_ldns_add_interfaces(options), 0);
	mxsel_options_free(options);
}
END_TEST

START_TEST(R50_F84_interfaces_that_are_not_told_are_an_error)
{
	mxsel_options *options;

	ck_assert_int_eq(mxsel_options_new(&options), 0);
	machine.list_error = ENOMEM;
	ck_assert_int_eq(mxsel_ldns_add_interfaces(options), MXSEL_ENOMEM);
	machine.list_error = EMFILE;
	ck_assert_int_eq(mxsel_ldns_add_interfaces(options), MXSEL_ESYSTEM);
	ck_assert_int_eq(machine.lists, 0);
	mxsel_options_free(options);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("ldns: files that fail");
	TCase *t = tcase_create("machine");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, S10_F74_interruptions_end_no_reading);
	tcase_add_test(t, S10_F74_a_zone_is_read_between_interruptions);
	tcase_add_test(t, F86_a_file_that_stops_half_way_is_none);
	tcase_add_test(t, F86_without_a_path_the_machines_own_file_is_read);
	tcase_add_test(t, F86_files_without_an_end_have_one);
	tcase_add_test(t, S39_F84_without_a_lock_there_is_no_resolver);
	tcase_add_test(t,
		R50_of_interfaces_only_addresses_that_others_see_are_ours);
	tcase_add_test(t,
		R50_F84_interfaces_that_are_not_told_are_an_error);
	suite_add_tcase(suite, t);
	return mxsel_test_run(suite);
}

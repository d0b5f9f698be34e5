/*
 * Where the socket resolver finds its servers: their text, resolv.conf in
 * every state (held against ldns where ldns reads it), and the public
 * functions with every wrong argument. Also the machine's own addresses.
 */
#define _DEFAULT_SOURCE

#include <arpa/inet.h>
#include <fcntl.h>
#include <ldns/ldns.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <mxsel/ldns.h>
#include <mxsel/mxsel.h>

#include "ldns/conf.h"
#include "support/run.h"

/* --- the text of one server ---------------------------------------------- */

static const struct text {
	const char *text;
	const char *address; /* NULL: no server */
	unsigned port;
} texts[] = {
	{ "192.0.2.53", "192.0.2.53", 53 },
	{ "192.0.2.53@5353", "192.0.2.53", 5353 },
	{ "::1@53", "::1", 53 },
	{ "2001:db8::53", "2001:db8::53", 53 },
	{ "192.0.2.53@65535", "192.0.2.53", 65535 },
	{ "192.0.2.53@1", "192.0.2.53", 1 },
	{ "0:0:0:0:0:ffff:255.255.255.255@00053", "::ffff:255.255.255.255",
		53 },
	{ "", NULL, 0 },
	{ "@53", NULL, 0 },
	{ "192.0.2.53@", NULL, 0 },
	{ "192.0.2.53@0", NULL, 0 },
	{ "192.0.2.53@65536", NULL, 0 },
	{ "192.0.2.53@000053", NULL, 0 },
	{ "192.0.2.53@-1", NULL, 0 },
	{ "192.0.2.53@ 53", NULL, 0 },
	{ "192.0.2.53@53@53", NULL, 0 },
	{ "192.0.2.53 ", NULL, 0 },
	{ "192.0.2", NULL, 0 },
	{ "0127.0.0.1", NULL, 0 },
	{ "fe80::1%lo", NULL, 0 },
	{ "[::1]", NULL, 0 },
	{ "ns.example.net", NULL, 0 },
	{ "1111:1111:1111:1111:1111:1111:1111:1111:1111:1111:1111", NULL, 0 },
};

static void write_server(char out[64], const struct mxsel__server *server)
{
	char address[INET6_ADDRSTRLEN] = "?";
	unsigned port;

	if (server->address.any.sa_family == AF_INET) {
		inet_ntop(AF_INET, &server->address.v4.sin_addr, address,
			sizeof address);
		port = ntohs(server->address.v4.sin_port);
	} else {
		inet_ntop(AF_INET6, &server->address.v6.sin6_addr, address,
			sizeof address);
		port = ntohs(server->address.v6.sin6_port);
	}
	snprintf(out, 64, "%s@%u", address, port);
}

START_TEST(F100_S43_a_server_is_an_address_and_perhaps_a_port)
{
	const struct text *text = &texts[_i];
	struct mxsel__server server;
	char want[64], got[64];

	if (text->address == NULL) {
		ck_assert_msg(mxsel__conf_server(&server, text->text) ==
			MXSEL_ESYNTAX, "'%s'", text->text);
		return;
	}
	ck_assert_msg(mxsel__conf_server(&server, text->text) == 0, "'%s'",
		text->text);
	snprintf(want, sizeof want, "%s@%u", text->address, text->port);
	write_server(got, &server);
	ck_assert_str_eq(got, want);
}
END_TEST

/* --- resolv.conf --------------------------------------------------------- */

static char path[] = "/tmp/mxsel-resolv-XXXXXX";

static void write_file(const void *data, size_t size)
{
	int fd;

	memcpy(path + sizeof path - 7, "XXXXXX", 6);
	fd = mkstemp(path);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, data, size), (int)size);
	close(fd);
}

/* All servers of a file as "192.0.2.1@53 ::1@53". */
static void servers_of(char *out, size_t size, const void *data,
	size_t length)
{
	struct mxsel__servers servers;
	unsigned i;
	char one[64];

	write_file(data, length);
	ck_assert_int_eq(mxsel__servers_init(&servers), 0);
	ck_assert_int_eq(mxsel__conf_file(&servers, path), 0);
	unlink(path);
	out[0] = '\0';
	for (i = 0; i < servers.count; i++) {
		write_server(one, &servers.list[i]);
		strncat(out, i > 0 ? " " : "", size - strlen(out) - 1);
		strncat(out, one, size - strlen(out) - 1);
	}
	mxsel__servers_destroy(&servers);
}

static const struct file {
	const char *text;
	const char *servers;
} files[] = {
	{ "nameserver 192.0.2.1\nnameserver ::1\n", "192.0.2.1@53 ::1@53" },
	{ "nameserver 192.0.2.1", "192.0.2.1@53" },
	{ "", "" },
	{ "\n\n\n", "" },
	{ "# nameserver 192.0.2.1\n;nameserver 192.0.2.2\n", "" },
	{ "search a.example\noptions edns0 trust-ad\n"
		"nameserver\t192.0.2.1 # office\n", "192.0.2.1@53" },
	{ "nameserver 192.0.2.1;x\r\nnameserver 192.0.2.2\r\n",
		"192.0.2.1@53 192.0.2.2@53" },
	{ "  NameServer 192.0.2.1\n", "192.0.2.1@53" },
	{ "nameserver fe80::1%eth0\nnameserver fe80::2\n"
		"nameserver 2001:db8::1\n", "2001:db8::1@53" },
	{ "nameserver banana\nnameserver 192.0.2.1\n", "192.0.2.1@53" },
	{ "nameserver\nnameserver \nnameserver 192.0.2.1\n", "192.0.2.1@53" },
	{ "nameserver 192.0.2.1@5353\n", "" },
	{ "nameservers 192.0.2.1\nxnameserver 192.0.2.2\nnameserver", "" },
	{ "nameserver 192.0.2.1\nnameserver 192.0.2.1\n", "192.0.2.1@53" },
	{ "domain ..\nsearch\nnameserver 192.0.2.1\n", "192.0.2.1@53" },
};

START_TEST(F86_the_nameserver_lines_of_a_file_and_nothing_else)
{
	const struct file *file = &files[_i];
	char got[256];

	servers_of(got, sizeof got, file->text, strlen(file->text));
	ck_assert_msg(strcmp(got, file->servers) == 0, "%s\ngives '%s'",
		file->text, got);
}
END_TEST

START_TEST(F86_of_a_thousand_servers_the_first_thirty_two_are_used)
{
	static char text[40000];
	struct mxsel__servers servers;
	size_t length = 0;
	char last[64];
	int i;

	for (i = 0; i < 1000; i++)
		length += (size_t)snprintf(text + length, sizeof text - length,
			"nameserver 10.0.%d.%d\n", i / 250, i % 250);
	write_file(text, length);
	ck_assert_int_eq(mxsel__servers_init(&servers), 0);
	ck_assert_int_eq(mxsel__conf_file(&servers, path), 0);
	unlink(path);
	ck_assert_uint_eq(servers.count, 32);
	write_server(last, &servers.list[31]);
	ck_assert_str_eq(last, "10.0.0.31@53");
	mxsel__servers_destroy(&servers);
}
END_TEST

START_TEST(F86_garbage_around_a_server_does_no_harm)
{
	static char text[300000];
	char got[256];
	unsigned random = 1;
	size_t i;

	for (i = 0; i < sizeof text; i++) {
		random = random * 1103515245u + 12345u;
		text[i] = (char)(random >> 16);
		if (i > 100000 && i < 200000 && text[i] == '\n')
			text[i] = 'a'; /* one line of 100,000 octets */
	}
	memcpy(text + 250000, "\nnameserver 192.0.2.1\n", 22);
	servers_of(got, sizeof got, text, sizeof text);
	ck_assert_str_eq(got, "192.0.2.1@53");
}
END_TEST

START_TEST(F86_a_line_too_long_for_any_address_is_passed_over)
{
	char text[600], got[64];

	memset(text, ' ', sizeof text);
	memcpy(text, "nameserver", 10);
	memcpy(text + 503, "192.0.2.123", 11); /* cut it is 192.0.2.1 */
	servers_of(got, sizeof got, text, sizeof text);
	ck_assert_str_eq(got, "");
}
END_TEST

/* --- whose word on DNSSEC counts ------------------------------------------ */

/* Is the AD bit of the servers of this file trusted? */
static int file_trusts(const char *text, size_t length)
{
	struct mxsel__servers servers;
	int trusts;

	write_file(text, length);
	ck_assert_int_eq(mxsel__servers_init(&servers), 0);
	ck_assert_int_eq(mxsel__conf_read(&servers, path), 0);
	unlink(path);
	trusts = mxsel__servers_trust_ad(&servers);
	mxsel__servers_destroy(&servers);
	return trusts;
}

#define REMOTE "nameserver 192.0.2.1\n"

static const struct trust {
	const char *text;
	int trusts;
} trusts[] = {
	{ REMOTE, 0 },
	{ REMOTE "options trust-ad\n", 1 },
	{ "options trust-ad\n" REMOTE, 1 },
	{ REMOTE "options trust-ad", 1 },
	{ REMOTE "options trust-ad\r\n", 1 },
	{ REMOTE "options\ttrust-ad\n", 1 },
	{ REMOTE "  OPTIONS trust-ad\n", 1 },
	{ REMOTE "options edns0 trust-ad ndots:2\n", 1 },
	{ REMOTE "options edns0\noptions trust-ad\noptions rotate\n", 1 },
	{ REMOTE "options trust-ad # since today\n", 1 },
	{ REMOTE "nameserver 2001:db8::1\noptions trust-ad\n", 1 },
	/* All there are, beyond 128 octets. */
	{ REMOTE "options debug ndots:15 timeout:30 attempts:5 rotate "
		"no-aaaa no-check-names inet6 ip6-bytestring ip6-dotint "
		"no-ip6-dotint edns0 single-request single-request-reopen "
		"no-tld-query use-vc no-reload trust-ad\n", 1 },
	{ REMOTE "options trust-adx\n", 0 },
	{ REMOTE "options xtrust-ad\n", 0 },
	{ REMOTE "options trust-a\n", 0 },
	{ REMOTE "options trust-ad:1\n", 0 },
	{ REMOTE "options no-trust-ad\n", 0 },
	{ REMOTE "options trust ad\n", 0 },
	{ REMOTE "options trust_ad\n", 0 },
	{ REMOTE "options Trust-AD\n", 0 },
	{ REMOTE "options trust-ad;\n", 0 },
	{ REMOTE "options trust\rad\n", 0 },
	{ REMOTE "options edns0 # trust-ad\n", 0 },
	{ REMOTE "options ;trust-ad trust-ad\n", 0 },
	{ REMOTE "# options trust-ad\n", 0 },
	{ REMOTE ";options trust-ad\n", 0 },
	{ REMOTE "option trust-ad\n", 0 },
	{ REMOTE "optionstrust-ad\n", 0 },
	{ REMOTE "options:trust-ad\n", 0 },
	{ REMOTE "search options trust-ad\n", 0 },
	{ REMOTE "trust-ad\n", 0 },
	{ REMOTE "options\ntrust-ad\n", 0 },
	{ "nameserver 192.0.2.1 options trust-ad\n", 0 },
	/* Loopback needs no such word. */
	{ "", 1 }, /* 127.0.0.1 */
	{ "options trust-ad\n", 1 },
	{ "nameserver 127.0.0.53\n", 1 },
	{ "nameserver ::1\nnameserver 127.0.0.1\noptions edns0\n", 1 },
	{ "nameserver ::1\n" REMOTE, 0 },
	{ REMOTE "nameserver 127.0.0.1\n", 0 },
};

START_TEST(S31_R90_trust_ad_is_a_whole_word_of_an_options_line)
{
	const struct trust *t = &trusts[_i];

	ck_assert_msg(file_trusts(t->text, strlen(t->text)) == t->trusts,
		"%s", t->text);
}
END_TEST

/* The line is cut after so many octets: what stands there is no word. */
START_TEST(S31_half_a_word_at_the_end_of_a_line_too_long_is_none)
{
	char text[600];
	size_t end, from = sizeof REMOTE - 1;
	int found = 0;

	for (end = 500; end < 524; end++) {
		memset(text, ' ', sizeof text);
		memcpy(text, REMOTE, from);
		memcpy(text + from, "options", 7);
		memcpy(text + from + end - 8, "trust-adx", 9);
		ck_assert_int_eq(file_trusts(text, sizeof text), 0);
		text[from + end] = ' ';
		found += file_trusts(text, sizeof text);
	}
	/* Only those before the cut, at 512, were seen. */
	ck_assert_int_eq(found, 12);
}
END_TEST

START_TEST(S31_a_NUL_does_not_end_a_word)
{
	static const char text[] = REMOTE "options trust-ad\0x\n";

	ck_assert_int_eq(file_trusts(text, sizeof text - 1), 0);
}
END_TEST

START_TEST(S31_a_file_answers_for_its_own_servers_only)
{
	mxsel_resolver *r;

	write_file(REMOTE "options trust-ad\n", strlen(REMOTE) + 17);
	ck_assert_int_eq(mxsel_ldns_new(&r, path), 0);
	unlink(path);
	ck_assert_int_eq(mxsel_ldns_trusts_ad(r), 1);
	ck_assert_int_eq(mxsel_ldns_add_server(r, "::1"), 0);
	ck_assert_int_eq(mxsel_ldns_trusts_ad(r), 1);
	ck_assert_int_eq(mxsel_ldns_add_server(r, "192.0.2.1"), 0);
	ck_assert_int_eq(mxsel_ldns_trusts_ad(r), 1); /* it is there */
	ck_assert_int_eq(mxsel_ldns_add_server(r, "192.0.2.2"), 0);
	ck_assert_int_eq(mxsel_ldns_trusts_ad(r), 0);
	ck_assert_int_eq(mxsel_ldns_set_trust_ad(r, 1), 0);
	ck_assert_int_eq(mxsel_ldns_trusts_ad(r), 1);
	mxsel_resolver_free(r);
}
END_TEST

/* What ldns makes of a file, in the words of servers_of(). */
static void servers_by_ldns(char *out, size_t size, const char *text)
{
	ldns_resolver *r = NULL;
	size_t i;
	char *one;

	write_file(text, strlen(text));
	ck_assert_int_eq(ldns_resolver_new_frm_file(&r, path),
		LDNS_STATUS_OK);
	unlink(path);
	out[0] = '\0';
	for (i = 0; i < ldns_resolver_nameserver_count(r); i++) {
		one = ldns_rdf2str(ldns_resolver_nameservers(r)[i]);
		snprintf(out + strlen(out), size - strlen(out), "%s%s@53",
			i > 0 ? " " : "", one);
		free(one);
	}
	ldns_resolver_deep_free(r);
}

static const char *const agreed[] = {
	"nameserver 192.0.2.1\nnameserver ::1\n",
	"nameserver 192.0.2.1",
	"# nameserver 192.0.2.1\n",
	"domain example.net\nnameserver 192.0.2.9\noptions ndots:2\n",
	"search a.example\nnameserver 2001:db8::1\nnameserver 192.0.2.1 # 1\n",
};

START_TEST(F86_a_good_file_is_read_as_ldns_reads_it)
{
	char ours[256], theirs[256];

	servers_of(ours, sizeof ours, agreed[_i], strlen(agreed[_i]));
	servers_by_ldns(theirs, sizeof theirs, agreed[_i]);
	ck_assert_str_eq(ours, theirs);
}
END_TEST

START_TEST(F86_F88_a_file_that_cannot_be_read_is_an_error)
{
	mxsel_resolver *r = NULL;

	ck_assert_int_eq(mxsel_ldns_new(&r, "/nowhere/resolv.conf"),
		MXSEL_EFILE);
	ck_assert_ptr_null(r);
	ck_assert_int_eq(mxsel_ldns_new(&r, "/tmp"), MXSEL_EFILE);
	ck_assert_ptr_null(r);
}
END_TEST

START_TEST(F86_a_device_without_end_and_a_pipe_without_writer_end)
{
	char fifo[sizeof path];
	mxsel_resolver *r;

	ck_assert_int_eq(mxsel_ldns_new(&r, "/dev/zero"), 0);
	mxsel_resolver_free(r);
	write_file("", 0);
	unlink(path);
	memcpy(fifo, path, sizeof path);
	ck_assert_int_eq(mkfifo(fifo, 0600), 0);
	ck_assert_int_eq(mxsel_ldns_new(&r, fifo), 0);
	unlink(fifo);
	mxsel_resolver_free(r);
}
END_TEST

/* --- the public functions ------------------------------------------------ */

static void answer_nothing(mxsel_query *query, void *user)
{
	(void)query;
	(void)user;
}

START_TEST(F100_wrong_arguments_are_usage_errors)
{
	mxsel_resolver *r, *other;

	ck_assert_int_eq(mxsel_ldns_new(NULL, ""), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_ldns_new(&r, ""), 0);
	ck_assert_int_eq(mxsel_resolver_new(&other, answer_nothing, NULL, r),
		0);
	ck_assert_int_eq(mxsel_ldns_add_server(NULL, "::1"), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_ldns_add_server(other, "::1"), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_ldns_add_server(r, NULL), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_ldns_add_server(r, "x"), MXSEL_ESYNTAX);
	ck_assert_int_eq(mxsel_ldns_set_query_time(NULL, 1), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_ldns_set_query_time(other, 1), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_ldns_set_query_time(r, 0), MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_ldns_set_query_time(r, -1), MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_ldns_set_query_time(r, 600001), MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_ldns_set_query_time(r, 1), 0);
	ck_assert_int_eq(mxsel_ldns_set_query_time(r, 600000), 0);
	ck_assert_int_eq(mxsel_ldns_set_mix_case(NULL, 1), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_ldns_set_mix_case(other, 1), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_ldns_set_mix_case(r, -1), MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_ldns_set_mix_case(r, 2), MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_ldns_set_mix_case(r, 1), 0);
	ck_assert_int_eq(mxsel_ldns_set_mix_case(r, 0), 0);
	ck_assert_int_eq(mxsel_ldns_set_trust_ad(NULL, 1), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_ldns_set_trust_ad(other, 1), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_ldns_set_trust_ad(r, -2), MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_ldns_set_trust_ad(r, 2), MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_ldns_trusts_ad(NULL), 0);
	ck_assert_int_eq(mxsel_ldns_trusts_ad(other), 0);
	ck_assert_uint_eq(mxsel_ldns_statistic(NULL, 0), 0);
	ck_assert_uint_eq(mxsel_ldns_statistic(other, 0), 0);
	ck_assert_uint_eq(mxsel_ldns_statistic(r, -1), 0);
	ck_assert_uint_eq(mxsel_ldns_statistic(r, 6), 0);
	ck_assert_int_eq(mxsel_ldns_add_interfaces(NULL), MXSEL_EUSAGE);
	mxsel_resolver_free(other);
	mxsel_resolver_free(r);
}
END_TEST

START_TEST(thirty_two_servers_are_the_limit_and_twice_the_same_is_one)
{
	mxsel_resolver *r;
	char server[32];
	int i;

	ck_assert_int_eq(mxsel_ldns_new(&r, ""), 0);
	for (i = 0; i < 32; i++) {
		snprintf(server, sizeof server, "192.0.2.%d", i);
		ck_assert_int_eq(mxsel_ldns_add_server(r, server), 0);
		ck_assert_int_eq(mxsel_ldns_add_server(r, server), 0);
	}
	ck_assert_int_eq(mxsel_ldns_add_server(r, "192.0.2.32"),
		MXSEL_ELIMIT);
	mxsel_resolver_free(r);
}
END_TEST

START_TEST(after_the_first_question_the_servers_are_fixed)
{
	mxsel_options *options;
	mxsel_resolver *r;
	mxsel *m;

	ck_assert_int_eq(mxsel_ldns_new(&r, ""), 0);
	ck_assert_int_eq(mxsel_options_new(&options), 0);
	ck_assert_int_eq(mxsel_options_set_resolver(options, r), 0);
	ck_assert_int_eq(mxsel_new(&m, "example.net", options), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
	ck_assert_int_eq(mxsel_verdict_code(m), 451);
	ck_assert_int_eq(mxsel_ldns_add_server(r, "::1"), MXSEL_EUSAGE);
	mxsel_free(m);
	mxsel_options_free(options);
	mxsel_resolver_free(r);
}
END_TEST

START_TEST(R50_R57_the_machines_own_addresses_are_ourselves)
{
	mxsel_options *options;
	mxsel *m;

	ck_assert_int_eq(mxsel_options_new(&options), 0);
	ck_assert_int_eq(mxsel_options_set(options, MXSEL_OPT_ALLOW_LOOPBACK,
		1), 0);
	ck_assert_int_ge(mxsel_ldns_add_interfaces(options), 1);
	ck_assert_int_eq(mxsel_new(&m, "[127.0.0.1]", options), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
	ck_assert_int_eq(mxsel_verdict_reason(m), MXSEL_REASON_LOOP);
	ck_assert_int_eq(mxsel_ldns_add_interfaces(options), MXSEL_EUSAGE);
	mxsel_free(m);
	mxsel_options_free(options);
}
END_TEST

#define COUNT(v) ((int)(sizeof(v) / sizeof((v)[0])))

static void add_trust(Suite *suite)
{
	TCase *c = tcase_create("trust");

	tcase_add_loop_test(c,
		S31_R90_trust_ad_is_a_whole_word_of_an_options_line,
		0, COUNT(trusts));
	tcase_add_test(c,
		S31_half_a_word_at_the_end_of_a_line_too_long_is_none);
	tcase_add_test(c, S31_a_NUL_does_not_end_a_word);
	tcase_add_test(c, S31_a_file_answers_for_its_own_servers_only);
	suite_add_tcase(suite, c);
}

int main(void)
{
	Suite *suite = suite_create("ldns conf");
	TCase *c = tcase_create("conf");

	tcase_add_loop_test(c,
		F100_S43_a_server_is_an_address_and_perhaps_a_port,
		0, COUNT(texts));
	tcase_add_loop_test(c,
		F86_the_nameserver_lines_of_a_file_and_nothing_else,
		0, COUNT(files));
	tcase_add_test(c,
		F86_of_a_thousand_servers_the_first_thirty_two_are_used);
	tcase_add_test(c, F86_garbage_around_a_server_does_no_harm);
	tcase_add_test(c,
		F86_a_line_too_long_for_any_address_is_passed_over);
	tcase_add_loop_test(c, F86_a_good_file_is_read_as_ldns_reads_it,
		0, COUNT(agreed));
	tcase_add_test(c, F86_F88_a_file_that_cannot_be_read_is_an_error);
	tcase_add_test(c,
		F86_a_device_without_end_and_a_pipe_without_writer_end);
	tcase_add_test(c, F100_wrong_arguments_are_usage_errors);
	tcase_add_test(c,
		thirty_two_servers_are_the_limit_and_twice_the_same_is_one);
	tcase_add_test(c, after_the_first_question_the_servers_are_fixed);
	tcase_add_test(c, R50_R57_the_machines_own_addresses_are_ourselves);
	suite_add_tcase(suite, c);
	add_trust(suite);
	return mxsel_test_run(suite);
}

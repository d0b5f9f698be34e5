/*
 * Where a process lives: what resolv.conf holds, an empty root, another
 * language. F86, F88, F89. May use host_judge.h.
 */
#define _DEFAULT_SOURCE

#include <ctype.h>
#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <mxsel/idn2.h>
#include <mxsel/security.h>

#include "faults/host.h"
#include "faults/host_judge.h"

static char folder[64]; /* of this process alone */

static void make_folder(void)
{
	strcpy(folder, "/tmp/mxsel-faults-XXXXXX");
	EXPECT(mkdtemp(folder) != NULL);
}

static const char *path_of(const char *name)
{
	static char path[128];

	snprintf(path, sizeof path, "%s/%s", folder, name);
	return path;
}

static const char *put(const char *name, const char *text, size_t size)
{
	const char *path = path_of(name);
	FILE *file = fopen(path, "w");

	EXPECT(file != NULL);
	EXPECT(size == 0 || fwrite(text, 1, size, file) == size);
	EXPECT(fclose(file) == 0);
	return path;
}

/* --- F86 ----------------------------------------------------------------- */

/* Resolvers and engines of this file; and what they are good for. */
static void reads(const char *path, int expected, const char *server)
{
	struct base base;
	mxsel_resolver *r = NULL;
	mxsel_engine *e = NULL;
	int i;

	judge_base(&base);
	for (i = 0; i < 2; i++) {
		EXPECT(mxsel_ldns_new(&r, path) == expected);
		EXPECT(mxsel_engine_new(&e, path) == expected);
		if (expected != 0)
			continue;
		EXPECT(mxsel_ldns_add_server(r, server) == 0 ||
			mxsel_ldns_add_server(r, server) == MXSEL_ELIMIT);
		mxsel_resolver_free(r);
		mxsel_engine_free(e);
	}
	judge_same(&base, path);
}

static size_t many_servers(char *text, size_t room)
{
	size_t size = 0;
	int i;

	for (i = 0; i < 1000; i++)
		size += (size_t)snprintf(text + size, room - size,
			"nameserver 127.1.%d.%d\n", i / 250, i % 250 + 1);
	return size;
}

static size_t garbage(char *text, size_t room)
{
	uint32_t state = 1;
	size_t i;

	for (i = 0; i < room; i++) {
		state = state * 1664525u + 1013904223u;
		text[i] = (char)(state >> 24);
	}
	return room;
}

/* A plan by the file's own servers is wanted, then the file changes. */
static void changes(const char *server)
{
	static const char odd[] = "\xef\xbb\xbfnameserver\nNAMESERVER 1.2.3\n"
		"nameserver 127.0.0.300\n options trust-ad ndots:99999\n"
		"nameserver fe80::1\nnameserver";
	const char *path = put("resolv.conf", odd, sizeof odd - 1);
	mxsel_options *o;
	mxsel_resolver *r;
	mxsel *m;

	EXPECT(mxsel_ldns_new(&r, path) == 0);
	EXPECT(mxsel_ldns_add_server(r, server) == 0);
	EXPECT(remove(path) == 0);
	EXPECT(mxsel_options_new(&o) == 0);
	EXPECT(mxsel_options_set_resolver(o, r) == 0);
	EXPECT(mxsel_new(&m, "example.com", o) == 0);
	EXPECT(mxsel_next(m) == MXSEL_ATTEMPT);
	mxsel_free(m);
	mxsel_options_free(o);
	mxsel_resolver_free(r);
}

void F86_resolv_conf(void)
{
	static char text[1 << 16];
	struct trial t;

	make_folder();
	trial_begin(&t, JUDGE_LONG);
	trial_server(&t, honest, NULL);
	reads(path_of("missing"), MXSEL_EFILE, NULL);
	reads(folder, MXSEL_EFILE, NULL);
	reads(put("empty", "", 0), 0, liar_address(t.liars[0]));
	reads(put("many", text, many_servers(text, sizeof text)), 0,
		liar_address(t.liars[0]));
	reads(put("garbage", text, garbage(text, sizeof text)), 0,
		liar_address(t.liars[0]));
	remove(path_of("empty"));
	remove(path_of("many"));
	remove(path_of("garbage"));
	EXPECT(mkfifo(path_of("fifo"), 0600) == 0);
	reads(path_of("fifo"), 0, liar_address(t.liars[0]));
	remove(path_of("fifo"));
	changes(liar_address(t.liars[0]));
	rmdir(folder);
	trial_expect_right(&t);
	trial_end(&t);
}

/* --- F88 ----------------------------------------------------------------- */

void F88_chroot(void)
{
	mxsel_resolver *r = NULL;
	mxsel_engine *e = NULL;
	struct trial t;

	if (geteuid() != 0)
		judge_skip("chroot() needs root");
	trial_begin(&t, JUDGE_LONG);
	make_folder();
	EXPECT(chdir(folder) == 0 && rmdir(folder) == 0);
	if (chroot(".") != 0)
		judge_skip("chroot() is not allowed");
	EXPECT(access("/dev", F_OK) != 0 && access("/etc", F_OK) != 0);
	trial_server(&t, honest, NULL);
	trial_expect_right(&t);
	EXPECT(mxsel_ldns_new(&r, NULL) == MXSEL_EFILE);
	EXPECT(mxsel_engine_new(&e, NULL) == MXSEL_EFILE);
	EXPECT(mxsel_engine_new(&e, "") == 0);
	mxsel_engine_free(e);
	t.base.descriptors = -1; /* no /proc to count them in */
	trial_end(&t);
}

/* --- F89 ----------------------------------------------------------------- */

/* glibc has it only when the system was told so: made here, in a folder. */
static void speak_turkish(void)
{
	char command[256];

	if (setlocale(LC_ALL, "tr_TR.ISO-8859-9") != NULL ||
			setlocale(LC_ALL, "tr_TR") != NULL)
		return;
	make_folder();
	snprintf(command, sizeof command, "localedef -i tr_TR -f ISO-8859-9 "
		"%s/tr_TR > /dev/null 2>&1", folder);
	if (system(command) != 0 || setenv("LOCPATH", folder, 1) != 0 ||
			setlocale(LC_ALL, "tr_TR") == NULL) {
		snprintf(command, sizeof command, "rm -r %s", folder);
		(void)!system(command);
		judge_skip("no tr_TR here, and localedef cannot make it");
	}
	snprintf(command, sizeof command, "rm -r %s", folder);
	(void)!system(command);
}

static void folds(const char *destination, const char *domain)
{
	mxsel *m;

	EXPECT(mxsel_new(&m, destination, NULL) == 0);
	EXPECT(mxsel_next(m) == MXSEL_LOOKUP);
	if (strcmp(mxsel_domain(m), domain) != 0)
		judge_fail("%s is %s", destination, mxsel_domain(m));
	mxsel_free(m);
}

static void reads_policies(void)
{
	static const char body[] = "version: STSv1\nmode: testing\n"
		"mx: *.INIT.EXAMPLE\nmax_age: 604800\n";
	mxsel_sts *policy;

	EXPECT(mxsel_sts_new(&policy, "IZMIR.EXAMPLE", body, strlen(body),
		0) == 0);
	EXPECT(strcmp(mxsel_sts_domain(policy), "izmir.example") == 0);
	EXPECT(mxsel_sts_matches(policy, "MIDI.init.example") == 1);
	mxsel_sts_free(policy);
}

void F89_turkish(void)
{
	const char *path;
	mxsel_resolver *r;
	struct trial t;
#ifdef HAVE_IDN2
	char out[254];
#endif

	speak_turkish();
	if (tolower('I') == 'i' && toupper('i') == 'I' &&
			strcmp(localeconv()->decimal_point, ",") != 0)
		judge_fail("this locale is as any other");
	trial_begin(&t, JUDGE_LONG);
	trial_server(&t, honest, NULL);
	trial_expect_right(&t);
	EXPECT(trial_look(&t, "IMAP@ISTANBUL.EXAMPLE") == 0);
	EXPECT(trial_is_right(&t));
	folds("IZMIR.EXAMPLE", "izmir.example");
	folds("info@MAIL.XN--BI-ISTANBUL.EXAMPLE",
		"mail.xn--bi-istanbul.example");
	reads_policies();
#ifdef HAVE_IDN2
	EXPECT(mxsel_idn2_to_ascii("I\xc4\xb1I.example", 12, out, NULL) == 0);
	EXPECT(strcmp(out, "xn--ii-hpa.example") == 0);
#endif
	make_folder();
	path = put("resolv.conf", "NAMESERVER 127.0.0.1\nOPTIONS trust-ad\n",
		38);
	EXPECT(mxsel_ldns_new(&r, path) == 0);
	EXPECT(mxsel_ldns_trusts_ad(r) == 1);
	mxsel_resolver_free(r);
	remove(path);
	rmdir(folder);
	trial_end(&t);
}

/*
 * What the master-file resolver answers to the questions that DANE asks:
 * TLSA records, with aliases, wildcards and cuts, and the alias of a name
 * itself; and what a selection makes of it (R90-R92).
 */
#define _POSIX_C_SOURCE 200809L

#include <mxsel/ldns.h>
#include <mxsel/mxsel.h>

#include "ldns/zones.h"
#include "support/run.h"
#include "support/zone_shown.h"

static const char zone_text[] =
	"$ORIGIN example.com.\n"
	"$TTL 3600\n"
	"@ SOA ns host 1 7200 3600 1209600 300\n"
	"@ NS ns\n"
	"@ MX 10 mx1\n"
	"mx1 A 192.0.2.1\n"
	"_25._tcp.mx1 TLSA 3 1 1 000102\n"
	"_25._tcp.mx1 TLSA ( 2 0 2 AB CD ; the authority\n\tef 01 )\n"
	"_25._tcp.mx1 TLSA \\# 3 030101\n"
	"_25._tcp.mx1 TLSA DANE-EE SPKI SHA2-256 000102\n" /* twice */
	"_443._tcp.mx1 TLSA 255 255 255 00\n"
	"_25._tcp.mx2 CNAME _dane\n"
	"_26._tcp.mx2 CNAME mx1\n"
	"_dane TLSA 2 1 1 ff\n"
	"*._tcp.many TLSA 3 0 0 30\n"
	"*.smtp.many CNAME _dane\n"
	"alias CNAME again\n"
	"again CNAME mx1\n"
	"gone CNAME nowhere\n"
	"away CNAME example.net.\n"
	"circle CNAME circle2\n"
	"circle2 CNAME circle\n"
	"self CNAME self\n"
	"both CNAME mx1\n"
	"both MX 5 mx2\n"
	"*.wild MX 5 mx1\n"
	"*.wa CNAME mx1\n"
	"dn DNAME target\n"
	"x.target CNAME y.target\n"
	"y.target A 192.0.2.91\n"
	"dl DNAME dl\n"
	"_25._tcp.x.deleg TLSA 3 1 1 cc\n"
	"deleg NS ns.deleg\n";

static struct mxsel__zone loaded;
static struct mxsel__zones zones = { &loaded, 1 };
static struct mxsel__zone_message message;
static char shown[4096];

static void setup(void)
{
	ck_assert_int_eq(mxsel__zone_load(&loaded, zone_text), 0);
	ck_assert_int_eq(mxsel__zones_index(&zones), 0);
}

static void teardown(void)
{
	mxsel__zone_clear(&loaded);
}

static const char *answer(const char *name, uint16_t type)
{
	struct mxsel__zone_name asked;

	ck_assert_int_eq(mxsel__zone_name_text(&asked, name), 0);
	mxsel__zones_answer(&zones, &asked, type, &message);
	zone_show(shown, sizeof(shown), message.octets, message.size);
	return shown;
}

static const struct dane {
	const char *name;
	uint16_t type;
	const char *answer;
} danes[] = {
	{ "_25._tcp.mx1.example.com", 52, "NOERROR aa"
		"; _25._tcp.mx1.example.com. 3600 IN TLSA 3 1 1 000102"
		"; _25._tcp.mx1.example.com. 3600 IN TLSA 2 0 2 abcdef01"
		"; _25._tcp.mx1.example.com. 3600 IN TLSA 3 1 1" },
	{ "_443._TCP.MX1.example.com", 52, "NOERROR aa"
		"; _443._TCP.MX1.example.com. 3600 IN TLSA 255 255 255 00" },
	/* No such port, no such protocol, another type. */
	{ "_587._tcp.mx1.example.com", 52, "NXDOMAIN aa; SOA 300" },
	{ "_25._udp.mx1.example.com", 52, "NXDOMAIN aa; SOA 300" },
	{ "_tcp.mx1.example.com", 52, "NOERROR aa; SOA 300" },
	{ "mx1.example.com", 52, "NOERROR aa; SOA 300" },
	{ "_25._tcp.mx1.example.com", 1, "NOERROR aa; SOA 300" },
	/* An alias to a TLSA record, and to a host that has none itself. */
	{ "_25._tcp.mx2.example.com", 52, "NOERROR aa"
		"; _25._tcp.mx2.example.com. 3600 IN CNAME _dane.example.com."
		"; _dane.example.com. 3600 IN TLSA 2 1 1 ff" },
	{ "_26._tcp.mx2.example.com", 52, "NOERROR aa"
		"; _26._tcp.mx2.example.com. 3600 IN CNAME mx1.example.com."
		"; SOA 300" },
	{ "_25._tcp.alias.example.com", 52, "NXDOMAIN aa; SOA 300" },
	/* One record for every port (RFC 7671, 8). */
	{ "_25._tcp.many.example.com", 52, "NOERROR aa"
		"; _25._tcp.many.example.com. 3600 IN TLSA 3 0 0 30" },
	{ "_25._tcp.many.example.com", 1, "NOERROR aa; SOA 300" },
	{ "_25._tcp.smtp.many.example.com", 52, "NOERROR aa"
		"; _25._tcp.smtp.many.example.com. 3600 IN CNAME "
		"_dane.example.com."
		"; _dane.example.com. 3600 IN TLSA 2 1 1 ff" },
	{ "_25._tcp.a.wa.example.com", 52, "NOERROR aa"
		"; _25._tcp.a.wa.example.com. 3600 IN CNAME mx1.example.com."
		"; SOA 300" },
	/* What a cut hides. */
	{ "_25._tcp.x.deleg.example.com", 52, "NOERROR"
		"; authority deleg.example.com. 3600 IN NS "
		"ns.deleg.example.com." },
	{ "_25._tcp.mx.example.edu", 52, "REFUSED" },
};

START_TEST(R91_tlsa_records_are_answered_as_any_others)
{
	const struct dane *d = &danes[_i];

	ck_assert_str_eq(answer(d->name, d->type), d->answer);
}
END_TEST

static const struct dane aliases[] = {
	{ "alias.example.com", 5, "NOERROR aa"
		"; alias.example.com. 3600 IN CNAME again.example.com." },
	{ "gone.example.com", 5, "NOERROR aa"
		"; gone.example.com. 3600 IN CNAME nowhere.example.com." },
	{ "away.example.com", 5, "NOERROR aa"
		"; away.example.com. 3600 IN CNAME example.net." },
	{ "self.example.com", 5, "NOERROR aa"
		"; self.example.com. 3600 IN CNAME self.example.com." },
	{ "circle.example.com", 5, "NOERROR aa"
		"; circle.example.com. 3600 IN CNAME circle2.example.com." },
	{ "both.example.com", 5, "NOERROR aa"
		"; both.example.com. 3600 IN CNAME mx1.example.com." },
	{ "x.wa.example.com", 5, "NOERROR aa"
		"; x.wa.example.com. 3600 IN CNAME mx1.example.com." },
	{ "mx1.example.com", 5, "NOERROR aa; SOA 300" },
	{ "example.com", 5, "NOERROR aa; SOA 300" },
	{ "nowhere.example.com", 5, "NXDOMAIN aa; SOA 300" },
	{ "x.wild.example.com", 5, "NOERROR aa; SOA 300" },
	/* Of a DNAME the one that follows from it, and not where it leads. */
	{ "x.dn.example.com", 5, "NOERROR aa"
		"; dn.example.com. 3600 IN DNAME target.example.com."
		"; x.dn.example.com. 3600 IN CNAME x.target.example.com." },
	{ "none.dn.example.com", 5, "NOERROR aa"
		"; dn.example.com. 3600 IN DNAME target.example.com."
		"; none.dn.example.com. 3600 IN CNAME "
		"none.target.example.com." },
	{ "x.dl.example.com", 5, "NOERROR aa"
		"; dl.example.com. 3600 IN DNAME dl.example.com."
		"; x.dl.example.com. 3600 IN CNAME x.dl.example.com." },
	{ "dn.example.com", 5, "NOERROR aa; SOA 300" },
	{ "x.deleg.example.com", 5, "NOERROR"
		"; authority deleg.example.com. 3600 IN NS "
		"ns.deleg.example.com." },
};

START_TEST(R91_who_asks_for_an_alias_is_told_it_and_not_led_on)
{
	const struct dane *d = &aliases[_i];

	ck_assert_str_eq(answer(d->name, d->type), d->answer);
}
END_TEST

/* Nothing here validates: no answer is secure, and none insecure. */
static void look(const char *line, void *user)
{
	int *packets = user;
	const char *at;

	if (strncmp(line, "packet ", 7) != 0)
		return;
	at = strchr(line + 7, ' ');
	ck_assert_ptr_nonnull(at);
	at = strchr(at + 1, ' ');
	ck_assert_ptr_nonnull(at);
	ck_assert_int_eq(strtol(at, NULL, 10), MXSEL_SECURITY_INDETERMINATE);
	++*packets;
}

START_TEST(R90_S32_a_master_file_says_nothing_of_security)
{
	mxsel_resolver *r;
	mxsel_options *options;
	mxsel *m;
	int packets = 0;

	ck_assert_int_eq(mxsel_ldns_zone_text_new(&r, zone_text), 0);
	ck_assert_int_eq(mxsel_options_new(&options), 0);
	ck_assert_int_eq(mxsel_options_set_resolver(options, r), 0);
	ck_assert_int_eq(mxsel_options_set_recorder(options, look, &packets),
		0);
	ck_assert_int_eq(mxsel_new(&m, "example.com", options), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	ck_assert_int_eq(mxsel_is_secure(m), 0);
	ck_assert_int_eq(mxsel_address_is_secure(m), 0);
	ck_assert_int_ge(packets, 2);
	ck_assert_int_eq(mxsel_ldns_set_trust_ad(r, 1), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_ldns_trusts_ad(r), 0);
	mxsel_free(m);
	mxsel_options_free(options);
	mxsel_resolver_free(r);
}
END_TEST

#define COUNT(v) ((int)(sizeof(v) / sizeof((v)[0])))

int main(void)
{
	Suite *suite = suite_create("ldns_zone_dane");
	TCase *t = tcase_create("dane");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, R91_tlsa_records_are_answered_as_any_others,
		0, COUNT(danes));
	tcase_add_loop_test(t,
		R91_who_asks_for_an_alias_is_told_it_and_not_led_on,
		0, COUNT(aliases));
	tcase_add_test(t, R90_S32_a_master_file_says_nothing_of_security);
	suite_add_tcase(suite, t);
	return mxsel_test_run(suite);
}

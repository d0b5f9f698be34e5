/*
 * Family C: messages in good order that mean something odd, by response
 * codes, sections, aliases, names, addresses and numbers. May use libc.
 */
#include "faults/lie.h"

#include <stdio.h>
#include <string.h>

#define V6 "2001:db8::1"
#define V4 "192.0.2.1"
#define IMPLICIT "implicit 0 @ " V6 " " V4

enum { NOERROR = 0, FORMERR = 1, SERVFAIL = 2, NXDOMAIN = 3, NOTIMP = 4,
	REFUSED = 5 };

/* --- F36 to F41: response codes ------------------------------------------ */

/* Without EDNS the truth; with it this code, and in odd variants no more
   than a header. */
static void refuse_edns(struct lie *lie, unsigned rcode)
{
	if (!liar_has_edns(&lie->call)) {
		lie_tell_truth(lie);
		return;
	}
	lie_begin(lie, PACKET_REPLY | rcode);
	if (lie->variant % 2 == 1) {
		packet_set16(&lie->packet, 4, 0);
		lie->packet.size = 12;
	}
	lie_send(lie);
}

static void say_formerr(struct lie *lie)
{
	refuse_edns(lie, FORMERR);
}

static void say_notimp(struct lie *lie)
{
	refuse_edns(lie, NOTIMP);
}

/* RFC 6891 6.1.3: 16, of which one bit stands in the OPT record. */
static void say_badvers(struct lie *lie)
{
	if (!liar_has_edns(&lie->call)) {
		lie_tell_truth(lie);
		return;
	}
	lie_begin(lie, PACKET_REPLY);
	packet_opt(&lie->packet, PACKET_ADDITIONAL, 1);
	lie_send(lie);
}

/* Alone; with the true records; with an SOA as if it were a denial. */
static void say_rcode(struct lie *lie, unsigned rcode)
{
	if (lie->variant == 1)
		lie_truth(lie);
	else
		lie_begin(lie, 0);
	if (lie->variant == 2)
		packet_soa(&lie->packet, NULL, 300, 300);
	packet_set16(&lie->packet, 2, PACKET_REPLY | rcode);
	lie_send(lie);
}

static void say_servfail(struct lie *lie)
{
	say_rcode(lie, SERVFAIL);
}

static void say_refused(struct lie *lie)
{
	say_rcode(lie, REFUSED);
}

static void say_nodata(struct lie *lie)
{
	lie_begin(lie, PACKET_REPLY);
	packet_soa(&lie->packet, NULL, 300, 300);
	lie_send(lie);
}

/* A; AAAA; both; A, with no AAAA; AAAA, with no A. */
static void fail_family(struct lie *lie)
{
	unsigned is_a = lie->type == PACKET_A;
	unsigned fails = lie->variant == 2 || is_a == (lie->variant % 2 == 0
		? 1u : 0u);

	if (lie->variant == 4)
		fails = !is_a;
	if (lie->variant == 3)
		fails = is_a;
	if (fails)
		lie_tell(lie, PACKET_REPLY | SERVFAIL);
	else if (lie->variant > 2)
		say_nodata(lie);
	else
		lie_tell_truth(lie);
}

static const char *families(unsigned variant)
{
	static const char *const right[] = { "mx 10 mx.@ " V6,
		"mx 10 mx.@ " V4, LIE_DEFER, LIE_DEFER, LIE_DEFER };

	return right[variant];
}

/* --- F42 to F44: what is there and what is not --------------------------- */

/* An alias of what is not there; or records of a name that is not. */
static void say_gone(struct lie *lie)
{
	char target[sizeof lie->name + 5];

	if (strncmp(lie->name, "gone.", 5) == 0) {
		lie_begin(lie, PACKET_REPLY | NXDOMAIN);
	} else if (lie->variant == 0) {
		lie_begin(lie, PACKET_REPLY | NXDOMAIN);
		snprintf(target, sizeof target, "gone.%s", lie->name);
		packet_cname(&lie->packet, NULL, 300, target);
	} else {
		lie_false(lie);
		packet_set16(&lie->packet, 2, PACKET_REPLY | NXDOMAIN);
	}
	lie_send(lie);
}

static const char *gone(unsigned variant)
{
	return variant == 0 ? "bounce 550 5.1.2 no_domain" :
		"bounce 550 5.1.2 no_domain|" LIE_DEFER;
}

static void say_nothing(struct lie *lie)
{
	lie_tell(lie, PACKET_REPLY);
}

/* To servers below; upwards to the root; with their addresses. */
static void refer(struct lie *lie)
{
	struct packet *p = &lie->packet;
	static const uint8_t v4[4] = { 192, 0, 2, 53 };

	lie_begin(lie, PACKET_QR | PACKET_RD);
	packet_named(p, PACKET_AUTHORITY, lie->variant == 1 ? "." : NULL,
		PACKET_NS, 300, "ns.example.org");
	if (lie->variant == 2)
		packet_address(p, PACKET_ADDITIONAL, "ns.example.org", 300,
			v4, 4);
	lie_send(lie);
}

/* MX: a host that does not exist, and one that does. */
static void name_a_ghost(struct lie *lie)
{
	if (lie->type != PACKET_MX && strncmp(lie->name, "ghost.", 6) == 0) {
		lie_tell(lie, PACKET_REPLY | NXDOMAIN);
		return;
	}
	lie_truth(lie);
	if (lie->type == PACKET_MX)
		lie_mx(lie, 5, "ghost");
	lie_send(lie);
}

/* --- F46: aliases -------------------------------------------------------- */

#define CHAINS 20

static void link_name(char out[300], const struct lie *lie, unsigned n)
{
	const char *base = lie->name;

	if (lie->name[0] == 'c' && strchr("0123456789", lie->name[1]) != NULL)
		base = strchr(lie->name, '.') + 1;
	if (n == 0)
		snprintf(out, 300, "%s", base);
	else
		snprintf(out, 300, "c%u.%s", n, base);
}

/* Aliases first..last in one message, then the MX at their end. */
static void tell_chain(struct lie *lie, unsigned count)
{
	struct packet *p = &lie->packet;
	char owner[300], target[300];
	unsigned i;

	lie_begin(lie, PACKET_REPLY);
	for (i = 0; i < count; i++) {
		link_name(owner, lie, i);
		link_name(target, lie, i + 1);
		packet_cname(p, owner, 300, target);
	}
	link_name(owner, lie, count);
	link_name(target, lie, 0);
	packet_owner(p, owner);
	packet_head(p, PACKET_ANSWER, PACKET_MX, PACKET_IN, 300);
	packet_16(p, 10);
	packet_label(p, "mx", 2);
	packet_name(p, target);
	packet_end(p);
	lie_send(lie);
}

/* One link at a time, count in all; to this name after the last. */
static void tell_link(struct lie *lie, unsigned count, int in_circle)
{
	unsigned n = 0;
	char target[300];

	if (lie->name[0] == 'c')
		(void)sscanf(lie->name + 1, "%u", &n);
	if (n >= count && !in_circle) {
		lie_tell_truth(lie);
		return;
	}
	link_name(target, lie, n >= count ? 0 : n + 1);
	lie_begin(lie, PACKET_REPLY);
	packet_cname(&lie->packet, NULL, 300, target);
	lie_send(lie);
}

/* RFC 6672 3.3: the synthesized CNAME comes with the DNAME, or does not. */
static void tell_dname(struct lie *lie, int with_cname)
{
	struct packet *p = &lie->packet;
	char target[300];

	link_name(target, lie, 1);
	lie_begin(lie, PACKET_REPLY);
	packet_named(p, PACKET_ANSWER, "example.net", PACKET_DNAME, 300,
		"example.org");
	if (with_cname) {
		packet_cname(p, NULL, 300, target);
		packet_mx(p, PACKET_ANSWER, target, 300, 10, "mx.example.org");
	}
	lie_send(lie);
}

static void say_alias(struct lie *lie)
{
	unsigned odd = lie->variant - 2 * CHAINS;

	if (lie->variant < CHAINS) {
		tell_chain(lie, lie->variant + 1);
	} else if (lie->variant < 2 * CHAINS) {
		tell_link(lie, lie->variant - CHAINS + 1, 0);
	} else if (odd < 2) {
		tell_link(lie, odd, 1);
	} else if (odd == 2) {
		lie_truth(lie);
		packet_cname(&lie->packet, NULL, 300, "www.example.org");
		lie_send(lie);
	} else {
		tell_dname(lie, odd == 4);
	}
}

static const char *aliases(unsigned variant)
{
	if (variant < CHAINS)
		return variant < 10 ? LIE_PLAN : LIE_DEFER;
	if (variant < 2 * CHAINS)
		return variant < CHAINS + 10 ? "mx 10 mx.c*" : LIE_DEFER;
	switch (variant - 2 * CHAINS) {
	case 2: /* what stands beside an alias is nothing */
		return "mx 10 mx.www.example.org " V6 " " V4;
	case 4: /* 3 is an alias that is not spelt out: no denial */
		return "mx 10 mx.example.org " V6 " " V4;
	}
	return LIE_DEFER;
}

/* --- F47 to F49: records that are none of the answer's ------------------- */

static void say_foreign(struct lie *lie)
{
	static const char *const owners[] = { "example.org", "example.net",
		"net", "." };
	const char *owner = owners[lie->variant / 2];

	lie_begin(lie, PACKET_REPLY);
	packet_mx(&lie->packet, PACKET_ANSWER, owner, 300, 5,
		"evil.example.org");
	if (lie->variant % 2 == 1)
		lie_mx(lie, 10, "mx");
	lie_send(lie);
}

static const char *foreign(unsigned variant)
{
	return variant % 2 == 1 ? LIE_PLAN : IMPLICIT;
}

static void say_elsewhere(struct lie *lie)
{
	struct packet *p = &lie->packet;

	lie_begin(lie, PACKET_REPLY);
	packet_soa(p, NULL, 300, 300);
	packet_mx(p, lie->variant == 0 ? PACKET_AUTHORITY : PACKET_ADDITIONAL,
		NULL, 300, 5, "evil.example.org");
	lie_send(lie);
}

static void say_chaos(struct lie *lie)
{
	struct packet *p = &lie->packet;

	if (lie->variant == 1)
		lie_truth(lie);
	else
		lie_begin(lie, PACKET_REPLY);
	packet_pointer(p, 12);
	packet_head(p, PACKET_ANSWER, PACKET_MX, PACKET_CH, 300);
	packet_16(p, 5);
	packet_name(p, "evil.example.org");
	packet_end(p);
	lie_send(lie);
}

static const char *chaos(unsigned variant)
{
	return variant == 1 ? LIE_PLAN : IMPLICIT;
}

/* --- F50 to F52: names and addresses ------------------------------------- */

static void mx_root(struct lie *lie, unsigned preference)
{
	packet_mx(&lie->packet, PACKET_ANSWER, NULL, 300, preference, ".");
}

/* Alone, of any preference, twice; among others. */
static void say_null(struct lie *lie)
{
	static const unsigned preferences[] = { 0, 10, 65535, 0, 0, 20 };

	lie_begin(lie, PACKET_REPLY);
	mx_root(lie, preferences[lie->variant]);
	if (lie->variant == 3)
		mx_root(lie, 0);
	if (lie->variant >= 4)
		lie_mx(lie, 10, "mx");
	lie_send(lie);
}

static const char *null_mx(unsigned variant)
{
	return variant >= 4 ? LIE_PLAN : "bounce 556 5.1.10 null_mx";
}

static void name_an_address(struct lie *lie)
{
	static const char *const names[] = { "192.0.2.1", "127.0.0.1",
		"0x7f000001", "2130706433", "127.1", "0127.0.0.1" };

	lie_begin(lie, PACKET_REPLY);
	packet_mx(&lie->packet, PACKET_ANSWER, NULL, 300, 5,
		names[lie->variant / 2]);
	if (lie->variant % 2 == 1)
		lie_mx(lie, 10, "mx");
	lie_send(lie);
}

static const char *addresses(unsigned variant)
{
	if (variant < 4)
		return variant % 2 == 1 ? LIE_PLAN :
			"bounce 550 5.4.4 no_host";
	/* Names of digits, no addresses (S43): the DNS knows them or not. */
	return "mx 5 *";
}

#define BAD 20u

/* What must never be connected to, as IPv4 and in the notations of IPv6. */
static const struct {
	unsigned char octets[16];
	unsigned char length;
} bad_addresses[BAD] = {
	{ { 127, 0, 0, 1 }, 4 }, { { 127, 255, 255, 254 }, 4 },
	{ { 0, 0, 0, 0 }, 4 }, { { 0, 1, 2, 3 }, 4 },
	{ { 169, 254, 169, 254 }, 4 }, { { 224, 0, 0, 251 }, 4 },
	{ { 255, 255, 255, 255 }, 4 }, { { 240, 0, 0, 1 }, 4 },
	{ { 0 }, 16 }, { { [15] = 1 }, 16 },
	{ { [10] = 255, 255, 127, 0, 0, 1 }, 16 },
	{ { [10] = 255, 255, 169, 254, 169, 254 }, 16 },
	{ { [12] = 127, 0, 0, 1 }, 16 },
	{ { 0, 0x64, 0xff, 0x9b, [12] = 127, 0, 0, 1 }, 16 },
	{ { 0, 0x64, 0xff, 0x9b, [12] = 169, 254, 169, 254 }, 16 },
	{ { 0x20, 0x02, 127, 0, 0, 1 }, 16 },
	{ { 0xfe, 0x80, [15] = 1 }, 16 }, { { 0xff, 2, [15] = 1 }, 16 },
	{ { 0xfe, 0xc0, [15] = 1 }, 16 }, { { 1, 0, [15] = 1 }, 16 }
};

/* Even: nothing else; odd: 192.0.2.1 besides. */
static void tell_bad_address(struct lie *lie)
{
	static const uint8_t good[4] = { 192, 0, 2, 1 };
	struct packet *p = &lie->packet;
	size_t length = bad_addresses[lie->variant / 2].length;
	unsigned is_a = lie->type == PACKET_A;

	if (lie->type == PACKET_MX) {
		lie_tell_truth(lie);
		return;
	}
	lie_begin(lie, PACKET_REPLY);
	if (is_a == (length == 4))
		packet_address(p, PACKET_ANSWER, NULL, 300,
			bad_addresses[lie->variant / 2].octets, length);
	if (is_a && lie->variant % 2 == 1)
		packet_address(p, PACKET_ANSWER, NULL, 300, good, 4);
	if (p->octets[7] == 0)
		packet_soa(p, NULL, 300, 300);
	lie_send(lie);
}

static void tell_bad_host(struct lie *lie)
{
	unsigned bare = lie->variant - 2 * BAD;

	if (lie->variant < 2 * BAD) {
		tell_bad_address(lie);
		return;
	}
	lie_truth(lie);
	if (lie->type == PACKET_MX) {
		if (bare % 2 == 0)
			lie_begin(lie, PACKET_REPLY);
		packet_mx(&lie->packet, PACKET_ANSWER, NULL, 300, 20,
			bare < 2 ? "localhost" : "mail.localhost");
	}
	lie_send(lie);
}

static const char *bad_host(unsigned variant)
{
	if (variant >= 2 * BAD)
		return variant % 2 == 1 ? LIE_PLAN :
			"bounce 550 5.4.6 loop";
	/* 0.0.0.0 and :: are ourselves (R55). */
	if (variant / 2 == 2 || variant / 2 == 8)
		return "bounce 550 5.4.6 loop";
	return variant % 2 == 1 ? "mx 10 mx.@ " V4 :
		"bounce 550 5.7.1 filtered";
}

const struct fault faults_meaning[] = {
	{ .number = 36, .what = "FORMERR to EDNS", .udp = say_formerr,
		.variants = 2, .right = LIE_PLAN },
	{ .number = 37, .what = "NOTIMP to EDNS", .udp = say_notimp,
		.variants = 2, .right = LIE_PLAN },
	{ .number = 38, .what = "BADVERS to EDNS", .udp = say_badvers,
		.right = LIE_PLAN },
	{ .number = 39, .what = "SERVFAIL", .udp = say_servfail,
		.variants = 3, .right = LIE_DEFER, .base = "temporary*" },
	{ .number = 40, .what = "SERVFAIL for one family",
		.udp = fail_family, .variants = 5, .lies = LIE_HOSTS,
		.rights = families, .ask = PACKET_A,
		.base = "a 192.0.2.1|temporary*|nodata" },
	{ .number = 41, .what = "REFUSED", .udp = say_refused, .variants = 3,
		.right = LIE_DEFER, .base = "temporary*" },
	{ .number = 42, .what = "NXDOMAIN with answers", .udp = say_gone,
		.variants = 2, .rights = gone, .base = "nxdomain|temporary*" },
	{ .number = 43, .what = "no data, no SOA", .udp = say_nothing,
		.right = IMPLICIT, .base = "nodata|temporary*" },
	{ .number = 44, .what = "a referral", .udp = refer, .variants = 3,
		.right = LIE_DEFER, .base = "temporary*" },
	{ .number = 45, .what = "one host does not exist",
		.udp = name_a_ghost, .lies = LIE_ALL, .right = LIE_PLAN,
		.base = "mx 5 ghost.@, 10 mx.@|temporary*" },
	{ .number = 46, .what = "aliases: chains, circles, DNAME",
		.udp = say_alias, .variants = 2 * CHAINS + 5,
		.rights = aliases, .base = "mx 10 mx.*|temporary*|nodata" },
	{ .number = 47, .what = "another name's record", .udp = say_foreign,
		.variants = 8, .rights = foreign,
		.base = LIE_BASE "|nodata" },
	{ .number = 48, .what = "the MX in another section",
		.udp = say_elsewhere, .variants = 2,
		.right = IMPLICIT, .base = "nodata|temporary*" },
	{ .number = 49, .what = "class CH", .udp = say_chaos, .variants = 2,
		.rights = chaos, .base = LIE_BASE "|nodata" },
	{ .number = 50, .what = "null MX, alone and among others",
		.udp = say_null, .variants = 6, .rights = null_mx,
		.base = "mx*|temporary*" },
	{ .number = 51, .what = "an address for a name",
		.udp = name_an_address, .variants = 12, .rights = addresses,
		.base = "mx*|temporary*" },
	{ .number = 52, .what = "addresses of ours and of nobody",
		.udp = tell_bad_host, .variants = 2 * BAD + 4,
		.lies = LIE_ALL, .rights = bad_host, .base = "mx*|temporary*" },
	{ .number = 0 }
};

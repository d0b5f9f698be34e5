/*
 * The built-in zone of --demo. Names and addresses are those set aside for
 * documentation (RFC 2606, RFC 5737, RFC 3849), so that no plan shown here
 * speaks of anybody's mail. May use libc.
 */
#include "demo_zone.h"

const char demo_zone_self[] = "mx.here.example";

const char *const demo_zone_destinations[] = {
	"normal.example",
	"equal.example",
	"implicit.example",
	"postmaster@alias.example",
	"mx-alias.example",
	"ipv4.example",
	"partly.example",
	"backup.example",
	"loop.example",
	"nomail.example",
	"mixed.example",
	"nohost.example",
	"filtered.example",
	"no-such-domain.example",
	"[192.0.2.1]",
	NULL
};

const char demo_zone_text[] =
	"$ORIGIN example.\n"
	"$TTL 3600\n"
	"@	SOA	ns.example. hostmaster.example. 1 7200 900 604800 300\n"
	"	NS	ns\n"
	"ns	A	192.0.2.53\n"
	"; two hosts, the second for when the first is down\n"
	"normal	MX	10 mx1.normal\n"
	"	MX	20 mx2.normal\n"
	"mx1.normal	AAAA	2001:db8:1::25\n"
	"	A	192.0.2.25\n"
	"mx2.normal	A	198.51.100.25\n"
	"; equals: any order, a new one each time\n"
	"equal	MX	10 a.equal\n"
	"	MX	10 b.equal\n"
	"	MX	10 c.equal\n"
	"a.equal	A	192.0.2.11\n"
	"	AAAA	2001:db8:2::11\n"
	"b.equal	A	192.0.2.12\n"
	"	A	192.0.2.13\n"
	"	AAAA	2001:db8:2::12\n"
	"c.equal	A	192.0.2.14\n"
	"; no MX: the domain itself takes its mail\n"
	"implicit	A	192.0.2.31\n"
	"	AAAA	2001:db8:3::1\n"
	"; another name for a domain, and for an exchange\n"
	"alias	CNAME	normal\n"
	"mx-alias	MX	10 mail.mx-alias\n"
	"mail.mx-alias	CNAME	mx1.normal\n"
	"; one family only\n"
	"ipv4	MX	10 mx.ipv4\n"
	"mx.ipv4	A	192.0.2.41\n"
	"; one host without address beside one that works\n"
	"partly	MX	10 gone.partly\n"
	"	MX	20 mx.partly\n"
	"	MX	20 inside.partly\n"
	"mx.partly	A	192.0.2.51\n"
	"inside.partly	A	127.0.0.1\n"
	"; we are the second of three: only better ones are tried\n"
	"backup	MX	10 mx.backup\n"
	"	MX	20 mx.here\n"
	"	MX	30 last.backup\n"
	"mx.backup	A	192.0.2.61\n"
	"	AAAA	2001:db8:6::1\n"
	"last.backup	A	192.0.2.62\n"
	"mx.here	A	192.0.2.63\n"
	"; we are the best: mail would come back to us\n"
	"loop	MX	10 mx.here\n"
	"	MX	20 mx.backup\n"
	"; no mail, please (RFC 7505)\n"
	"nomail	MX	0 .\n"
	"	A	192.0.2.71\n"
	"mixed	MX	0 .\n"
	"	MX	10 mx1.normal\n"
	"; hosts that have no address\n"
	"nohost	MX	10 gone.nohost\n"
	"	MX	20 text.nohost\n"
	"	A	192.0.2.81\n"
	"text.nohost	TXT	\"no address here\"\n"
	"; addresses that are never anybody else's\n"
	"filtered	MX	10 mx.filtered\n"
	"mx.filtered	A	127.0.0.1\n"
	"	AAAA	::ffff:127.0.0.2\n";

#!/bin/sh
# anchor.sh [BUILD]: mxsel --anchor validates by itself (R90): NSD serves a
# zone that is signed here and one that is not, on loopback, and mxsel plan,
# explain, lint and bulk tell them apart by a trust anchor. BUILD as for
# nsd.sh. Ends with one line of totals; 77 when a program it needs is not there
# or mxsel was built without libunbound.
set -u
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
. "$top/tests/support/trial.sh"
find_build "$@"
mxsel=$build/mxsel
needs nsd ldns-keygen ldns-signzone python3
"$mxsel" --anchor /dev/null/none a.test 2>&1 | grep -q 'without libunbound' && {
	echo 'skipped: libunbound'
	exit 77
}
make_scratch
out=$scratch/out err=$scratch/err

# ends STATUS ARGUMENT...
ends()
{
	want=$1
	shift
	"$mxsel" "$@" > "$out" 2> "$err" < /dev/null
	status=$?
	test $status = "$want"
	good "mxsel $* ends with $want (it is $status)" $?
}

# says PATTERN WHAT: the last output has a line like this.
says()
{
	grep -qE -e "$1" "$out"
	good "$2 (/$1/)" $?
}

# lacks PATTERN WHAT
lacks()
{
	grep -qE -e "$1" "$out"
	test $? = 1
	good "$2" $?
}

digest=$(printf '%064d' 7)
cat > "$scratch/zone" << END
\$ORIGIN anchor.dane.
\$TTL 3600
@ SOA ns hostmaster 1 7200 900 1209600 300
@ NS ns
ns A 127.0.0.1
@ MX 10 dane
@ MX 20 none
@ MX 30 host.plain
dane A 192.0.2.1
dane AAAA 2001:db8::1
_25._tcp.dane TLSA 3 1 1 $digest
none A 192.0.2.2
none AAAA 2001:db8::2
nomail MX 0 .
plain NS ns
END
cat > "$scratch/plain.anchor.dane.zone" << END
\$ORIGIN plain.anchor.dane.
\$TTL 3600
@ SOA ns.anchor.dane. hostmaster 1 7200 900 1209600 300
@ NS ns.anchor.dane.
@ MX 10 host
@ MX 20 dane.anchor.dane.
host A 192.0.2.3
host AAAA 2001:db8::3
_25._tcp.host TLSA 3 1 1 $digest
END

# A name under .test libunbound answers by itself (RFC 6761 6.2).
# A zone signed with one key, and another key that signed nothing.
sign()
{
	cd "$scratch" || return
	key=$(ldns-keygen -a ECDSAP256SHA256 -k anchor.dane) || return
	other=$(ldns-keygen -a ECDSAP256SHA256 -k anchor.dane) || return
	ldns-signzone -f "$scratch/anchor.dane.zone" zone "$key"
}

sign > "$out" 2> "$err"
good 'the zone is signed' $?
start_nsd "$scratch/anchor.dane.zone" "$scratch/plain.anchor.dane.zone" \
	> "$out" 2> "$err"
good 'NSD starts' $?
test $failed = 0 || finish
by="--anchor $scratch/$key.key --server 127.0.0.1@$port"

# --- plan and explain
ends 0 $by --dane anchor.dane
says '^anchor\.dane: try 3 hosts, 6 addresses' 'three hosts'
says "^         _25\._tcp\.dane\.anchor\.dane TLSA 3 1 1 $digest\$" 'a record'
says ' \(tlsa, RFC 7672' 'R92 a host by DANE'
says ' \(no_tlsa, RFC 7672' 'R92 a signed denial'
says ' \(no_security, RFC 7672' 'R91 a host of the zone that is not signed'
ends 0 $by --dane plain.anchor.dane
says ' \(tlsa, RFC 7672' 'R93 a secure host of insecure MX records'
ends 1 $by --dane nomail.anchor.dane
ends 1 $by --dane nowhere.anchor.dane
ends 0 $by --requiretls anchor.dane
ends 1 $by --requiretls plain.anchor.dane
ends 0 $by --dane --mix-case anchor.dane
says ' \(tlsa, RFC 7672' 'with letters of random case'
ends 0 explain $by --dane anchor.dane
says 'DANE: 1 TLSA record of dane\.anchor\.dane ' 'the tree'
ends 0 --server 127.0.0.1@$port --dane anchor.dane
lacks ' \(tlsa, ' 'without an anchor nothing is by DANE'
ends 75 --anchor "$scratch/$other.key" --server 127.0.0.1@$port --dane \
	anchor.dane
says 'defer 451' 'R90 a key that signed nothing: bogus, and temporary'

# --- lint
ends 0 lint $by anchor.dane
says '^warning  host\.plain\.anchor\.dane: .* \(tlsa_insecure, ' \
	'TLSA records without DNSSEC'
lacks 'dnssec_unknown|tlsa_insecure_mx' 'and nothing else of DNSSEC'
ends 0 lint $by plain.anchor.dane
says '^warning  plain\.anchor\.dane: .* \(tlsa_insecure_mx, ' \
	'MX records without DNSSEC'
ends 0 lint --server 127.0.0.1@$port anchor.dane plain.anchor.dane
says '^hint     anchor\.dane: .* \(dnssec_unknown, ' \
	'R90 NSD validates nothing, though it is on this machine'
lacks 'tlsa_insecure' 'and the zone is not to blame for that'

# --- bulk
i=0
while test $i -lt 100; do
	printf 'anchor.dane\nplain.anchor.dane\nnomail.anchor.dane\n'
	i=$((i + 1))
done > "$scratch/names"
keys=destination,status,secure,hosts,rejected,tlsrpt
"$mxsel" bulk $by --dane --seed 1 --fields $keys < "$scratch/names" \
	> "$out" 2> "$err"
test $? = 1 && test ! -s "$err"
good 'bulk ends with 1' $?
"$mxsel" $by --dane --seed 1 --json --fields $keys $(cat "$scratch/names") \
	2> "$err" | cmp -s - "$out"
good 'bulk --anchor prints what plan --json prints' $?
test "$(grep -c '"posture":"dane"' "$out")" = 200
good 'R92 each of them by DANE' $?

kill -0 $server 2> /dev/null
good 'NSD still runs' $?
finish

#!/bin/sh
# dane.sh [BUILD]: how securely each host must be reached (R90 to R97), with
# real servers on loopback: NSD and Knot serve the signed, unsigned and broken
# zones of dane_zones.txt, unbound validates them.
#
#   - the zones are what they claim to be (dane_claims.py asks unbound);
#   - libmxsel-ldns, which asks that unbound, and libmxsel-unbound, which
#     validates by itself with the same trust anchor, come to what
#     dane_expected.txt says for every destination, and agree; so they do when
#     they do not block, and with a cache;
#   - libmxsel-ldns asking NSD and Knot, which validate nothing, neither wants
#     DANE anywhere nor bounces anything.
#
# BUILD as for nsd.sh. Touches no file of the system; ends with one line of
# totals; 77 when a program or a library it needs is not there.
set -u
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
. "$top/tests/support/trial.sh"
find_build "$@"
needs nsd knotd keymgr unbound ldns-keygen ldns-signzone drill python3
needs_part ldns
needs_part unbound
make_scratch
tree=$scratch/tree
expected=$here/dane_expected.txt
servers=
stop()
{
	for server in $servers; do
		kill "$server" 2> /dev/null
	done
	for server in $servers; do
		wait "$server" 2> /dev/null
	done
	servers=
}
trap 'stop; rm -rf "$scratch"' EXIT

# Four ports that are free now, for UDP and for TCP.
free_ports()
{
	python3 -c '
import socket
held = []
while len(held) < 8:
    t, u = socket.socket(), socket.socket(type=socket.SOCK_DGRAM)
    t.bind(("127.0.0.1", 0))
    try:
        u.bind(t.getsockname())
        held += [t, u]
    except OSError:
        pass
print(*(t.getsockname()[1] for t in held[::2]))'
}

all_run()
{
	for server in $servers; do
		kill -0 "$server" 2> /dev/null || return
	done
}

# listens PORT: within a minute. drill would wait long for nobody.
listens()
{
	python3 -c '
import socket, sys, time
for moment in range(600):
    try:
        socket.create_connection(("127.0.0.1", int(sys.argv[1]))).close()
        sys.exit(0)
    except OSError:
        time.sleep(0.1)
sys.exit(1)' "$1"
}

# answers PORT NAME PATTERN: within a minute, and while all servers run.
answers()
{
	listens "$1" || return
	moment=0
	while test $moment -lt 120; do
		moment=$((moment + 1))
		! drill -D -p "$1" @127.0.0.1 "$2" SOA 2> /dev/null |
			grep -q "$3" || return 0
		all_run || return
		sleep 0.5
	done
	return 1
}

# start COMMAND...: in the background.
start()
{
	"$@" > "$tree/$1.out" 2>&1 &
	servers="$servers $!"
}

# unbound comes last, so that it finds the others at once.
start_servers()
{
	start nsd -d -c "$tree/nsd.conf"
	start knotd -c "$tree/knot.conf"
	answers "$nsd" good.dane 'flags: qr aa' &&
		answers "$knot" hash.dane 'RRSIG.SOA' || return
	start unbound -d -c "$tree/unbound.conf"
	answers "$unbound" good.dane 'flags:.* ad'
}

set_up()
{
	for try in 1 2 3 4 5; do
		rm -rf "$tree"
		mkdir "$tree"
		set -- $(free_ports)
		nsd=$1 knot=$2 unbound=$4
		python3 -B "$here/dane_zones.py" "$here/dane_zones.txt" \
			"$tree" "$@" || return
		! start_servers || return 0
		stop
	done
	cat "$tree"/*.out "$tree"/*.log
	return 1
}

compile()
{
	$(config CC) -std=c11 -O1 -g $(config SANITIZE) -I"$top/include" \
		$(config LDNS_CFLAGS) $(config UNBOUND_CFLAGS) \
		-o "$scratch/hosts" "$here/dane_hosts.c" \
		"$build/libmxsel-unbound.a" "$build/libmxsel-ldns.a" \
		"$build/libmxsel.a" $(config UNBOUND_LIBS) \
		$(config LDNS_LIBS) -pthread
}

# say NAME ARGUMENT...: what dane_hosts makes of all requests but those with
# the word $but.
say()
{
	name=$1
	shift
	python3 -B "$here/dane_compare.py" requests "$expected" $but |
		"$scratch/hosts" "$@" > "$scratch/$name"
}

# compare WHAT HOW FILE FILE
compare()
{
	part "$1" python3 -B "$here/dane_compare.py" "$2" "$3" "$4"
}

is 'zones are signed and servers answer' set_up || finish
part 'the zones are what they claim' python3 -B "$here/dane_claims.py" \
	"$tree/claims" 127.0.0.1 "$unbound"
is 'dane_hosts compiles' compile || finish
but=
is 'libmxsel-ldns asks unbound to the end' \
	say ldns ldns "127.0.0.1@$unbound"
compare 'libmxsel-ldns with unbound' same "$expected" "$scratch/ldns"
is 'libmxsel-unbound asks to the end' \
	say unbound unbound "$tree/anchor.key" "$tree/stubs"
compare 'libmxsel-unbound' same "$expected" "$scratch/unbound"
compare 'both resolvers agree' alike "$scratch/ldns" "$scratch/unbound"
for way in cached engine; do
	is "$way: to the end" say $way $way "127.0.0.1@$unbound"
	compare "$way" alike "$scratch/ldns" "$scratch/$way"
done
is 'loop: to the end' say loop loop "$tree/anchor.key" "$tree/stubs"
compare 'loop' alike "$scratch/unbound" "$scratch/loop"
but=requiretls
is 'libmxsel-ldns asks NSD and Knot to the end' \
	say nobody ldns "127.0.0.1@$nsd" "127.0.0.1@$knot"
compare 'nobody validates' lowest "$expected" "$scratch/nobody"
is 'all servers still run' all_run
finish

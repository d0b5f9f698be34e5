#!/bin/sh
# many.sh [BUILD]: the examples that have hundreds of destinations under way
# at once - examples/many.c, many_libuv.c and threads.c - against NSD on
# loopback, with the zones of tests/zones and one of a mail provider and its
# customers: for each destination they print what `mxsel plan` says.
#
# BUILD as for nsd.sh. Ends with one line of totals; 77 when a program it
# needs is not there.
set -u
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
zones=$top/tests/zones
build=${1:-${MXSEL_BUILDDIR:-${BUILD:-}}}
if test -z "$build"; then
	build=$PWD
	test ! -x "$top/build/mxsel" || build=$top/build
fi
build=$(cd "$build" && pwd) || exit 1
PATH=$PATH:/usr/sbin:/sbin
for need in nsd python3; do
	command -v "$need" > /dev/null || {
		echo "skipped: $need"
		exit 77
	}
done
grep -q '^HAVE_LDNS *:= *yes' "$build/config.mk" || {
	echo 'skipped: ldns'
	exit 77
}
make -s -C "$build" examples > /dev/null 2>&1
passed=0 failed=0 skipped=0
scratch=$(mktemp -d) || exit 1
server=
stop()
{
	test -z "$server" || {
		kill "$server" 2> /dev/null
		wait "$server" 2> /dev/null
	}
	server=
}
trap 'stop; rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM HUP

finish()
{
	totals="$passed passed, $failed failed"
	test $skipped = 0 || totals="$totals, $skipped skipped"
	echo "$totals"
	test $failed = 0
	exit
}

write_config()
{
	cat <<-END
	server:
		ip-address: 127.0.0.1@$port
		username: ""
		chroot: ""
		zonesdir: "$zones"
		database: ""
		zonelistfile: "$scratch/zone.list"
		xfrdfile: "$scratch/xfrd.state"
		xfrdir: "$scratch"
		pidfile: ""
		logfile: "$scratch/nsd.log"
		server-count: 1
		rrl-ratelimit: 0
	remote-control:
		control-enable: no
	zone:
		name: "mx.test"
		zonefile: "mx.test.zone"
	zone:
		name: "far.mx.test"
		zonefile: "far.mx.test.zone"
	zone:
		name: "customers.test"
		zonefile: "$scratch/customers.test.zone"
	END
}

# A port that is free now, for UDP and for TCP.
free_port()
{
	python3 -c '
import socket
while True:
    t, u = socket.socket(), socket.socket(type=socket.SOCK_DGRAM)
    t.bind(("127.0.0.1", 0))
    try:
        u.bind(t.getsockname())
        break
    except OSError:
        pass
print(t.getsockname()[1])'
}

# A domain without mail is a bounce (1) as soon as somebody answers.
answers()
{
	"$build/mxsel" --quiet --timeout 0.5 --server "127.0.0.1@$port" \
		nullmx.mx.test
	test $? = 1
}

start_server()
{
	for try in 1 2 3 4 5; do
		port=$(free_port)
		write_config > "$scratch/nsd.conf"
		nsd -d -c "$scratch/nsd.conf" > "$scratch/nsd.out" 2>&1 &
		server=$!
		for moment in 1 2 3 4 5 6 7 8 9 10; do
			! answers || return 0
			kill -0 "$server" 2> /dev/null || break
			sleep 0.2
		done
		stop
	done
	cat "$scratch/nsd.out" "$scratch/nsd.log"
	return 1
}

# like_plan PROGRAM [ARGUMENT...]: count what many_compare.py finds.
like_plan()
{
	program=$build/obj/examples/$1
	if ! test -x "$program"; then
		if test "$1" = many_libuv && ! grep -q \
			'^HAVE_UV *:= *yes' "$build/config.mk"; then
			echo 'skipped: many_libuv (libuv)'
			skipped=$((skipped + 1))
			return
		fi
		echo "not so: $program is there"
		failed=$((failed + 1))
		return
	fi
	shift
	python3 -B "$here/many_compare.py" compare "$build/mxsel" \
		"127.0.0.1@$port" "$scratch/destinations" \
		"$program" "$@" > "$scratch/said" 2>&1
	totals=$(tail -n 1 "$scratch/said")
	case $totals in
	*' passed, '*' failed')
		sed '$d' "$scratch/said"
		set -- $(echo "$totals" | tr -cd '0-9 ')
		passed=$((passed + $1))
		failed=$((failed + $2))
		;;
	*)
		cat "$scratch/said"
		echo "not so: ${program##*/} can be compared"
		failed=$((failed + 1))
		;;
	esac
}

python3 -B "$here/many_compare.py" write "$zones/domains.txt" \
	"$scratch/customers.test.zone" "$scratch/destinations" || exit 1
start_server || {
	echo 'not so: NSD starts and answers'
	failed=1
	finish
}
like_plan many
like_plan many_libuv
like_plan threads --threads 1
like_plan threads --threads 4
finish

#!/bin/sh
# zone_like_nsd.sh [BUILD]: the master-file resolver answers as NSD does, for
# the zones of tests/zones and for random ones: response code, AA, answers in
# their order, authority section with the TTL of the SOA.
#
# BUILD is the folder where make ran: the argument, $MXSEL_BUILDDIR or build/
# of the source tree. $ROUNDS (2): sets of random zones, each of its own
# seed. Ends with one line of totals; 77 when a program is not there.
set -u
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
build=${1:-${MXSEL_BUILDDIR:-$top/build}}
PATH=$PATH:/usr/sbin:/sbin
for need in nsd python3; do
	command -v "$need" > /dev/null || {
		echo "skipped: $need"
		exit 77
	}
done
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

# config NAME: what configure found.
config()
{
	sed -n "s/^$1[[:space:]]*:*= *//p" "$build/config.mk"
}

compile()
{
	$(config CC) -std=c11 -O1 $(config SANITIZE) -I"$top/include" \
		-I"$top/lib" $(config LDNS_CFLAGS) -o "$scratch/compare" \
		"$here/zone_like_nsd.c" "$build/libmxsel-ldns.a" \
		"$build/libmxsel.a" $(config LDNS_LIBS) -pthread
}

# configure_nsd FILE...: zones are named as their files.
configure_nsd()
{
	cat <<-END
	server:
		ip-address: 127.0.0.1@$port
		username: ""
		chroot: ""
		database: ""
		zonelistfile: "$scratch/zone.list"
		xfrdfile: "$scratch/xfrd.state"
		xfrdir: "$scratch"
		pidfile: ""
		logfile: "$scratch/nsd.log"
		server-count: 1
		rrl-ratelimit: 0
		minimal-responses: yes
	remote-control:
		control-enable: no
	END
	for file in "$@"; do
		printf 'zone:\n\tname: "%s"\n\tzonefile: "%s"\n' \
			"$(basename "$file" .zone)" "$file"
	done
}

free_port()
{
	python3 -c '
import socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])'
}

up()
{
	python3 -c '
import socket, sys
socket.create_connection(("127.0.0.1", int(sys.argv[1])), 1)' "$1" 2> /dev/null
}

# like_nsd FILE...: start NSD with these zones, compare, stop it.
like_nsd()
{
	port=$(free_port)
	configure_nsd "$@" > "$scratch/nsd.conf"
	nsd -d -c "$scratch/nsd.conf" > "$scratch/nsd.out" 2>&1 &
	server=$!
	for moment in 1 2 3 4 5 6 7 8 9 10; do
		! up "$port" || break
		sleep 0.3
	done
	"$scratch/compare" "$port" "$@"
	status=$?
	stop
	return $status
}

passed=0 failed=0
is()
{
	what=$1
	shift
	if "$@" > "$scratch/said" 2>&1; then
		passed=$((passed + 1))
		return
	fi
	failed=$((failed + 1))
	echo "not so: $what"
	sed 's/^/     /' "$scratch/said"
	grep -i error "$scratch/nsd.out" "$scratch/nsd.log" 2> /dev/null
}

is 'zone_like_nsd.c compiles' compile
if test $failed = 0; then
	is 'the zones of tests/zones are answered as NSD answers them' \
		like_nsd "$top"/tests/zones/*.zone
	seed=1
	while test $seed -le "${ROUNDS:-2}"; do
		mkdir "$scratch/$seed"
		python3 "$here/zone_like_nsd.py" "$scratch/$seed" 60 $seed
		is "random zones, seed $seed, are answered as NSD does" \
			like_nsd "$scratch/$seed"/*.zone
		seed=$((seed + 1))
	done
fi
echo "$passed passed, $failed failed"
test $failed = 0

#!/bin/sh
# nsd.sh [BUILD]: the library against a real name server, NSD on loopback with
# the zones of tests/zones, and against servers that fail.
#
#   - mxsel --zone, mxsel --server and the pull interface fed by hand give the
#     same JSON for every destination (plan_compare.py), and what is expected;
#   - servers that fail give "defer", in time (failing_servers.py);
#   - a program of ten lines, against an installed copy, prints the hosts.
#
# BUILD is the folder where make ran: the argument, $MXSEL_BUILDDIR, $BUILD,
# build/ of the source tree or here. Touches no file of the system; ends with
# one line of totals; 77 when a program it needs is not there.
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
for need in nsd python3 pkg-config; do
	command -v "$need" > /dev/null || {
		echo "skipped: $need"
		exit 77
	}
done
passed=0 failed=0 skipped=0
scratch=$(mktemp -d) || exit 1
server=
cleanup()
{
	if test -n "$server"; then
		kill "$server" 2> /dev/null
		wait "$server" 2> /dev/null
	fi
	rm -rf "$scratch"
}
trap cleanup EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# config NAME: what configure found, from config.mk.
config()
{
	test ! -e "$build/config.mk" ||
		sed -n "s/^$1[[:space:]]*:*= *//p" "$build/config.mk"
}
cc=$(config CC)
: "${cc:=${CC:-cc}}"
sanitize=$(config SANITIZE)
ldns_cflags=$(config LDNS_CFLAGS)
ldns_libs=$(config LDNS_LIBS)
: "${ldns_libs:=-lldns}"

# is WHAT COMMAND...: count one statement; show its output when it is wrong.
is()
{
	what=$1
	shift
	if "$@" > "$scratch/said" 2>&1; then
		passed=$((passed + 1))
		return 0
	fi
	failed=$((failed + 1))
	echo "not so: $what"
	sed 's/^/     /' "$scratch/said"
	return 1
}

finish()
{
	totals="$passed passed, $failed failed"
	test $skipped = 0 || totals="$totals, $skipped skipped"
	echo "$totals"
	test $failed = 0
	exit
}

# part COMMAND...: run it and add what its last line counts.
part()
{
	"$@" > "$scratch/part" 2>&1
	status=$?
	totals=$(tail -n 1 "$scratch/part")
	case $totals in
	*' passed, '*' failed')
		sed '$d' "$scratch/part"
		set -- $(echo "$totals" | tr -cd '0-9 ')
		passed=$((passed + $1))
		failed=$((failed + $2))
		;;
	*)
		cat "$scratch/part"
		echo "not so: $2 ends well (status $status)"
		failed=$((failed + 1))
		;;
	esac
}

free_port()
{
	python3 -c '
import socket
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
u.bind(("127.0.0.1", 0))
print(u.getsockname()[1])'
}

write_config()
{
	cat > "$scratch/nsd.conf" <<-END
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
		refuse-any: no
	remote-control:
		control-enable: no
	zone:
		name: "mx.test"
		zonefile: "mx.test.zone"
	zone:
		name: "far.mx.test"
		zonefile: "far.mx.test.zone"
	END
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
		write_config
		nsd -d -c "$scratch/nsd.conf" > "$scratch/nsd.out" 2>&1 &
		server=$!
		for moment in 1 2 3 4 5 6 7 8 9 10; do
			! answers || return 0
			kill -0 "$server" 2> /dev/null || break
			sleep 0.2
		done
		kill "$server" 2> /dev/null
		wait "$server" 2> /dev/null
		server=
	done
	cat "$scratch/nsd.out" "$scratch/nsd.log"
	return 1
}

make_by_hand()
{
	idn=
	test "$(config HAVE_IDN2)" != yes || idn="-DHAVE_IDN2=1
		$(config IDN2_CFLAGS) $build/libmxsel-idn2.a"
	(cd "$top" && $cc -std=c11 -O1 -g $sanitize -Iinclude $ldns_cflags \
		-o "$scratch/plan_by_hand" tests/integration/plan_by_hand.c \
		tools/buffer.c tools/json.c tools/json_tls.c tools/plan.c \
		tools/plan_tls.c tools/text.c \
		tools/settings.c tools/settings_table.c tools/unicode.c \
		tools/settings_check.c tools/complain.c tools/help.c \
		tools/help_table.c tools/near.c $idn \
		"$build/libmxsel-ldns.a" "$build/libmxsel.a" $ldns_libs $(config IDN2_LIBS) -pthread)
}

# The program of ten lines, as somebody who reads the README would write it.
write_ten_lines()
{
	cat > "$scratch/ten_lines.c" <<-'END'
	#include <stdio.h>
	#include <mxsel/ldns.h>
	int main(int n, char **v) {
		mxsel_resolver *r; mxsel_options *o; mxsel *m;
		if (n < 3 || mxsel_ldns_new(&r, "") || mxsel_ldns_add_server(r, v[2]) ||
		    mxsel_options_new(&o) || mxsel_options_set_resolver(o, r) ||
		    mxsel_new(&m, v[1], o)) return 1;
		while (mxsel_next(m) == MXSEL_ATTEMPT)
			printf("%d %s [%s]\n", mxsel_host_preference(m), mxsel_host_name(m), mxsel_address(m));
		mxsel_free(m), mxsel_options_free(o), mxsel_resolver_free(r); }
	END
}

install_copy()
{
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -s -C "$build" install \
		prefix="$prefix" DESTDIR=
}

# compile SOURCE PROGRAM [MODULE]: with what pkg-config says, and nothing else.
compile()
{
	flags=$(pkg-config --cflags --libs "${3:-libmxsel-ldns}") || return
	$cc $sanitize "$1" -o "$2" $flags
}

# The hosts of plain.mx.test, by libunbound from the name server.
validates()
{
	LD_LIBRARY_PATH=$prefix/lib "$scratch/secure_unbound" --zone mx.test \
		"127.0.0.1@$port" plain.mx.test |
		grep -F '10 mx1.mx.test [192.0.2.1] opportunistic'
}

# PROGRAM: the hosts of plain.mx.test, in order, from the name server.
prints_hosts()
{
	LD_LIBRARY_PATH=$prefix/lib "$1" plain.mx.test "127.0.0.1@$port" \
		> "$scratch/hosts"
	printf '%s\n' '10 mx1.mx.test [2001:db8::1]' \
		'10 mx1.mx.test [192.0.2.1]' '20 mx2.mx.test [192.0.2.2]' \
		> "$scratch/wanted"
	head -n 3 "$scratch/hosts" | diff "$scratch/wanted" -
}

check_installed_copy()
{
	prefix=$scratch/prefix
	if test ! -e "$build/config.mk"; then
		echo 'skipped: make install (no config.mk)'
		skipped=$((skipped + 1))
		return
	fi
	is 'make install prefix=... works' install_copy || return
	PKG_CONFIG_PATH=$prefix/lib/pkgconfig
	export PKG_CONFIG_PATH
	write_ten_lines
	for source in "$scratch/ten_lines.c" "$top/examples/first_host.c"; do
		test -e "$source" || continue
		name=$(basename "$source" .c)
		if is "$name.c compiles against the installed copy" \
				compile "$source" "$scratch/$name"; then
			is "$name prints the hosts in order" \
				prints_hosts "$scratch/$name"
		fi
	done
	if test "$(config HAVE_UNBOUND)" = yes &&
			is 'secure_unbound.c compiles against it' compile \
				"$top/examples/secure_unbound.c" \
				"$scratch/secure_unbound" libmxsel-unbound
	then
		is 'secure_unbound finds the hosts' validates
	fi
	is 'the ten lines are ten' test \
		"$(wc -l < "$scratch/ten_lines.c")" -le 10
	is 'the installed mxsel runs' env LD_LIBRARY_PATH="$prefix/lib" \
		"$prefix/bin/mxsel" --quiet --server "127.0.0.1@$port" \
		plain.mx.test
}

is "$build/mxsel is there" test -x "$build/mxsel" || finish
is 'NSD starts and answers' start_server || finish
is 'NSD takes the zones as they are' sh -c \
	"! grep -iE 'error|warn' '$scratch/nsd.log'"
if is 'plan_by_hand compiles' make_by_hand; then
	part python3 "$here/plan_compare.py" "$build/mxsel" \
		"$scratch/plan_by_hand" "127.0.0.1@$port" "$zones"
fi
part python3 "$here/failing_servers.py" "$build/mxsel"
check_installed_copy
is 'NSD still runs' kill -0 "$server"
finish

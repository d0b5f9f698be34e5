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
. "$top/tests/support/trial.sh"
zones=$top/tests/zones
find_build "$@"
needs nsd python3 pkg-config
make_scratch
cc=$(config CC)
: "${cc:=${CC:-cc}}"
sanitize=$(config SANITIZE)
ldns_cflags=$(config LDNS_CFLAGS)
ldns_libs=$(config LDNS_LIBS)
: "${ldns_libs:=-lldns}"

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
	alone env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -s -C "$build" \
		install prefix="$prefix" DESTDIR=
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
		skip 'make install (no config.mk)'
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
is 'NSD starts' start_nsd "$zones/mx.test.zone" \
	"$zones/far.mx.test.zone" || finish
is 'NSD takes the zones as they are' sh -c \
	"! grep -iE 'error|warn' '$scratch/nsd.log'"
if is 'plan_by_hand compiles' make_by_hand; then
	part plan_compare.py python3 "$here/plan_compare.py" "$build/mxsel" \
		"$scratch/plan_by_hand" "127.0.0.1@$port" "$zones"
fi
part failing_servers.py python3 "$here/failing_servers.py" "$build/mxsel"
check_installed_copy
is 'NSD still runs' kill -0 "$server"
finish

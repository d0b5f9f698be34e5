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
. "$top/tests/support/trial.sh"
zones=$top/tests/zones
find_build "$@"
needs nsd python3
needs_part ldns
alone make -s -C "$build" examples > /dev/null 2>&1
make_scratch

# like_plan PROGRAM [ARGUMENT...]: count what many_compare.py finds.
like_plan()
{
	program=$build/obj/examples/$1
	if ! test -x "$program"; then
		if test "$1" = many_libuv && test "$(config HAVE_UV)" != yes
		then
			skip 'many_libuv (libuv)'
			return
		fi
		echo "not so: $program is there"
		failed=$((failed + 1))
		return
	fi
	shift
	part "${program##*/}" python3 -B "$here/many_compare.py" compare \
		"$build/mxsel" "127.0.0.1@$port" "$scratch/destinations" \
		"$program" "$@"
}

python3 -B "$here/many_compare.py" write "$zones/domains.txt" \
	"$scratch/customers.test.zone" "$scratch/destinations" || exit 1
is 'NSD starts' start_nsd "$zones/mx.test.zone" "$zones/far.mx.test.zone" \
	"$scratch/customers.test.zone" || finish
like_plan many
like_plan many_libuv
like_plan threads --threads 1
like_plan threads --threads 4
finish

#!/bin/sh
# mta.sh [BUILD]: examples/mta_delivery speaks SMTP to servers of its own on
# loopback, which refuse, fail, lie, fall silent, show the wrong certificate or
# accept, and comes to the right verdict each time. BUILD as for nsd.sh. Ends
# with one line of totals.
set -u
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
build=${1:-${MXSEL_BUILDDIR:-${BUILD:-}}}
if test -z "$build"; then
	build=$PWD
	test ! -x "$top/build/mxsel" || build=$top/build
fi
build=$(cd "$build" && pwd) || exit 1
program=$build/obj/examples/mta_delivery/mta_delivery

command -v python3 > /dev/null || { echo 'skipped: python3'; exit 77; }
test -x "$program" || make -s -C "$build" examples > /dev/null 2>&1
if ! test -x "$program"; then
	for need in LDNS CURL; do
		grep -q "^HAVE_$need *:= *yes" "$build/config.mk" || {
			echo "skipped: $need"
			exit 77
		}
	done
	echo "there is no $program"
	echo '0 passed, 1 failed'
	exit 1
fi
exec python3 -B "$here/${TRIAL:-mta_trial.py}" "$program"

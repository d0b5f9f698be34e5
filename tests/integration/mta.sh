#!/bin/sh
# mta.sh [BUILD]: examples/mta_delivery speaks SMTP to servers of its own on
# loopback, which refuse, fail, lie, fall silent, show the wrong certificate or
# accept, and comes to the right verdict each time. BUILD as for nsd.sh. Ends
# with one line of totals.
set -u
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
. "$top/tests/support/trial.sh"
find_build "$@"
program=$build/obj/examples/mta_delivery/mta_delivery

needs python3
test -x "$program" || alone make -s -C "$build" examples > /dev/null 2>&1
if ! test -x "$program"; then
	needs_part ldns
	needs_part curl
	echo "there is no $program"
	echo '0 passed, 1 failed'
	exit 1
fi
exec python3 -B "$here/${TRIAL:-mta_trial.py}" "$program"

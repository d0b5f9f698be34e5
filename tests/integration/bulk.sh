#!/bin/sh
# bulk.sh [BUILD]: mxsel bulk against NSD on loopback, and as a filter: order,
# every line answered, bounded memory, interruption, GNU parallel. BUILD as
# for nsd.sh. Ends with one line of totals; 77 when a program it needs is not
# there.
set -u
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
. "$top/tests/support/trial.sh"
find_build "$@"
needs nsd python3
unset NO_COLOR COLUMNS
exec python3 "$here/bulk_trial.py" "$build/mxsel" "$top/tests/zones"

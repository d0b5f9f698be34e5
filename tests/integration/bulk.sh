#!/bin/sh
# bulk.sh [BUILD]: mxsel bulk against NSD on loopback, and as a filter: order,
# every line answered, bounded memory, interruption, GNU parallel. BUILD as
# for nsd.sh. Ends with one line of totals; 77 when a program it needs is not
# there.
set -u
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
build=${1:-${MXSEL_BUILDDIR:-${BUILD:-}}}
if test -z "$build"; then
	build=$PWD
	test ! -x "$top/build/mxsel" || build=$top/build
fi
PATH=$PATH:/usr/sbin:/sbin
export PATH
for need in nsd python3; do
	command -v "$need" > /dev/null || {
		echo "skipped: $need"
		exit 77
	}
done
unset NO_COLOR COLUMNS
exec python3 "$here/bulk_trial.py" "$build/mxsel" "$top/tests/zones"

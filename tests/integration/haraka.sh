#!/bin/sh
# haraka.sh [BUILD]: Haraka with the plugin examples/haraka relays mail from
# here to servers on loopback: to the right host, or back to its sender, or it
# waits. Haraka and koffi come from npm into a scratch folder. BUILD as for
# nsd.sh. Ends with one line of totals.
set -u
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
. "$top/tests/support/trial.sh"
find_build "$@"

needs python3 node npm
node -e 'process.exit(process.versions.node.split(".")[0] >= 20 ? 0 : 1)' || {
	echo 'skipped: Haraka needs node 20'
	exit 77
}
needs_part ldns
test -e "$build/libmxsel-ldns.so.0" || alone make -s -C "$build" > /dev/null

scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
trial=
trap 'test -z "$trial" || { kill "$trial"; wait "$trial"; }; exit 130' INT TERM

# npm_in FOLDER COMMAND ARGUMENT...
npm_in()
{
	folder=$1
	shift
	npm "$@" --prefix "$folder" --ignore-scripts --no-audit --no-fund \
		--no-progress --loglevel=error > "$folder.npm" 2>&1
}

# The plugin as its README installs it; Haraka beside it, as the lock file has
# it, without the plugins that it can do without.
mkdir "$scratch/relay"
cp -R "$here/haraka_npm" "$scratch/haraka"
npm_in "$scratch/haraka" ci --omit=optional &
other=$!
npm_in "$scratch/relay" install --no-package-lock --install-links \
	"$top/examples/bindings/node" "$top/examples/haraka"
installed=$?
wait $other && test $installed = 0 || {
	grep -Eq 'EAI_AGAIN|ENOTFOUND|ENETUNREACH|ECONNREFUSED|CERT' \
		"$scratch"/*.npm && { echo 'skipped: no network for npm'; exit 77; }
	cat "$scratch"/*.npm
	echo 'npm could not install Haraka or the plugin'
	echo '0 passed, 1 failed'
	exit 1
}

MXSEL_LIBDIR=$build MXSEL_DECLARATIONS=$top/include/declarations
export MXSEL_LIBDIR MXSEL_DECLARATIONS
python3 -B "$here/haraka_trial.py" "$scratch/haraka" "$scratch/relay" &
trial=$!
wait $trial

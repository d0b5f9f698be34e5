#!/bin/sh
# run.sh ready | build | test | plan ARGUMENT...: the Node binding, with koffi
# from npm in $SCRATCH and libmxsel from $MXSEL_BUILDDIR (or $MXSEL_LIBDIR).
# `ready` ends with 77 where Node or npm is missing, `build` where npm does not
# reach its registry.
set -u
here=$(cd "$(dirname "$0")" && pwd)
modules=${SCRATCH:?}/node_modules
NODE_PATH=$modules
MXSEL_LIBDIR=${MXSEL_LIBDIR-${MXSEL_BUILDDIR-}}
MXSEL_DECLARATIONS=${MXSEL_DECLARATIONS-$here/../../../include/declarations}
export NODE_PATH MXSEL_LIBDIR MXSEL_DECLARATIONS

ready()
{
	for tool in node npm; do
		command -v $tool > /dev/null && continue
		echo "skipped: $tool"
		exit 77
	done
	node -e '
		const [major, minor] = process.versions.node.split(".")
		process.exit(major > 18 || (major == 18 && minor >= 18) ? 0 : 1)
	' && return
	echo 'skipped: node 18.18 or newer'
	exit 77
}

build()
{
	cp "$here/package.json" "$here/.npmrc" "$SCRATCH" || return
	npm install --prefix "$SCRATCH" --omit=dev --ignore-scripts \
		--no-progress --loglevel=error > "$SCRATCH/npm" 2>&1 || {
		cat "$SCRATCH/npm"
		grep -Eq 'EAI_AGAIN|ENOTFOUND|ENETUNREACH|ECONNREFUSED|CERT' \
			"$SCRATCH/npm" || return
		echo 'skipped: no network for npm'
		exit 77
	}
	test -d "$modules/koffi"
}

# What `node --test` says as text, and its totals as the others say them.
run_tests()
{
	MXSEL_ZONES=${MXSEL_SRCDIR:-$here/../../..}/tests/zones \
		node --expose-gc --test --test-reporter=tap "$here"/test/*.test.js \
		> "$SCRATCH/said" 2>&1
	passed=$(sed -n 's/^# pass //p' "$SCRATCH/said")
	failed=$(sed -n 's/^# fail //p' "$SCRATCH/said")
	test "${failed:-1}" = 0 || cat "$SCRATCH/said"
	echo "${passed:-0} passed, ${failed:-1} failed"
	test "${failed:-1}" = 0
}

case ${1-} in
ready) ready ;;
build) build ;;
test) run_tests ;;
plan) shift; exec node "$here/plan.js" "$@" ;;
*) echo "usage: $0 ready | build | test | plan ARGUMENT..." >&2; exit 64 ;;
esac

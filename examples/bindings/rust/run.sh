#!/bin/sh
# run.sh ready|build|test|plan ARGUMENT...: the Rust binding, with the
# libraries of MXSEL_BUILDDIR; builds in SCRATCH. 77: no Rust here.
here=$(cd "$(dirname "$0")" && pwd) || exit 1
folder=${MXSEL_LIBDIR:-${MXSEL_BUILDDIR:-}}
if test -n "$folder"; then
	MXSEL_LIBDIR=$folder
	LD_LIBRARY_PATH=$folder${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
	export MXSEL_LIBDIR LD_LIBRARY_PATH
fi
# What cargo keeps for itself, also: nothing is to be written elsewhere.
if test -n "${SCRATCH:-}"; then
	CARGO_TARGET_DIR=$SCRATCH/rust
	export CARGO_TARGET_DIR
fi
target=${CARGO_TARGET_DIR:-$here/target}

# The feature needs a library that is not built everywhere.
features=
test ! -e "${MXSEL_LIBDIR:-}/libmxsel-idn2.so.0" || features=mxsel/idn2

# crates COMMAND ARGUMENT...: cargo, without network.
crates()
{
	command=$1
	shift
	(cd "$here" && cargo "$command" --offline --locked --quiet \
		--features "$features" "$@")
}

# The totals of cargo's own lines, "test result: ok. 3 passed; 0 failed; ...".
totals()
{
	awk '
	!/^test result: / { print; next }
	{ passed += $4; failed += $6 }
	END {
		printf "%d passed, %d failed\n", passed, failed
		exit failed > 0 || passed == 0
	}'
}

# Whatever keeps the tests from being compiled is a failure too.
run_tests()
{
	said=$(crates test 2>&1)
	status=$?
	test $status = 0 || printf '%s\n' "$said"
	printf '%s\n' "$said" | grep '^test result: ' | totals && \
		test $status = 0
}

command=$1
test $# = 0 || shift
case $command in
ready)
	command -v cargo > /dev/null && cargo --version > /dev/null 2>&1 || {
		echo 'skipped: cargo'
		exit 77
	} ;;
build) crates build --all-targets ;;
test) run_tests ;;
plan) exec "$target/debug/examples/plan" "$@" ;;
*) sed -n '2,3s/^# //p' "$0"; exit 64 ;;
esac

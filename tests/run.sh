#!/bin/sh
# Every test of libmxsel, on a machine that may have nothing yet:
#
#	sh tests/run.sh [--no-install] [--verify] [OPTION-OF-CONFIGURE...]
#
# Installs what is missing (--no-install: only says what), builds in build/,
# runs `make check`, `make lint` and tests/integration, with --verify `make
# verify` too, and ends with one line of totals. Exit: 0 when nothing failed.
top=$(cd "$(dirname "$0")/.." && pwd) || exit 1
. "$top/tests/support/setup.sh"
build=$top/build
verify=no

for argument; do
	shift
	case $argument in
	--no-install) install=no ;;
	--verify) verify=yes ;;
	-h | --help) sed -n '2,/^$/s/^# \{0,1\}//p' "$0"; exit ;;
	--*-* | *=*) set -- "$@" "$argument" ;;
	*) echo "$0: unknown option $argument" >&2; exit 64 ;;
	esac
done

passed=0 failed=0 skipped=0 short=0

# counted WORD: how many, in $totals.
counted()
{
	echo "$totals, 0 $1" | tr ',' '\n' | \
		awk -v word="$1" '$2 == word { print $1; exit }'
}

# count NAME FOLDER: what noted.sh kept there; its last line of totals counts.
count()
{
	said=$2/said
	status=$(cat "$2/status")
	totals=$(grep -E '^[0-9]+ passed, [0-9]+ failed' "$said" | tail -n 1)
	if test -z "$totals" && test "$status" = 77; then
		totals='0 passed, 0 failed, 1 skipped'
	elif test -z "$totals"; then
		totals='0 passed, 1 failed'
	fi
	# Ended badly without admitting a failure.
	case $status:$totals in
	0:* | 77:*) ;;
	*' 0 failed'*) totals=$(echo "$totals" | \
		sed 's/ 0 failed/ 1 failed/') ;;
	esac
	passed=$((passed + $(counted passed)))
	failed=$((failed + $(counted failed)))
	skipped=$((skipped + $(counted skipped)))
	short=$((short + $(counted short)))
	if test "$(counted failed)" != 0 || test "$1" = "$shown"; then
		cat "$said"
	else
		grep '^skipped' "$said"
	fi
	printf '%-32s %s (%d s)\n' "$1:" "$totals" "$(cat "$2/seconds")"
}

# note NAME COMMAND...
note()
{
	name=$1
	shift
	sh "$top/tests/support/noted.sh" "$scratch/$name" "$@"
}

# stage NAME COMMAND...
stage()
{
	note "$@"
	count "$1" "$scratch/$1"
}

# The checks of the house, and the tests that start servers, as many at a time
# as there are cores: most of them wait most of the time.
lint_and_integration()
{
	note 'make lint' make -s -C "$build" lint &
	ls tests/integration/*.sh | xargs -P "$(cores)" -I TEST \
		sh tests/support/noted.sh "$scratch/TEST" sh TEST
	wait
	for test in 'make lint' tests/integration/*.sh; do
		count "$test" "$scratch/$test"
	done
}

# The one line that ends every run.
finish()
{
	totals="$passed passed, $failed failed"
	test $skipped = 0 || totals="$totals, $skipped skipped"
	test $short = 0 || totals="$totals, $short short"
	echo "$totals"
	test $failed = 0
	exit
}

# What went wrong before the first test is a failure too.
give_up()
{
	failed=$((failed + 1))
	finish
}

# What the pieces of `make verify` need.
tools()
{
	test $verify = no || awk '!/^#/ && NF && $4 != "-" { print $4 }' \
		"$top/tests/verify/pieces.txt" | tr ',\n' '  '
}

(need 'cc make autoconf pkg-config ldns check' \
	'c++ clang nsd knotd unbound-daemon drill ctags mandoc parallel
	jq python3 uv libcurl openssl expat
	python3-cffi luajit cargo go node npm postfix redis-server
	bash zsh fish
	'"$(tools)") || give_up
scratch=$(mktemp -d) || give_up
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM

configure_in "$build" "$@" || give_up
# For tests/integration/cluster.sh, which says when it is not there.
test $install = no ||
	sh "$top/tests/support/unbound.sh" "$build/obj/unbound" \
		> "$scratch/unbound" 2>&1 &
quietly make -s -j"$(cores)" -C "$build" all programs || give_up
wait

stage 'make check' make -s -j"$(cores)" -C "$build" check
MXSEL=$build/mxsel MXSEL_SRCDIR=$top MXSEL_BUILDDIR=$build
export MXSEL MXSEL_SRCDIR MXSEL_BUILDDIR
cd "$top" || give_up
lint_and_integration
shown='make verify'
test $verify = no || stage "$shown" make -s -C "$build" verify
finish

#!/bin/sh
# bindings.sh [BUILD [LANGUAGE...]]: the bindings of examples/bindings.
#
# Each language is built and its own tests are run; then its `plan` program
# must print, octet for octet, what bindings_plan.c prints: for every
# destination of tests/zones/domains.txt, from the master files, from a
# resolver written in that language, and from NSD on loopback with all of them
# under way at once; with two seeds and several outcomes. The C program itself
# is held against what must be true of it, so that equal means something.
#
# BUILD as for nsd.sh. LANGUAGE: the folders that are tried; all. A language
# whose tools are missing counts as skipped. Ends with one line of totals; 77
# when a program that all need is not there.
set -u
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
. "$top/tests/support/trial.sh"
zones=$top/tests/zones
find_build "$@"
test $# = 0 || shift
needs nsd python3 ldns-read-zone
needs_part ldns
test -z "$(config SANITIZE)" || {
	echo 'skipped: other languages cannot load a build with sanitizers'
	exit 77
}
cc=$(config CC)
: "${cc:=${CC:-cc}}"
limit=
! command -v timeout > /dev/null || limit='timeout 300'
make_scratch
lanes=
stop_lanes()
{
	for pid in $lanes; do
		kill "$pid" 2> /dev/null
		wait "$pid" 2> /dev/null
	done
}
trap 'stop_lanes; stop_nsd; rm -rf "$scratch"' EXIT

# ----------------------------------------------------------- what is compared

make_reference()
{
	(cd "$top" && $cc -std=c11 -O1 -Wall -Wextra -Iinclude \
		-o "$scratch/reference" tests/integration/bindings_plan.c \
		"$build/libmxsel-ldns.a" "$build/libmxsel.a" \
		$(config LDNS_LIBS) -pthread)
}

make_inputs()
{
	grep -vE '^#( |$)|^$' "$zones/domains.txt" > "$scratch/domains" &&
	for zone in mx.test far.mx.test; do
		ldns-read-zone -c "$zones/$zone.zone" || return
	done | python3 "$here/bindings_records.py" > "$scratch/list" &&
	python3 "$here/bindings_records.py" --names |
		cat "$scratch/domains" - > "$scratch/records-domains"
}

# One line for each comparison: its name, its destinations, its arguments.
list_trials()
{
	from_zone="--zone $zones/mx.test.zone --zone $zones/far.mx.test.zone"
	cat <<-END_OF_TRIALS
	zone domains $from_zone --seed 1
	zone-again domains $from_zone --seed 18446744073709551615
	timeout domains $from_zone --seed 3 --outcome timeout
	rcpt-450 domains $from_zone --seed 4 --outcome rcpt
	rcpt-550 domains $from_zone --seed 5 --outcome rcpt --code 550
	delivered domains $from_zone --seed 6 --outcome delivered
	records records-domains --records $scratch/list --seed 1
	records-rcpt records-domains --records $scratch/list --seed 8 \
		--outcome rcpt
	server domains --server 127.0.0.1@$port --seed 1
	server-again domains --server 127.0.0.1@$port --seed 9 --outcome data
	END_OF_TRIALS
}

run_reference()
{
	list_trials > "$scratch/trials"
	while read -r name domains arguments; do
		"$scratch/reference" $arguments < "$scratch/$domains" \
			> "$scratch/$name" || return
	done < "$scratch/trials"
}

compare()
{
	python3 "$here/bindings_compare.py" "$@"
}

# differ NAME NAME: so the comparison can fail.
differ()
{
	! compare same "$@" > "$work/differ" &&
		grep -q ' plans are the same$' "$work/differ"
}

at_least()
{
	test "$(grep -c . "$2")" -ge "$1"
}

check_reference()
{
	cd "$scratch" || return
	is 'there are at least 60 destinations' at_least 60 domains
	is 'the server gives the plans of the master files' \
		compare same zone server
	is 'so does the list of records, where it can' \
		compare alike zone records 150
	is 'another seed gives another order' compare orders zone zone-again
	is 'and the comparison finds that' differ zone zone-again
	is 'refused: all kinds of verdicts' compare counts zone \
		'defer unreachable 451' 'bounce null_mx 556' \
		'bounce no_domain 550' 'bounce bad_destination 501' \
		'defer dns_temporary 451'
	is 'timeout: unreachable' compare counts timeout \
		'defer unreachable 451'
	is 'rcpt with 450: the reply decides' compare counts rcpt-450 \
		'defer reply 450'
	is 'rcpt with 550: a bounce' compare counts rcpt-550 \
		'bounce reply 550'
	is 'delivered: no second attempt' compare counts delivered \
		'delivered delivered 250'
	cd "$top" || return
}

# ------------------------------------------------------------- one language

# limited COMMAND...: with an end to its time, its input from descriptor 4,
# and known to whoever has to stop it.
limited()
{
	$limit "$@" <&4 &
	child=$!
	wait "$child"
	limited_status=$?
	child=
	return $limited_status
}

# plan NAME DOMAINS ARGUMENT...: what the language prints, as the C program.
plan()
{
	name=$1 domains=$2
	shift 2
	limited sh "$run" plan "$@" 4< "$scratch/$domains" \
		> "$work/$name" 2> "$work/errors" || {
		status=$?
		head -n 20 "$work/errors"
		echo "status $status"
	}
	compare same "$scratch/$name" "$work/$name"
}

# ends_with STATUS ARGUMENT...: the program says why, and prints nothing.
ends_with()
{
	wanted=$1
	shift
	limited sh "$run" plan "$@" 4< "$scratch/domains" > "$work/out" \
		2> "$work/errors"
	status=$?
	cat "$work/errors" "$work/out"
	echo "status $status"
	test $status = "$wanted" && test -s "$work/errors" &&
		test ! -s "$work/out"
}

# The library's sentence is in the language's error.
says_what_failed()
{
	ends_with 1 --zone "$work/missing" &&
		grep -q 'the file is missing, cannot be written' "$work/errors"
}

# own_tests: those of the language; its last line of totals counts.
own_tests()
{
	limited sh "$run" test 4< /dev/null > "$work/tests" 2>&1
	status=$?
	line=$(grep -E '^[0-9]+ passed, [0-9]+ failed' "$work/tests" |
		tail -n 1)
	set -- $(echo "$line" | tr -cd '0-9 ')
	passed=$((passed + ${1:-0}))
	failed=$((failed + ${2:-0}))
	if test $status != 0 || test "${1:-0}" = 0; then
		test "${2:-0}" != 0 || failed=$((failed + 1))
		echo "not so: $language: its own tests pass (status $status)"
		tail -n 60 "$work/tests" | sed 's/^/     /'
	fi
	echo "$language: own tests: $line"
}

# What a language needs of the network may be out of reach.
builds()
{
	limited sh "$run" build 4< /dev/null && return
	test $limited_status = 77 && skipped=1
}

# ready, build, test, plan, in a folder of its own; the last line is totals.
try_language()
{
	passed=0 failed=0 skipped=0
	run=$top/examples/bindings/$language/run.sh
	MXSEL_BUILDDIR=$build MXSEL_SRCDIR=$top SCRATCH=$work/build
	export MXSEL_BUILDDIR MXSEL_SRCDIR SCRATCH
	mkdir -p "$SCRATCH"
	sh "$run" ready > "$work/said" 2>&1
	status=$?
	if test $status = 77; then
		skipped=1
		echo "skipped: $language: $(sed -n "\$s/^skipped: //p" "$work/said")"
		totals
		return
	fi
	is "$language: is ready" test $status = 0
	is "$language: builds" builds || {
		totals
		return
	}
	test $skipped = 0 || {
		echo "skipped: $language: $(sed -n "\$s/^skipped: //p" "$work/said")"
		totals
		return
	}
	own_tests
	while read -r name domains arguments <&3; do
		is "$language: $name: the plans of the C program" \
			plan "$name" "$domains" $arguments &&
			echo "$language: $name: $(tail -n 1 "$work/said")"
	done 3< "$scratch/trials"
	is "$language: wrong usage is said so" ends_with 64
	is "$language: what fails is said so" says_what_failed
	totals
}

# Takes one language after the other, until all are taken.
lane()
{
	child=
	trap 'test -z "$child" || kill "$child"; exit 143' TERM
	for language; do
		work=$scratch/in-$language
		mkdir "$work" 2> /dev/null || continue
		started=$(date +%s)
		try_language > "$scratch/of-$language" 2>&1
		echo $(($(date +%s) - started)) > "$work/seconds"
	done
}

# gather LANGUAGE...: what each came to, in order.
gather()
{
	for language; do
		sed '$d' "$scratch/of-$language"
		line=$(tail -n 1 "$scratch/of-$language")
		printf '%-8s %s (%s s)\n' "$language:" "$line" \
			"$(cat "$scratch/in-$language/seconds")"
		set -- $(echo "$line" | tr -cd '0-9 ')
		passed=$((passed + ${1:-0}))
		failed=$((failed + ${2:-1}))
		skipped=$((skipped + ${3:-0}))
	done
}

work=$scratch
is "$build/mxsel is there" test -x "$build/mxsel" || finish
is 'the C program compiles' make_reference || finish
is 'the inputs can be made' make_inputs || finish
is 'NSD starts' start_nsd "$zones/mx.test.zone" \
	"$zones/far.mx.test.zone" || finish
is 'the C program runs' run_reference || finish
check_reference
if test $# = 0; then
	for run in "$top"/examples/bindings/*/run.sh; do
		test ! -e "$run" || set -- "$@" \
			"$(basename "$(dirname "$run")")"
	done
fi
if test $# -gt 0; then
	lane "$@" &
	lanes=$!
	lane "$@" &
	lanes="$lanes $!"
	wait ${lanes% *}
	wait ${lanes#* }
	lanes=
	gather "$@"
fi
is 'NSD still runs' kill -0 "$server"
finish

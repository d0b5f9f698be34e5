#!/bin/sh
# run.sh SRCDIR TARGET...: fuzz each target for its share of FUZZ_TIME seconds
# of one processor, FUZZ_JOBS targets at a time; say how many executions there
# were, and of a find where it is. Each is fuzzed twice: under the sanitizers,
# beginning with its corpus; then, without them, beginning with what that
# added, for the numbers.
# run.sh --can COMPILER: can it make such programs?
# run.sh --merge SRCDIR TARGET...: of the corpus and of what fuzzing added, as
# few and short inputs as reach every place that any of them reaches, into the
# file found.hex of the corpus.
if test "$1" = --can; then
	command -v "${2%% *}" > /dev/null 2>&1 || exit 1
	scratch=$(mktemp -d) || exit 1
	cat > "$scratch/try.c" <<-'C'
		#include <stddef.h>
		#include <stdint.h>
		int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
		int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
		{
			return data == NULL && size > 0;
		}
	C
	# shellcheck disable=SC2086
	$2 -fsanitize=fuzzer,address,undefined -o "$scratch/try" \
		"$scratch/try.c" > /dev/null 2>&1
	can=$?
	rm -rf "$scratch"
	exit $can
fi

if test "$1" = --merge; then
	source=$2
	shift 2
	for target in "$@"; do
		corpus=$source/tests/fuzz/corpus/$target
		out=obj/fuzz/merged/$target
		{ rm -rf "$out" && mkdir -p "$out"; } || exit 1
		"obj/fuzz/san/$target" -merge=1 -max_len=200 -use_counters=0 \
			"$out" "obj/fuzz/seeds/$target" "obj/fuzz/new/$target" \
			> "obj/fuzz/merge-$target.log" 2>&1 || exit 1
		echo '# Found by fuzzing: each reaches something of its own.' \
			> "$corpus/found.hex"
		separator=
		for input in "$out"/*; do
			test -z "$separator" || echo "$separator"
			od -An -v -tx1 -w24 "$input" | sed 's/^ //'
			separator='='
		done >> "$corpus/found.hex"
		echo "$target: $(ls "$out" | wc -l) inputs"
	done
	exit 0
fi

source=$1
shift
FUZZ_TIME=${FUZZ_TIME:-150}
FUZZ_JOBS=${FUZZ_JOBS:-$(getconf _NPROCESSORS_ONLN 2> /dev/null || echo 1)}
test "$FUZZ_JOBS" -le 2 || FUZZ_JOBS=2
enough=$((FUZZ_TIME > 150 ? FUZZ_TIME : 150))

# Of a hundred parts of the time: with the sanitizers; without, at most. How
# many executions then are enough, for each second of FUZZ_TIME (of 150 at
# least): so many that a processor of its own needs half of those parts. The
# longest input: long ones are slow, and what is new is seldom behind it.
shares()
{
	case $1 in
	packet) echo 3 40 125000 384 ;;
	name) echo 2 32 85000 160 ;;
	answers) echo 5 10 100000 384 ;;
	state) echo 3 32 60000 384 ;;
	memory) echo 2 15 30000 256 ;;
	*) echo 2 25 18000 256 ;;
	esac
}

# run KIND TARGET SECONDS RUNS LENGTH SEED: one program; its last words are
# kept.
run()
{
	UBSAN_OPTIONS=print_stacktrace=1 "obj/fuzz/$1/$2" -seed="$6" \
		-max_total_time="$3" -runs="$4" -max_len="$5" -timeout=10 \
		-entropic=0 -reduce_inputs=0 -mutate_depth=16 -verbosity=0 \
		-print_final_stats=1 \
		-artifact_prefix="obj/fuzz/find-$2-" \
		"obj/fuzz/new/$2" "obj/fuzz/seeds/$2" >> "obj/fuzz/$2.log" 2>&1
}

# seconds PARTS: of FUZZ_TIME, one at least.
seconds()
{
	echo $(((FUZZ_TIME * $1 + 99) / 100))
}

fuzz()
{
	rm -rf "obj/fuzz/seeds/$1" "obj/fuzz/new/$1"
	mkdir -p "obj/fuzz/seeds/$1" "obj/fuzz/new/$1"
	"obj/tests/fuzz/replay_$1" -o "obj/fuzz/seeds/$1" \
		"$source/tests/fuzz/corpus/$1"/*.hex > "obj/fuzz/$1.log" ||
		return 1
	# shellcheck disable=SC2046
	set -- "$1" $(shares "$1")
	run san "$1" "$(seconds "$2")" -1 4096 1 &&
		run fast "$1" "$(seconds "$3")" $(($4 * enough)) "$5" 2
}

# worker N TARGET...: every so many of the targets, beginning with the Nth.
worker()
{
	at=0
	mine=$1
	shift
	for target in "$@"; do
		if test $((at % FUZZ_JOBS)) = "$mine"; then
			result=ok
			fuzz "$target" || result=find
			echo $result > "obj/fuzz/$target.result"
		fi
		at=$((at + 1))
	done
}

# With two at a time both have about as much to do.
order()
{
	for target in packet name conf state answers memory; do
		case " $* " in *" $target "*) printf '%s ' $target ;; esac
	done
}

# executions TARGET: "with the sanitizers" and "without".
executions()
{
	sed -n 's/^stat::number_of_executed_units: *//p' "obj/fuzz/$1.log" |
		tr '\n' ' '
}

# 12345678 as 12,345,678
grouped()
{
	echo "$1" | sed -e ':a' -e 's/^\([0-9]\{1,\}\)\([0-9]\{3\}\)/\1,\2/' \
		-e 'ta'
}

# What ldns said in both runs: "ldns: compared 12, same 3, pointer 4".
opinions()
{
	sed -n 's/^ldns: //p' obj/fuzz/packet.log | tr ',' '\n' | awk '
		{ if (!($1 in n)) order[count++] = $1; n[$1] += $2 }
		END { for (i = 0; i < count; i++)
			printf "%s%s %d", (i > 0 ? ", " : ""), order[i],
				n[order[i]] }'
}

rm -f obj/fuzz/*.log obj/fuzz/*.result
pids=
n=0
while test $n -lt "$FUZZ_JOBS"; do
	# shellcheck disable=SC2046
	worker $n $(order "$@") &
	pids="$pids $!"
	n=$((n + 1))
done
# shellcheck disable=SC2086
trap 'kill $pids 2> /dev/null; exit 1' INT TERM
wait

total=0
checked=0
finds=0
unexplained=0
for target in "$@"; do
	result=$(cat "obj/fuzz/$target.result")
	# shellcheck disable=SC2046
	set -- $(executions "$target") 0 0
	printf '%-8s %9d executions with sanitizers, %10d without, %s: %s\n' \
		"$target" "$1" "$2" \
		"$(ls "obj/fuzz/new/$target" | wc -l) inputs kept" "$result"
	total=$((total + $1 + $2))
	checked=$((checked + $1))
	if test "$result" != ok; then
		finds=$((finds + 1))
		grep -aE 'broken:|ERROR|runtime error|Test unit written' \
			"obj/fuzz/$target.log"
		grep -aq 'another way: unexplained' "obj/fuzz/$target.log" &&
			unexplained=1
	fi
done
said=$(test -f obj/fuzz/packet.log && opinions)
test -z "$said" || echo "beside ldns: $said"

state=reached
test $total -ge 40000000 || state=short
test $finds = 0 || state=failed
echo "figure|fuzz executions|$(grouped $total), $(grouped $checked) of them" \
	"with sanitizers; $finds finds|>= 40,000,000 in a CI run|$state"
compared=$(echo "$said" | sed -n 's/^compared \([0-9]*\).*/\1/p')
if test $unexplained != 0; then
	echo "figure|differences to ldns, unexplained|1, then it ended|0|failed"
elif test -n "$compared"; then
	state=reached
	test "$compared" != 0 || state=failed
	echo "figure|differences to ldns, unexplained|0 in" \
		"$(grouped "$compared") messages|0|$state"
elif test -f obj/fuzz/packet.log; then
	echo "figure|differences to ldns, unexplained|skipped: ldns|0|skipped"
fi
test $finds = 0

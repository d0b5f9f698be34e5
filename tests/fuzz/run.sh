#!/bin/sh
# run.sh SRCDIR TARGET...: fuzz each target for FUZZ_TIME seconds, beginning
# with its corpus and always the same seed; say how many executions there
# were, and of a find where it is.
# run.sh --can COMPILER: can it make such programs?
if test "$1" = --can; then
	command -v "$2" > /dev/null 2>&1 || exit 1
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
	"$2" -fsanitize=fuzzer,address,undefined -o "$scratch/try" \
		"$scratch/try.c" > /dev/null 2>&1
	can=$?
	rm -rf "$scratch"
	exit $can
fi

source=$1
shift
total=0
finds=0
for target in "$@"; do
	seeds=obj/fuzz/seeds/$target
	new=obj/fuzz/new/$target
	log=obj/fuzz/$target.log
	rm -rf "$seeds" "$new"
	mkdir -p "$seeds" "$new"
	"obj/tests/fuzz/replay_$target" -o "$seeds" \
		"$source/tests/fuzz/corpus/$target"/*.hex > "$log" || {
		cat "$log"
		exit 1
	}
	result=ok
	UBSAN_OPTIONS=print_stacktrace=1 "obj/fuzz/$target" -seed=1 \
		-max_len=4096 -timeout=10 -print_final_stats=1 \
		-max_total_time="${FUZZ_TIME:-10}" \
		-artifact_prefix="obj/fuzz/find-$target-" \
		"$new" "$seeds" >> "$log" 2>&1 || result=find
	count=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
	count=${count:-0}
	total=$((total + count))
	printf '%-8s %10d executions, %6d inputs kept: %s\n' "$target" \
		"$count" "$(ls "$new" | wc -l)" "$result"
	if test $result = find; then
		finds=$((finds + 1))
		grep -E 'broken:|ERROR|runtime error|Test unit written' "$log"
	fi
done
printf 'total    %10d executions, %d finds\n' $total $finds
test $finds = 0

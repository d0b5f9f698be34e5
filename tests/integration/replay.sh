#!/bin/sh
# A thousand recorded selections replay byte for byte, and are the same from
# gcc and clang, with and without optimisation (R79):
#
#	sh tests/integration/replay.sh
#
# Compiles the core four times, in a folder of its own. Ends with one line of
# totals.
cd "$(dirname "$0")/../.." || exit 1
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM
passed=0 failed=0 skipped=0
sources=$(printf 'include lib/sources.mk\nx:\n\t@echo $(CORE_SRC) $(MOCK_SRC)\n' | \
	${MAKE:-make} -s -f - x) || exit 1

first=
for compiler in gcc clang; do
	command -v $compiler > /dev/null || {
		echo "skipped: $compiler"
		skipped=$((skipped + 2))
		continue
	}
	for level in -O0 -O3; do
		told=$scratch/$compiler$level
		if ! $compiler -std=c11 $level -Iinclude -Ilib -Itests \
			$sources tests/integration/replay_told.c \
			-o "$scratch/told" || \
			! "$scratch/told" > "$told" 2> "$scratch/said"; then
			echo "$compiler $level: $(cat "$scratch/said")"
			failed=$((failed + 1))
			continue
		fi
		test -n "$first" || first=$told
		if test -s "$told" && cmp "$first" "$told"; then
			passed=$((passed + 1))
		else
			echo "$compiler $level tells something else"
			failed=$((failed + 1))
		fi
	done
done
totals="$passed passed, $failed failed"
test $skipped = 0 || totals="$totals, $skipped skipped"
echo "$totals"
test $failed = 0

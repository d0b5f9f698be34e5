#!/bin/sh
# How much of lib/ the tests reach: lines, branches, conditions (MC/DC).
#
#	run.sh SOURCE-FOLDER BUILD-FOLDER
#
# Builds everything with COVERAGE_CC (clang-19) in BUILD-FOLDER, runs the
# tests there, and prints what is missing and three figures.
src=$1 build=$2
cc=${COVERAGE_CC:-clang-19}
version=${cc##*clang}

# Without these tools there is nothing to say.
for tool in "$cc" "llvm-profdata$version" "llvm-cov$version" python3; do
	command -v "$tool" > /dev/null && continue
	for what in lines branches MC/DC; do
		echo "figure|coverage: $what|skipped: $tool|100 %|skipped"
	done
	exit 0
done

mkdir -p "$build" && cd "$build" || exit 1
flags='-O0 -g -fprofile-instr-generate -fcoverage-mapping -fcoverage-mcdc'
# Counts of branches are differences: threads must not lose any.
flags="$flags -fprofile-update=atomic"
cores=$(getconf _NPROCESSORS_ONLN 2> /dev/null || echo 1)
cached=
command -v ccache > /dev/null && cached='ccache '
test -e config.mk || "$src/configure" --quiet CC="$cached$cc" \
	CFLAGS="$flags" || exit 1
make -s -j"$cores" all programs > build.log 2>&1 || {
	tail -n 20 build.log
	exit 1
}
# A condition that cannot be measured would count as if it were not there.
if grep 'unsupported MC/DC' build.log | grep '/lib/[a-z]*/'; then
	echo 'figure|coverage: conditions that are not measured|some|0|failed'
	rm -rf obj/lib # only who compiles them is told
	exit 1
fi

# What could not be built is not in the figures.
for map in "$src"/lib/*.map; do
	library=$(basename "$map" .map)
	test -e "$library.so.0" || echo "figure|coverage of $library|skipped:" \
		"what it needs|100 %|skipped"
done

# Processes of one program share a file; so do those that it forks.
rm -rf profiles && mkdir profiles
LLVM_PROFILE_FILE=$PWD/profiles/%8m.profraw
export LLVM_PROFILE_FILE
# A test that fails here is named; it is a failure of `make check`.
make -s -k -j"$cores" check > check.log 2>&1 || grep ':[FE]:' check.log
grep '^[0-9]* passed' check.log | tail -n 1
for suite in ${COVERAGE_SUITES-}; do
	make -s "$suite" > "$suite.log" 2>&1
	echo "$suite: ended with $?"
done

"llvm-profdata$version" merge -sparse profiles/*.profraw -o all.profdata &&
	"llvm-cov$version" export -format=text -skip-functions \
		-instr-profile=all.profdata $(ls libmxsel*.so.0 | \
		sed '2,$s/^/-object /') > coverage.json || exit 1
exec python3 -B "$src/tests/coverage/report.py" "$src" coverage.json

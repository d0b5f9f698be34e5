#!/bin/sh
# run.sh SRCDIR COMPILER JOBS: build everything with sanitizers in
# obj/sanitizers, run `make check` there, count what they report. `make
# sanitizers` calls this.
source=$1 compiler=$2 jobs=$3
: "${MAKE:=make}"
wanted='0 reports, 0 tests failed'
name='ASan, LSan, UBSan over make check'

# end STATE REACHED
end()
{
	echo "figure|$name|$2|$wanted|$1"
	test "$1" != failed
	exit
}

mkdir -p obj/sanitizers && cd obj/sanitizers || exit 1
rm -rf reports && mkdir reports || exit 1
address=address,undefined
more=unsigned-integer-overflow,implicit-conversion
echo 'int main(void) { return 0; }' > try.c
$compiler -fsanitize=$address,$more -o try try.c > try.log 2>&1 ||
	end skipped "skipped: $compiler"
# LSan traces its own process, which some containers forbid.
leaks=1
./try > try.log 2>&1 || leaks=0

test config.status -nt "$source/configure" || \
	"$source/configure" --quiet CC="$compiler" CFLAGS='-O1 -g' \
	--with-sanitizers=$address > configure.log 2>&1 || {
	cat configure.log
	end failed 'configure failed'
}
build()
{
	"$MAKE" -s "LIB_SANITIZE=-fsanitize=$more \
		-fsanitize-ignorelist=$source/tests/sanitizers/wraps.txt" "$@"
}
build "-j$jobs" all programs > build.log 2>&1 || {
	cat build.log
	end failed 'the build failed'
}

# One process for all tests of a program: leaks are looked for once.
CK_FORK=no
ASAN_OPTIONS="log_path=$PWD/reports/report:log_exe_name=1"
ASAN_OPTIONS=$ASAN_OPTIONS:detect_leaks=$leaks:strict_string_checks=1
ASAN_OPTIONS=$ASAN_OPTIONS:detect_stack_use_after_return=1
UBSAN_OPTIONS=print_stacktrace=1
export CK_FORK ASAN_OPTIONS UBSAN_OPTIONS
PATH=$PATH:/usr/lib/llvm-19/bin # llvm-symbolizer

# The logs of the programs that failed, from what totals.sh says.
failures()
{
	sed -n 's/^\(obj\/.*\.log\):$/\1/p' "$1"
}

# Under sanitizers on a busy machine the tests' clocks are the first to go
# wrong, and a test that fails leaves its memory behind. So what failed is run
# again by itself, and the leaks of before are forgotten; other reports stay.
once_more()
{
	for log; do
		program=${log##*/}
		for report in reports/report."${program%.log}".*; do
			grep -qs 'ERROR: [^L]\|runtime error' "$report" || \
				rm -f "$report"
		done
	done
	build "$@" > again.log 2>&1
	sh "$source/tests/support/totals.sh" "$@" > again.log
}

build "-j$jobs" check > check.log 2>&1
cat check.log
set -- $(grep '^[0-9]* passed' check.log | tail -n 1 | tr -cd '0-9 ')
passed=${1:-0} failed=${2:-1} first=${2:-1}
again=$(failures check.log)
for try in 1 2; do
	test -n "$again" || break
	echo "Once more: $again"
	once_more $again
	cat again.log
	set -- $(tail -n 1 again.log | tr -cd '0-9 ')
	failed=${2:-1}
	again=$(failures again.log)
done
passed=$((passed + first - failed))
reports=$(ls reports | wc -l)
cat reports/* 2> /dev/null
reached="$reports reports, $failed tests failed, $passed passed"
test $leaks = 1 || reached="$reached; no LSan: ptrace is forbidden"
test "$reports$failed" = 00 && test "$passed" -gt 0 || \
	end failed "$reached"
test $leaks = 1 || end short "$reached"
end reached "$reached"

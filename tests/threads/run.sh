#!/bin/sh
# run.sh COMPILER LDNS: build the program that runs under ThreadSanitizer, run
# it for THREADS_TIME seconds at most, count what it reports. `make threads`
# calls this.
name='data races, threads x selections'
wanted="0 in $THREADS_COUNT x $THREADS_SELECTIONS"
skip()
{
	echo "skipped: $1"
	echo "figure|$name|skipped: $1|$wanted|skipped"
	exit 0
}

test -n "$2" || skip ldns
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
echo 'int main(void) { return 0; }' > "$scratch/try.c"
$1 -fsanitize=thread -o "$scratch/try" "$scratch/try.c" \
	> /dev/null 2>&1 && "$scratch/try" || skip "$1"
"${MAKE:-make}" -s threads-programs || exit 1
TSAN_OPTIONS="log_path=$scratch/report:halt_on_error=0" \
	obj/threads/threads "$THREADS_COUNT" "$THREADS_SELECTIONS" \
	"$THREADS_TIME" > "$scratch/said"
status=$?
cat "$scratch/said" "$scratch"/report* 2> /dev/null
reports=$(cat "$scratch"/report* 2> /dev/null | grep -c '^SUMMARY:')
set -- $(tr -cd '0-9 \n' < "$scratch/said")
state=reached
test "${2:-0}" -ge "$THREADS_SELECTIONS" || state=short
test $status = 0 && test "$reports" = 0 || state=failed
echo "figure|$name|$reports in ${1:-0} x ${2:-0}, ${3:-no}" \
	"wrong answers|$wanted|$state"
test $state != failed

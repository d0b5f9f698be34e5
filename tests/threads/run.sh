#!/bin/sh
# run.sh COMPILER LDNS: build the programs that run under ThreadSanitizer, run
# them for THREADS_TIME and THREADS_MEMORY_TIME seconds at most, count what it
# reports. `make threads` calls this.
name='data races, threads x selections'
wanted="0 in $THREADS_COUNT x $THREADS_SELECTIONS"
memory='data races, one memory of hosts'
# skip TOOL NAME WANTED
skip()
{
	echo "skipped: $1"
	echo "figure|$2|skipped: $1|$3|skipped"
}

scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
echo 'int main(void) { return 0; }' > "$scratch/try.c"
$1 -fsanitize=thread -o "$scratch/try" "$scratch/try.c" \
	> /dev/null 2>&1 && "$scratch/try" || {
	skip "$1" "$name" "$wanted"
	skip "$1" "$memory" "0 in $THREADS_COUNT threads"
	exit 0
}
"${MAKE:-make}" -s threads-programs || exit 1

# watched PROGRAM ARGUMENT...: what it said is in $scratch/said, the number of
# reports in $reports. Exit status: its own.
watched()
{
	rm -f "$scratch"/report*
	TSAN_OPTIONS="log_path=$scratch/report:halt_on_error=0" \
		"$@" > "$scratch/said"
	status=$?
	cat "$scratch/said" "$scratch"/report* 2> /dev/null
	reports=$(cat "$scratch"/report* 2> /dev/null | grep -c '^SUMMARY:')
	return $status
}

failed=0
if test -n "$2"; then
	state=failed
	watched obj/threads/threads "$THREADS_COUNT" "$THREADS_SELECTIONS" \
		"$THREADS_TIME" && test "$reports" = 0 && state=reached
	set -- $(tr -cd '0-9 \n' < "$scratch/said")
	test $state = failed || test "${2:-0}" -ge "$THREADS_SELECTIONS" ||
		state=short
	echo "figure|$name|$reports in ${1:-0} x ${2:-0}, ${3:-no}" \
		"wrong answers|$wanted|$state"
	test $state != failed || failed=1
else
	skip ldns "$name" "$wanted"
fi

state=failed
watched obj/threads/memory "$THREADS_COUNT" "$THREADS_MEMORY_TIME" \
	"$scratch" && test "$reports" = 0 && state=reached
set -- $(tr -cd '0-9 \n' < "$scratch/said")
echo "figure|$memory|$reports in ${1:-0} threads, ${2:-0} calls or more each," \
	"${3:-no} wrong|0 in $THREADS_COUNT threads|$state"
test $state != failed || failed=1
exit $failed

#!/bin/sh
# run.sh SRCDIR SANITIZE PROGRAM...: each under valgrind's memcheck, all tests
# of a program in one process; counts programs with errors or leaks of any
# kind, descriptors that stayed open, and programs that were not fast enough
# to be judged by their leaks. `make valgrind` calls this.
source=$1 sanitize=$2
shift 2
name="valgrind over $# programs"
wanted='0 with errors or leaks, 0 descriptors'
skip()
{
	echo "figure|$name|skipped: $1|$wanted|skipped"
	exit 0
}

command -v valgrind > /dev/null || skip valgrind
test -z "$sanitize" || skip 'a build without sanitizers'
test $# -gt 0 || skip check
CK_FORK=no
export CK_FORK
logs=obj/valgrind
rm -rf $logs && mkdir -p $logs || exit 1
wrong=0 failed=0 descriptors=0
# What memcheck's complaints begin with, and those about leaks.
error='== (Invalid|Conditional|Use of|Syscall|Mismatched|Source and|Process t)'
leak='== .* in loss record '
not_in_time=':[FE]:'
# What a program says that has tested something.
tested='^([0-9]+%: Checks: [1-9]|[1-9][0-9]* passed)'

# memcheck LOG PROGRAM [ARGUMENT...]. A child of fork() has its parent's
# memory and descriptors: those are not its leaks. What is still reachable at
# the end is so from static data, which only tests have.
memcheck()
{
	log=$1
	shift
	valgrind -q --track-fds=yes --leak-check=full \
		--show-leak-kinds=definite,indirect,possible \
		--child-silent-after-fork=yes --log-file="$log.log" "$@" \
		> "$log.out" 2>&1
}

# Descriptors that were opened and never closed.
left_open()
{
	grep -A 1 '== Open ' "$1.log" | grep -v -e '^--$' -e '== Open ' | \
		grep -vc 'inherited from parent'
}

# watch PROGRAM [ARGUMENT...]. With valgrind, or on a busy machine, a test may
# not be done in the time it wants; then it leaves all it has behind. So what
# fails is tried again, and what fails for ever is judged by errors alone.
watch()
{
	log=$logs/${1##*/}
	for try in 1 2 3; do
		memcheck "$log" "$@"
		status=$?
		open=$(left_open "$log")
		grep -q "$not_in_time" "$log.out" || break
	done
	bad=$(grep -Ec "$error|$leak" "$log.log")
	if grep "$not_in_time" "$log.out"; then
		failed=$((failed + 1))
		open=0
		bad=$(grep -Ec "$error" "$log.log")
	elif test $status != 0 || ! grep -Eq "$tested" "$log.out"; then
		echo "ended with $status, or tested nothing"
		bad=$((bad + 1))
	fi
	descriptors=$((descriptors + open))
	test "$bad" = 0 || wrong=$((wrong + 1))
	test "$bad:$open" = 0:0 && return
	echo "$1: $bad errors, $open descriptors"
	cat "$log.out"
	head -n 100 "$log.log"
}

for program; do
	case $program in
	*/scenarios/run) watch "$program" "$source"/tests/scenarios/*.scn ;;
	*) watch "$program" ;;
	esac
done
reached="$wrong with errors or leaks, $descriptors descriptors"
test $failed = 0 || reached="$reached, $failed too slow"
state=reached
test "$wrong$descriptors" = 00 || state=failed
test "$state:$failed" = reached:0 || test $state = failed || state=short
echo "figure|$name|$reached|$wanted|$state"
test $state != failed

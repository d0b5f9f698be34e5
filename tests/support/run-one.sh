#!/bin/sh
# run-one.sh LOG PROGRAM [ARGUMENT...]: run one test program; what it says and
# how it ended go to LOG, for totals.sh. On a busy machine a test may be late:
# when nothing else is wrong the program is run again, twice at most. A test
# that comes to a wrong end is not.
log=$1
shift
limit=
command -v timeout > /dev/null && limit='timeout 600'
case $1 in
/*) ;;
*) program=./$1; shift; set -- "$program" "$@" ;;
esac

# is_late: whatever failed took longer than it may.
is_late()
{
	grep -E ':[FE]:' "$log" > "$log.failed" &&
		! grep -Eqv ":F:.*( Assertion '[a-z.>-]*took <| took [0-9]+ ms\
| took longer)" "$log.failed"
	was_late=$?
	rm -f "$log.failed"
	return $was_late
}

for try in 1 2 3; do
	$limit "$@" > "$log" 2>&1
	status=$?
	test $status != 0 && is_late || break
done
echo "exit status $status" >> "$log"

# How a piece of `make verify` says what it found, in shell; sourced. Sets
# broken when a figure failed.
broken=0

# figure NAME STATE REACHED WANTED
figure()
{
	echo "figure|$1|$3|$4|$2"
	test "$2" != failed || broken=1
}

# judge NAME PROBLEMS: none is good.
judge()
{
	test -z "$2" || printf '%s\n' "$2"
	count=$(printf '%s' "$2" | grep -c .)
	state=reached
	test "$count" = 0 || state=failed
	figure "$1" $state "$count faults" '0 faults'
}

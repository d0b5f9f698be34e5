# For scripts that try the mxsel command, after trial.sh, with the arguments of
# find_build: what it printed goes to $out and $err, its status to $status. Where
# it is not there all ends.
find_build "$@"
mxsel=$build/mxsel
make_scratch
out=$scratch/out err=$scratch/err want=$scratch/want
unset NO_COLOR
TERM=xterm LC_ALL=C
export TERM LC_ALL

# run ARGUMENT...: its status goes to $status.
run()
{
	"$mxsel" "$@" > "$out" 2> "$err" < /dev/null
	status=$?
}

# ends STATUS ARGUMENT...
ends()
{
	wanted=$1
	shift
	run "$@"
	test $status = "$wanted"
	good "mxsel $* ends with $wanted (it is $status)" $?
}

# says PATTERN WHAT: the last output has a line like this.
says()
{
	grep -qE -e "$1" "$out"
	good "$2 (/$1/)" $?
}

# reads WHAT ARGUMENT...: the output is what stands on standard input.
reads()
{
	what=$1
	shift
	cat > "$want"
	"$mxsel" "$@" > "$out" 2> "$err" < /dev/null
	diff "$want" "$out" > "$scratch/diff"
	status=$?
	test $status = 0 || cp "$scratch/diff" "$out"
	good "$what" $status
}

test -x "$mxsel"
good "$mxsel is there" $?
test -x "$mxsel" || { echo "$passed passed, $failed failed"; exit 1; }

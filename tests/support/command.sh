# For scripts that try the mxsel command, after trial.sh: what it printed goes
# to $out and $err, its status to $status.
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

#!/bin/sh
# messages.sh [BUILD]: everything that mxsel says on standard error, word for
# word, and that each message says what to do next (messages.txt). BUILD as
# for cli.sh. Ends with one line of totals.
set -u
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
zone=$top/tests/zones/mx.test.zone
. "$top/tests/support/trial.sh"
. "$top/tests/support/command.sh"
tab=$(printf '\t')
text=$scratch/text policy=$scratch/policy record=$scratch/record
state=$scratch/state done=$scratch/done memory=$scratch/memory
broken=$scratch/broken stale=$scratch/stale
said=$here/messages.txt
echo x.test > "$text"
echo nomail.example > "$done"
echo 'host mx.test 25 last=refused' > "$memory.line"
echo 'mxsel-memory 1 99999999999999' | cat - "$memory.line" > "$memory"
echo 'mxsel-memory 1 1000' | cat - "$memory.line" "$memory.line" > "$stale"
printf '# by hand\nhost mx.test\n' | cat "$memory" - > "$broken"
printf 'version: STSv1\nmode: none\nmax_age: 1\n' > "$policy"
"$mxsel" --zone "$zone" --record "$record" plain.mx.test > /dev/null

# told STATUS ARGUMENTS MESSAGE: of one entry of messages.txt.
told()
{
	eval "\"\$mxsel\" $2" > "$out" 2> "$err" < /dev/null
	test $? = "$1"
	good "mxsel $2 ends with $1" $?
	eval "printf '%s' \"$3\"" > "$scratch/message"
	test ! -s "$scratch/message" || printf '\n' >> "$scratch/message"
	cmp -s "$err" "$scratch/message"
	good "mxsel $2 says: $3" $?
	case $3 in
	'' | 'mxsel: '?*'; '?*) good "mxsel $2 says what to do" 0 ;;
	*) good "mxsel $2 says what to do" 1 ;;
	esac
}

status= arguments= message=
while IFS= read -r line; do
	case $line in
	'#'* | '') continue ;;
	"$tab"*)
		message="${message:-mxsel:} ${line#"$tab"}"
		continue
		;;
	esac
	test -z "$status" || told "$status" "$arguments" "$message"
	status=${line%% *} arguments=${line#"$status"} message=
done < "$said"
told "$status" "$arguments" "$message"
rm -f "$state"
"$mxsel" --anchor "$text" x.test > "$out" 2> "$err"
test $? = 64 && grep -qE '^mxsel: --anchor .*: .*; (write|build it)' "$err"
good 'a file without trust anchor, or no libunbound' $?
"$mxsel" --store 127.0.0.1:1 --zone "$zone" plain.mx.test > "$out" 2> "$err"
status=$?
if grep -q 'built without' "$err"; then
	test $status = 64 && grep -q '^mxsel: --store .*; build it with' "$err"
	good 'a cluster without libmxsel-redis' $?
else
	test $status = 0 && test "$(wc -l < "$err")" = 1 && grep -q \
		'^mxsel: --store .*: .*; this was made without what' "$err"
	good 'a plan is made when the server is away, and says so' $?
	"$mxsel" memory --store 127.0.0.1:1 mx.test > "$out" 2> "$err"
	test $? = 75 && test "$(wc -l < "$err")" = 1 && grep -q \
		'^mxsel: --store .*; see that the server runs, ' "$err"
	good 'what it knows cannot be shown then' $?
fi
# A sanitizer's shadow does not fit into so little memory.
if (ulimit -v 100000 && "$mxsel" --version || exit 1) > /dev/null 2>&1; then
	(ulimit -v 100000
	"$mxsel" bulk --cache-size 1G --server 127.0.0.1@1) \
		> "$out" 2> "$err" < /dev/null
	test $? = 75 && grep -q '^mxsel: bulk: .* memory; lower --conc' "$err"
	good 'no memory is 75, and says what to lower' $?
else
	skip 'little memory'
fi
if unshare -rm mount -t tmpfs none /etc 2> /dev/null; then
	for command in 'plan x.test' bulk; do
		unshare -rm sh -c 'mount -t tmpfs none /etc && exec "$@"' sh \
			"$mxsel" $command > "$out" 2> "$err" < /dev/null
		test $? = 75 && grep -q \
			'^mxsel: cannot use .*; name one with --server ADDR$' \
			"$err"
		good "$command without resolv.conf says what to do" $?
	done
else
	skip 'no resolv.conf'
fi
# One place writes what is wrong, and it wants to know what to do next.
grep -l 'fprintf(stderr\|fputs(.*stderr' "$top"/tools/*.c | sed 's|.*/||' | \
	tr '\n' ' ' > "$out"
test "$(cat "$out")" = 'bulk.c bulk_progress.c complain.c settings.c '
good 'nothing else writes to stderr' $?

finish

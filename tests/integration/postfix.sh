#!/bin/sh
# postfix.sh [BUILD]: real mail through Postfix, which asks
# examples/postfix_map where to. BUILD as for nsd.sh.
#
#	- postfix_clients.py: what the map answers, and hostile clients;
#	- postfix_trial.py: an instance of Postfix in a scratch directory, on
#	  loopback, delivers to the hosts that the map names, by address and by
#	  name. It wants root, as Postfix' master does, and for the names a
#	  hosts file of its own in a mount namespace.
#
# The system's Postfix is neither started nor changed. Ends with one line of
# totals; 77 when a program it needs is not there.
set -u
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
. "$top/tests/support/trial.sh"
find_build "$@"
program=$build/obj/examples/postfix_map/postfix_map

needs python3
test -x "$program" || alone make -s -C "$build" examples > /dev/null 2>&1
if ! test -x "$program"; then
	needs_part ldns
	echo "there is no $program"
	echo '0 passed, 1 failed'
	exit 1
fi

pid=
umask 022 # Postfix' processes are another user
scratch=$(mktemp -d) || exit 1
cleanup()
{
	test -z "$pid" || kill "$pid" 2> /dev/null
	test -z "$pid" || wait "$pid" 2> /dev/null
	rm -rf "$scratch"
}
trap cleanup EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# part COMMAND...: run it; its last line of totals counts.
part()
{
	"$@" > "$scratch/said" 2>&1 &
	pid=$!
	wait "$pid"
	pid=
	totals=$(grep -E '^[0-9]+ passed, [0-9]+ failed$' "$scratch/said")
	cat "$scratch/said" | grep -v -x -F "${totals:-none}"
	: "${totals:=0 passed, 1 failed}"
	passed=$((passed + ${totals%% passed*}))
	totals=${totals#*, }
	failed=$((failed + ${totals%% failed*}))
}

part python3 -B "$here/postfix_clients.py" "$program" "$scratch"

# postfix.sh's own hosts file: 127.0.0.2 is h2.test.
own_names='mount --bind "$0" /etc/hosts && exec "$@"'
n=0
while test $n -lt 20; do
	n=$((n + 1))
	echo "127.0.0.$n h$n.test"
done > "$scratch/hosts"
chmod 644 "$scratch/hosts"

chmod 755 "$scratch"
mkdir "$scratch/addresses" "$scratch/names"
if ! test -x /usr/lib/postfix/sbin/master; then
	skip "postfix"
elif test "$(id -u)" != 0; then
	skip "postfix, which wants root"
else
	part python3 -B "$here/postfix_trial.py" "$program" \
		"$scratch/addresses" addresses
	if unshare -m sh -c "$own_names" "$scratch/hosts" true; then
		part unshare -m sh -c "$own_names" "$scratch/hosts" \
			python3 -B "$here/postfix_trial.py" "$program" \
			"$scratch/names" names
	else
		skip "names: no mount namespace"
	fi
fi 2> "$scratch/errors"
finish

# What the tests of tests/integration share: where the build is, statements
# that are counted, NSD on loopback, and that nothing stays. Sourced with
# `top` set to the source tree; sets passed, failed, skipped, and by its
# functions build, scratch, server and port.

passed=0 failed=0 skipped=0 server=
PATH=$PATH:/usr/sbin:/sbin
PYTHONDONTWRITEBYTECODE=1 # the source tree stays as it is
export PATH PYTHONDONTWRITEBYTECODE

# find_build [BUILD]: the folder where make ran: the argument, $MXSEL_BUILDDIR,
# $BUILD, build/ of the source tree or here.
find_build()
{
	build=${1:-${MXSEL_BUILDDIR:-${BUILD:-}}}
	if test -z "$build"; then
		build=$PWD
		test ! -x "$top/build/mxsel" || build=$top/build
	fi
	build=$(cd "$build" && pwd) || exit 1
}

# alone COMMAND...: a make in the folder of the build, while no other test has
# one there: each writes the .pc files with its own prefix. Somebody who was
# killed holds up the others for a minute.
alone()
{
	tries=600
	test -d "$build/obj" || tries=0
	until mkdir "$build/obj/alone" 2> /dev/null || test $tries = 0; do
		sleep 0.1
		tries=$((tries - 1))
	done
	"$@"
	alone_status=$?
	rmdir "$build/obj/alone" 2> /dev/null
	return $alone_status
}

# needs PROGRAM...: without one of them all is skipped.
needs()
{
	for need; do
		command -v "$need" > /dev/null && continue
		echo "skipped: $need"
		exit 77
	done
}

# config NAME: what configure found, from config.mk.
config()
{
	test ! -e "$build/config.mk" ||
		sed -n "s/^$1[[:space:]]*:*= *//p" "$build/config.mk"
}

# needs_part NAME: what configure may have found, as "ldns".
needs_part()
{
	test "$(config "HAVE_$(echo "$1" | tr a-z A-Z)")" = yes && return
	echo "skipped: $1"
	exit 77
}

# A folder that goes away at the end, and with it NSD.
make_scratch()
{
	scratch=$(mktemp -d) || exit 1
	trap 'stop_nsd; rm -rf "$scratch"' EXIT
	trap 'exit 129' HUP
	trap 'exit 130' INT
	trap 'exit 143' TERM
}

# is WHAT COMMAND...: count one statement; show its output when it is wrong.
is()
{
	what=$1
	shift
	if "$@" > "${work:-$scratch}/said" 2>&1; then
		passed=$((passed + 1))
		return 0
	fi
	failed=$((failed + 1))
	echo "not so: $what"
	sed 's/^/     /' "${work:-$scratch}/said"
	return 1
}

# good WHAT STATUS: the last command's status says whether it is so; what it
# said is in the files $out and $err.
good()
{
	if test "$2" = 0; then
		passed=$((passed + 1))
		return
	fi
	failed=$((failed + 1))
	echo "not so: $1"
	head -n 30 "${out:-/dev/null}" | sed 's/^/     stdout: /'
	head -n 5 "${err:-/dev/null}" | sed 's/^/     stderr: /'
}

# skip WHAT: count something that cannot be looked at here.
skip()
{
	echo "skipped: $1"
	skipped=$((skipped + 1))
}

totals()
{
	totals="$passed passed, $failed failed"
	test $skipped = 0 || totals="$totals, $skipped skipped"
	echo "$totals"
}

# The line of totals, and the end.
finish()
{
	totals
	test $failed = 0
	exit
}

# part WHAT COMMAND...: run it and add what its last line counts.
part()
{
	what=$1
	shift
	"$@" > "$scratch/part" 2>&1
	status=$?
	totals=$(tail -n 1 "$scratch/part")
	case $totals in
	*' passed, '*' failed')
		sed '$d' "$scratch/part"
		set -- $(echo "$totals" | tr -cd '0-9 ')
		passed=$((passed + $1))
		failed=$((failed + $2))
		;;
	*)
		cat "$scratch/part"
		echo "not so: $what ends well (status $status)"
		failed=$((failed + 1))
		;;
	esac
}

# A port that is free now, for UDP and for TCP.
free_port()
{
	python3 "$top/tests/integration/ports.py"
}

# nsd_config FILE...: zones are called as their files, without ".zone".
# nsd_option: one line more.
nsd_config()
{
	cat <<-END
	server:
		ip-address: 127.0.0.1@$port
		username: ""
		chroot: ""
		database: ""
		zonelistfile: "$scratch/zone.list"
		xfrdfile: "$scratch/xfrd.state"
		xfrdir: "$scratch"
		pidfile: ""
		logfile: "$scratch/nsd.log"
		server-count: 1
		rrl-ratelimit: 0
		refuse-any: no
		${nsd_option:-}
	remote-control:
		control-enable: no
	END
	for file; do
		printf 'zone:\n\tname: "%s"\n\tzonefile: "%s"\n' \
			"$(basename "$file" .zone)" "$file"
	done
}

# Its sockets are open, so what is sent to them is answered.
nsd_answers()
{
	kill -0 "$server" 2> /dev/null &&
		grep -q 'nsd started' "$scratch/nsd.log" 2> /dev/null
}

# start_nsd FILE...: at $port of 127.0.0.1, once it answers.
start_nsd()
{
	for try in 1 2 3 4 5; do
		port=$(free_port)
		rm -f "$scratch/nsd.log"
		nsd_config "$@" > "$scratch/nsd.conf"
		nsd -d -c "$scratch/nsd.conf" > "$scratch/nsd.out" 2>&1 &
		server=$!
		moment=0
		while test $moment -lt 300; do
			! nsd_answers || return 0
			kill -0 "$server" 2> /dev/null || break
			sleep 0.1
			moment=$((moment + 1))
		done
		stop_nsd
	done
	cat "$scratch/nsd.out" "$scratch/nsd.log"
	return 1
}

stop_nsd()
{
	test -n "$server" || return 0
	kill "$server" 2> /dev/null
	wait "$server" 2> /dev/null
	server=
}

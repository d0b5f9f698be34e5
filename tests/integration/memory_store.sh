#!/bin/sh
# memory_store.sh [BUILD]: the memory of a cluster in the mxsel command (R85),
# with a server of its own: what `mxsel memory --store` shows, what it makes the
# cluster forget, what it says when the server is away or refuses, and plans
# that are ordered by it. BUILD as for nsd.sh. Ends with one line of totals.
set -u
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
. "$top/tests/support/trial.sh"
. "$top/tests/support/command.sh"
. "$top/tests/support/memory.sh"

end_store()
{
	test -n "$store" || return 0
	kill "$store" 2> /dev/null
	wait "$store" 2> /dev/null
	store=
}

# start_store: at $port of 127.0.0.1, with a password, once it answers.
start_store()
{
	cat > "$scratch/acl" << 'END'
user mail on >correct:horse ~mxsel:* +@all
user nohash on >right ~mxsel:* +@all -hdel
user noscript on >right ~mxsel:* +@all -script
user nolist on >right ~mxsel:* +@all -hgetall
user noright on >right ~mxsel:* +@all -eval -evalsha
user default on >secret ~* +@all
END
	"$program" --port "$port" --bind 127.0.0.1 --aclfile "$scratch/acl" \
		--dir "$scratch" --save '' --appendonly no --daemonize no \
		> "$scratch/store.out" 2>&1 &
	store=$!
	tries=600
	while test $tries -gt 0; do
		! grep -q 'eady to accept' "$scratch/store.out" 2> /dev/null ||
			return 0
		kill -0 "$store" 2> /dev/null || break
		sleep 0.1
		tries=$((tries - 1))
	done
	cat "$scratch/store.out"
	return 1
}

command -v python3 > /dev/null || { echo 'skipped: python3'; exit 77; }

refuses 64 'is not made to forget all' memory --store 127.0.0.1 --forget-all
store= program=
for try in valkey-server redis-server; do
	test -n "$program" || program=$(command -v $try)
done
run --store 127.0.0.1:1 --demo
if grep -q 'built without' "$err"; then
	test $status = 64
	good 'without libmxsel-redis it is refused' $?
	skip libmxsel-redis
	finish
fi
refuses 64 'this is no server' --store 'a b' --demo
refuses 64 'this is no server' --store 127.0.0.1:0 --demo
refuses 66 'No such file' --store 127.0.0.1 --store-login \
	"$scratch/none" --demo
ends 0 --store 127.0.0.1:1 --zone "$zone" --seed 1 three.memory.test
says '^three.memory.test: try 4 hosts' 'no server: the plan is made'
test "$(wc -l < "$err")" = 1 && grep -q '^mxsel: --store .*; this was made' \
	"$err"
good 'and a line says that something is missing' $?
ends 0 --quiet --store 127.0.0.1:1 --zone "$zone" three.memory.test
test ! -s "$err"
good 'but not with --quiet' $?
refuses 75 'see that the server runs' memory --store 127.0.0.1:1 a.memory.test
refuses 75 'see that the server runs' memory --store 127.0.0.1:1 \
	--forget a.memory.test
test -n "$program" || { skip 'a server'; finish; }

cc=$(config CC)
: "${cc:=${CC:-cc}}"
redis_libs=$(config REDIS_LIBS)
$cc -std=c11 -O1 $(config SANITIZE) "-I$top/include" -o "$scratch/tell" \
	"$here/memory_tell.c" "$build/libmxsel-redis.a" "$build/libmxsel.a" \
	${redis_libs:--lhiredis} -pthread > "$out" 2>&1
good 'a mail server that tells the cluster compiles' $?
trap 'end_store; rm -rf "$scratch"' EXIT
port=$(free_port)
start_store
good 'a server of a cluster starts' $?
echo secret > "$scratch/password"
cluster=127.0.0.1:$port
# told HOST/ADDRESS/OUTCOME...
told()
{
	"$scratch/tell" "$cluster" secret "$@" > "$out" 2> "$err"
	good "a mail server tells of $*" $?
}
# asks STATUS ARGUMENT...
asks()
{
	wanted=$1
	shift
	ends "$wanted" "$@" --store "$cluster" \
		--store-login "$scratch/password"
	test ! -s "$err"
	good 'and nothing is wrong' $?
}

told a.memory.test/192.0.2.1/2 a.memory.test/2001:db8::1/3 \
	c.memory.test/192.0.2.3/1
asks 0 memory a.memory.test 192.0.2.1 C.memory.test
says '^a.memory.test: behind its equals for about [0-9]* s more$' \
	'the cluster knows'
says '^192.0.2.1: (behind|recovering)' 'of the address also'
says '^c.memory.test: well$' 'and of one that is well'
says '^         IPv4 worked last$' 'how it was reached'
asks 1 memory a.memory.test b.memory.test
says '^b.memory.test: nothing is known$' 'who was not tried is said'
asks 1 memory a.memory.test --port 2525
asks 0 memory --json a.memory.test
says '^\{"kind":"host","name":"a.memory.test","port":25,"standing":"behind"' \
	'the same for scripts'
orders 'a plan as the cluster makes it' 'b c a d' --seed 1 --store "$cluster" \
	--store-login "$scratch/password" three.memory.test
asks 0 explain --zone "$zone" --seed 1 three.memory.test
says 'memory: behind its equals: score ' 'and why'
# It waits 5 ms, no more, which a busy machine needs for itself.
for try in $(seq 50); do
	echo three.memory.test | "$mxsel" bulk --seed 1 --zone "$zone" \
		--store "$cluster" --store-login "$scratch/password" \
		> "$out" 2> "$err"
	grep -q 'does not answer in time' "$err" || break
done
test -s "$out" && test ! -s "$err"
good 'bulk asks it, too' $?
# Whoever looks is no mail server: what is known afterwards is not more.
told d.memory.test/192.0.2.4/2
asks 0 memory --json d.memory.test
before=$(sed 's/.*"outcomes":\(\[[^]]*\]\).*/\1/' "$out")
for try in 1 2 3; do
	hosts --store "$cluster" --store-login "$scratch/password" \
		three.memory.test > /dev/null
done
asks 0 memory --json d.memory.test
test "$before" = "$(sed 's/.*"outcomes":\(\[[^]]*\]\).*/\1/' "$out")" &&
	! grep -q '"score":[1-9][0-9][0-9][0-9][0-9]' "$out"
good 'plans tell the cluster nothing' $?
refuses 75 'see that the server runs' memory --store "$cluster" a.memory.test
ends 0 --store "$cluster" --zone "$zone" three.memory.test
test "$(wc -l < "$err")" = 1
good 'without the password a plan is made, and a line says why' $?
for login in secret :secret mail:correct:horse; do
	echo "$login" > "$scratch/login"
	ends 0 memory --store "$cluster" --store-login "$scratch/login" \
		a.memory.test
done
printf 'mail:secret' > "$scratch/login"
refuses 75 'takes the login' memory --store "$cluster" --store-login \
	"$scratch/login" a.memory.test
refuses 64 'neither a host name nor' memory --store "$cluster" --store-login \
	"$scratch/password" --forget a.memory.test --forget 'bad name'
asks 0 memory a.memory.test
good 'of several names that are wrong in part none is forgotten' $status
reads 'the cluster forgets' memory --store "$cluster" --store-login \
	"$scratch/password" --forget A.memory.test << 'END'
A.memory.test: the cluster is told to forget it
END
asks 1 memory a.memory.test
says '^a.memory.test: nothing is known$' 'whoever asks it'
orders 'and tries it in its place' 'a b c d' --seed 1 --store "$cluster" \
	--store-login "$scratch/password" three.memory.test
asks 0 memory --json --forget 192.0.2.1
says '^\{"name":"192.0.2.1","told":true\}$' 'the same for scripts'
# keep NAME DAYS: as a machine that keeps longer has told of it.
keep()
{
	python3 -c '
import socket, sys, time
port, name, days = sys.argv[1:]
then = str(int((time.time() - int(days) * 86400) * 1000))
with socket.create_connection(("127.0.0.1", int(port)), 60) as server:
    for words in (["AUTH", "secret"], ["HSET", "mxsel:host:" + name, "25",
                  "1 2000 " + " ".join([then] * 4) + " 0 last=refused"]):
        server.sendall(("*%d\r\n" % len(words) + "".join(
            "$%d\r\n%s\r\n" % (len(word), word) for word in words)).encode())
        assert server.recv(100)[:1] in b"+:"' "$port" "$@" > "$out" 2>&1
	good "the server keeps what was told of $1 $2 days ago" $?
}
keep old.memory.test 29
asks 0 memory old.memory.test
says '^         refused 29 d ago$' 'it is shown as that of a file is'
keep old.memory.test 31
asks 1 memory old.memory.test
# What the server does not do is not said to be done.
for user in nohash nolist noright; do
	echo $user:right > "$scratch/login"
	keep a.memory.test 0
	refuses 75 'the server said: ' memory --store "$cluster" \
		--store-login "$scratch/login" --forget a.memory.test
	grep -q 'it forgot 0 of 1: let the user of the login run ' "$err"
	good "what $user may not do, and what to do about it" $?
	asks 0 memory a.memory.test
done
refuses 75 'lets it run scripts' memory --store "$cluster" --store-login \
	"$scratch/login" a.memory.test
echo nohash:right > "$scratch/login"
refuses 75 'it forgot 1 of 2: ' memory --json --store "$cluster" \
	--store-login "$scratch/login" --forget nobody.memory.test \
	--forget a.memory.test
# Without SCRIPT LOAD each script is sent whole.
echo noscript:right > "$scratch/login"
ends 0 memory --store "$cluster" --store-login "$scratch/login" \
	--forget a.memory.test
asks 1 memory a.memory.test
end_store
refuses 75 'see that the server runs' memory --store "$cluster" \
	--store-login "$scratch/password" c.memory.test
finish

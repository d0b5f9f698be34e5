#!/bin/sh
# redis.sh [BUILD]: machines that share a memory of mail hosts by a Redis (or
# Valkey) server of this test's own, on loopback and over a local socket: what
# they know of each other, and what becomes of their selections when it is
# killed, hangs, is flushed or full (R85). BUILD as for nsd.sh. Ends with one
# line of totals; 77 when a program it needs is not there or libmxsel-redis
# was not built.
set -u
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
. "$top/tests/support/trial.sh"
find_build "$@"
needs_part redis
needs python3
program=$(command -v valkey-server) || needs redis-server
: "${program:=$(command -v redis-server)}"
make_scratch

compile()
{
	(cd "$top" && $(config CC) -std=c11 -O1 -g $(config SANITIZE) \
		-Wall -Wextra -Iinclude tests/integration/redis_machine.c \
		-o "$scratch/machine" "$build/libmxsel-redis.a" \
		"$build/libmxsel-mock.a" "$build/libmxsel.a" \
		$(config REDIS_LIBS) -pthread)
}

is 'a machine is built' compile || finish
part 'the trial' python3 "$here/redis_trial.py" --server "$program" \
	--machine "$scratch/machine" --scratch "$scratch"
finish

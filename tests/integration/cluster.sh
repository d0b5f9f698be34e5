#!/bin/sh
# cluster.sh [BUILD]: two machines of a site, here in one (R85). Two unbounds
# share their answers by a Redis server, and two mail servers share how mail
# hosts behaved by the same one: with the settings of examples/cluster, as the
# guide shows them. The authority, NSD, counts what it is asked. BUILD as for
# nsd.sh. Ends with one line of totals; 77 when a program it needs is not
# there. Debian's unbound was built without cachedb: tests/support/unbound.sh
# builds one that has it, and where there is none that part is left out.
set -u
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
. "$top/tests/support/trial.sh"
find_build "$@"
needs nsd python3 ldns-keygen ldns-signzone
command -v valkey-server > /dev/null || needs redis-server
make_scratch
out=$scratch/out err=$scratch/err

# An unbound that has cachedb, or nothing.
sharing()
{
	for one in "${MXSEL_UNBOUND:-}" unbound "$build/obj/unbound/unbound"
	do
		"$one" -V 2> /dev/null | grep -q 'modules:.* cachedb' ||
			continue
		command -v "$one"
		return
	done
}

zone()
{
	cat <<-END
	\$ORIGIN $1.cluster.
	\$TTL 3600
	@ SOA ns hostmaster 1 7200 900 1209600 300
	@ NS ns
	ns A 127.0.0.1
	@ MX 10 a
	@ MX 10 b
	@ MX 10 c
	a A 192.0.2.1
	b A 192.0.2.2
	c A 192.0.2.3
	d A 192.0.2.4
	other MX 10 d
	later MX 10 d
	_25._tcp.a TLSA 3 1 1 $(printf '%064d' 7)
	END
}

make_zones()
{
	zone plain > "$scratch/plain.cluster.zone"
	zone signed > "$scratch/zone"
	cd "$scratch" || return
	key=$(ldns-keygen -a ECDSAP256SHA256 -k signed.cluster) || return
	ldns-signzone -f "$scratch/signed.cluster.zone" zone "$key"
}

make_zones > "$out" 2> "$err"
good 'the zone is signed' $?
start_nsd "$scratch/plain.cluster.zone" "$scratch/signed.cluster.zone" \
	> "$out" 2> "$err"
good 'NSD starts' $?
test $failed = 0 || finish

unbound=$(sharing)
test -n "$unbound" || skip 'unbound with cachedb'
program=$build/obj/examples/cluster/cluster
test "$(config HAVE_REDIS)" = yes || skip 'libmxsel-redis'
part 'the cluster' python3 "$here/cluster.py" --mxsel "$build/mxsel" \
	--program "$program" --unbound "$unbound" --authority "$port" \
	--key "$scratch/$key.key" --scratch "$scratch"

finish

#!/bin/sh
# zone_like_nsd.sh [BUILD]: the master-file resolver answers as NSD does, for
# the zones of tests/zones and for random ones: response code, AA, answers in
# their order, authority section with the TTL of the SOA.
#
# BUILD as for nsd.sh. $ROUNDS (2): sets of random zones, each of its own
# seed. Ends with one line of totals; 77 when a program is not there.
set -u
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
. "$top/tests/support/trial.sh"
find_build "$@"
needs nsd python3
make_scratch
nsd_option='minimal-responses: yes'

compile()
{
	$(config CC) -std=c11 -O1 $(config SANITIZE) -I"$top/include" \
		-I"$top/lib" $(config LDNS_CFLAGS) -o "$scratch/compare" \
		"$here/zone_like_nsd.c" "$build/libmxsel-ldns.a" \
		"$build/libmxsel.a" $(config LDNS_LIBS) -pthread
}

# like_nsd FILE...: start NSD with these zones, compare, stop it.
like_nsd()
{
	start_nsd "$@" && "$scratch/compare" "$port" "$@"
	status=$?
	stop_nsd
	return $status
}

is 'zone_like_nsd.c compiles' compile
if test $failed = 0; then
	is 'the zones of tests/zones are answered as NSD answers them' \
		like_nsd "$top"/tests/zones/*.zone
	seed=1
	while test $seed -le "${ROUNDS:-2}"; do
		mkdir "$scratch/$seed"
		python3 "$here/zone_like_nsd.py" "$scratch/$seed" 60 $seed
		is "random zones, seed $seed, are answered as NSD does" \
			like_nsd "$scratch/$seed"/*.zone
		seed=$((seed + 1))
	done
fi
finish

#!/bin/sh
# lib/sources.mk names every source of the libraries, and nothing else.
cd "$(dirname "$0")/../.." || exit 1
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT

# listed VARIABLE: what the list holds.
listed()
{
	awk -v list="$1" '
	$1 == list { on = 1 }
	on {
		for (i = 1; i <= NF; i++)
			if ($i ~ /\.c$/)
				print $i
		if ($NF != "\\")
			on = 0
	}' lib/sources.mk | LC_ALL=C sort
}

# compare VARIABLE ROOM...
compare()
{
	list=$1
	shift
	listed "$list" > "$scratch/listed"
	for room in "$@"; do
		find "lib/$room" -name '*.c'
	done | LC_ALL=C sort > "$scratch/there"
	cmp -s "$scratch/listed" "$scratch/there" && return
	comm -13 "$scratch/listed" "$scratch/there" | \
		sed "s|\$| is missing from $list in lib/sources.mk|"
	comm -23 "$scratch/listed" "$scratch/there" | \
		sed "s|\$| stands in $list of lib/sources.mk, and is not there|"
	return 1
}

wrong=0
compare CORE_SRC base name wire rank policy cache select || wrong=1
compare MOCK_SRC mock || wrong=1
compare LDNS_SRC ldns || wrong=1
compare IDN2_SRC idn2 || wrong=1
compare UNBOUND_SRC unbound || wrong=1
compare REDIS_SRC redis || wrong=1
exit $wrong

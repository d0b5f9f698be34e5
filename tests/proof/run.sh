#!/bin/sh
# Frama-C Eva over the rooms name, wire and rank with unknown input: no run
# may read or write outside its memory, use what was never written, or
# overflow a signed number (S22). One line per proof: name, bound, alarms,
# lines reached, seconds; the last line counts the alarms. tests/proof/
# README.md says what that proves and what not. `make proof` calls this.
cd "$(dirname "$0")/../.." || exit 1
command -v frama-c > /dev/null || { echo 'skipped: frama-c'; exit 77; }
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
total=0 broken=0
limit=${PROOF_SECONDS:-90}

# prove NAME DEFINITIONS SOURCES OPTION...: tests/proof/NAME.c with SOURCES.
prove()
{
	name=$1 define=$2 sources=$3
	shift 3
	begun=$(date +%s)
	timeout "$limit" frama-c -machdep gcc_x86_64 \
		-cpp-extra-args="-Iinclude -Ilib -Itests $define" \
		-eva -eva-alloc-builtin fresh -eva-no-alloc-returns-null \
		-eva-split-limit 300 -eva-no-show-progress "$@" \
		"tests/proof/$name.c" $sources > "$scratch/log" 2>&1
	status=$?
	seconds=$(($(date +%s) - begun))
	# Preconditions of library functions that are not shown are alarms
	# here, whatever Eva's own sum says.
	alarms=$(grep -c '^\[eva:alarm\]' "$scratch/log")
	reached=$(sed -n 's/.*statements reached (out of [0-9]*): //p' \
		"$scratch/log" | head -n 1)
	if test $status != 0 || test -z "$reached"; then
		reached="no result ($status)"
		broken=$((broken + 1))
	fi
	printf '%-9s %-32s %3d alarms  %s  %d s\n' "$name" "$define" \
		"$alarms" "$reached" "$seconds"
	total=$((total + alarms))
	test -z "$PROOF_LOGS" || cp "$scratch/log" \
		"$PROOF_LOGS/$name$(echo "$define" | tr -c 'A-Za-z0-9\n' _)"
}

exact='-eva-domains equality,symbolic-locations -eva-split-return full
	-eva-auto-loop-unroll 64'
address_c='lib/name/address.c'
name_c='lib/name/name.c lib/name/text.c'
random_c='lib/base/random.c'
wire_c='lib/wire/alias.c lib/wire/names.c lib/wire/next.c lib/wire/open.c
	lib/wire/section.c lib/wire/walk.c'

prove format '' lib/name/address_format.c -eva-precision 3 \
	-eva-auto-loop-unroll 16
for length in 1 4 7 12 15 17; do
	prove address "-DIPV4=1 -DLENGTH=$length" $address_c $exact \
		-eva-slevel 60
done
for length in 1 2 4 8 12; do
	prove address "-DIPV4=0 -DLENGTH=$length" $address_c $exact \
		-eva-slevel 100 -inline-calls read_groups \
		-eva-interprocedural-splits
done
for length in 1 4; do
	prove network "-DLENGTH=$length" $address_c $exact \
		-eva-slevel 100 -inline-calls read_groups \
		-eva-interprocedural-splits
done
for length in 1 4 8 16; do
	prove name "-DLENGTH=$length" "$name_c" $exact -eva-slevel 400
done
for length in 0 1 8 20; do
	prove question "-DLENGTH=$length" "lib/wire/question.c $name_c" \
		-eva-slevel 20 -eva-auto-loop-unroll 64
done
for count in 1 2 5 8; do
	for sort in sort_few sort_many; do
		prove order "-DCOUNT=$count -DSORT=$sort" "$random_c" \
			-eva-precision 2 -eva-auto-loop-unroll 200 \
			-eva-min-loop-unroll 8
	done
done
prove family -DFAMILY=4 "lib/rank/family.c $random_c" -eva-precision 3 \
	-eva-auto-loop-unroll 64
prove message -DSIZE=65535 "$wire_c $name_c" -eva-precision 0 \
	-eva-slevel 4 -eva-split-return full
echo "$total alarms"
test $total = 0 && test $broken = 0

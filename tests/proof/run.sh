#!/bin/sh
# Frama-C Eva over the rooms name, wire and rank, and the numbers of base, with
# unknown input: no run may read or write outside its memory, use what was
# never written, or overflow a signed number (S22). One line for each run:
# name, bound, alarms, statements reached, seconds; and a figure at the end.
# README.md says what that proves and what not. `make proof` calls this.
#	PROOF_LONG=1	more sizes, and as many records as an answer can hold
#	PROOF_SECONDS=N	at most so long for one run (120; long: 3600)
#	PROOF_LOGS=DIR	keep the output of Frama-C there
cd "$(dirname "$0")/../.." || exit 1
figure='figure|Frama-C alarms'
command -v frama-c > /dev/null || {
	echo 'skipped: frama-c'
	echo "$figure|skipped: frama-c|0|skipped"
	exit 77
}
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
total=0 broken=0
# Of the statements, in %, and functions: where less is reached, a proof has
# come to an end before its time, and its alarms with it.
share_least=70 functions_least=130
limit=${PROOF_SECONDS:-${PROOF_LONG:+3600}}
limit=${limit:-120}

# prove NAME DEFINITIONS SOURCES OPTION...: tests/proof/NAME.c with SOURCES.
prove()
{
	name=$1 define=$2 sources=$3
	shift 3
	begun=$(date +%s)
	timeout "$limit" frama-c -machdep gcc_x86_64 \
		-cpp-extra-args="-Iinclude -Ilib -Itests $define" \
		-eva -eva-alloc-builtin fresh -eva-no-alloc-returns-null \
		-eva-no-show-progress "$@" \
		"tests/proof/$name.c" $sources > "$scratch/log" 2>&1
	status=$?
	seconds=$(($(date +%s) - begun))
	# Preconditions of library functions that are not shown are alarms
	# here, whatever Eva's own sum says.
	alarms=$(grep -c '^\[eva:alarm\]' "$scratch/log")
	reached=$(sed -n 's/.*functions, \([0-9]* statements reached.*\)\./\1/p' \
		"$scratch/log" | head -n 1)
	share=$(echo "$reached" | sed 's/.* \([0-9]*\)%.*/\1/')
	if test $status != 0 || test -z "$reached"; then
		reached="no result ($status)"
		broken=$((broken + 1))
	elif test "$share" -lt $share_least; then
		reached="$reached, too little"
		broken=$((broken + 1))
	fi
	printf '%-9s %-36s %2d alarms  %s  %d s\n' "$name" "$define" \
		"$alarms" "$reached" "$seconds"
	total=$((total + alarms))
	sed -n 's/.*Values at end of function \([a-z0-9_]*\):.*/\1/p' \
		"$scratch/log" | sed 's/_[0-9]*$//' >> "$scratch/functions"
	test -z "$PROOF_LOGS" || cp "$scratch/log" \
		"$PROOF_LOGS/$name$(echo "$define" | tr -c 'A-Za-z0-9\n' _)"
}

# Branches are kept apart, through the return from a function, too.
apart='-eva-precision 0 -eva-split-return full -eva-partition-history 1
	-eva-interprocedural-history'
few='-eva-plevel 10'

address_c='lib/name/address.c'
format_c='lib/name/address_format.c'
name_c='lib/name/name.c lib/name/text.c'
random_c='lib/base/random.c'
decode_c='lib/wire/alias.c lib/wire/next.c lib/wire/open.c lib/wire/section.c
	lib/wire/names.c'
same_c='lib/wire/walk.c'
question_c='lib/wire/question.c'

# all DEFINITIONS: everything whose input has a size.
all()
{
	prove open "$1 -DNAME=1023" "$decode_c $name_c" $apart
	prove read "$1 -DNAME=1023" "$decode_c $name_c" $apart
	prove same "$1" "$same_c" $few -eva-domains octagon \
		-eva-octagon-through-calls
	prove name "$1" "$name_c" $apart
	prove compare "$1 -DNAME=1023" "$name_c $address_c" $apart
	prove question "$1 -DNAME=1023" "$question_c $name_c $address_c" $apart
	prove address "$1" "$address_c" $apart
}

# count RECORDS
count()
{
	prove order "-DCOUNT=$1 -DNAME=1023" '' -eva-plevel "$1"
	prove shuffle "-DCOUNT=$1 -DRUNS=1" "$random_c" $few
}

all -DSIZE=65535
all '-DLEAST=63 -DSIZE=64'
prove format '' "$format_c $address_c" -eva-precision 3 \
	-eva-auto-loop-unroll 16
prove shuffle '-DCOUNT=4680 -DRUNS=0' "$random_c" $few -eva-use-spec shuffle
prove family -DFAMILY=32767 "lib/rank/family.c $random_c" $few
prove random -DCOUNT=200 "$random_c" $few -eva-interprocedural-splits \
	-eva-slevel-function mxsel__random_seed:3000
count 100
if test -n "$PROOF_LONG"; then
	for least in 0 32 64 96; do
		all "-DLEAST=$least -DSIZE=$((least + 31))"
	done
	for size in 255 256 512 1232 4096 16384 65534 65535; do
		all "-DLEAST=$size -DSIZE=$size"
	done
	count 4680
fi

# Functions of the library: those that tests/proof does not define itself.
sed -n 's/^static.*[ *]\([a-z0-9_]*\)(.*/\1/p; s/^int \(main\)(.*/\1/p
	s/^[a-z].*[ *]\(getrandom\)(.*/\1/p' tests/proof/*.[ch] |
	grep -v '^shuffle$' | sort -u > "$scratch/own"
functions=$(sort -u "$scratch/functions" | grep -vxcFf "$scratch/own")
test -z "$PROOF_LOGS" || sort -u "$scratch/functions" |
	grep -vxFf "$scratch/own" > "$PROOF_LOGS/functions"
state=reached
test $total = 0 && test $broken = 0 && \
	test "$functions" -ge $functions_least || state=failed
echo "$total alarms in $functions functions; $broken runs without a result"
echo "$figure|$total in $functions functions|0|$state"
test $state = reached

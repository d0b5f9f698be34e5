#!/bin/sh
# all.sh RUN PAIRS DAY SPOOF SEED FILE...: everything that the simulator does,
# each part for so many real seconds (the day: 0 for all of it), and its
# figures. Fails when a figure does.
run=$1 pairs=$2 day=$3 spoof=$4 seed=$5
shift 5
failed=0

said=$("$run" "$@" 2>&1) || failed=1
printf '%s\n' "$said"
state=reached
test $failed = 0 || state=failed
printf 'figure|simulator scenarios|%s|all pass|%s\n' \
	"$(printf '%s\n' "$said" | tail -n 1)" $state
"$run" pairs "$pairs" "$seed" || failed=1
"$run" day 8640000 "$day" "$seed" || failed=1
"$run" spoof 10000000 "$spoof" "$seed" || failed=1
exit $failed

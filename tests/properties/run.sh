#!/bin/sh
# run.sh PROGRAM...: the property tests at their longest; what each counted,
# its figures, and one figure for all of them.
MXSEL_THOROUGH=1
export MXSEL_THOROUGH
said=$(mktemp) || exit 1
trap 'rm -f "$said"' EXIT
trap 'exit 130' INT TERM

programs=0 checks=0 failed=0
for program; do
	programs=$((programs + 1))
	"./$program" > "$said" 2>&1
	status=$?
	counted=$(sed -n 's/^[0-9]*%: Checks: \([0-9]*\),.*/\1/p' "$said")
	test $status = 0 && test "${counted:-0}" != 0 || \
		failed=$((failed + 1))
	checks=$((checks + ${counted:-0}))
	if test -z "$counted" || ! grep -q '^100%' "$said"; then
		cat "$said"
	fi
	grep '^figure|' "$said"
	printf '%-32s %s checks\n' "$(basename "$program")" "${counted:-no}"
done
state=reached
test $failed = 0 && test $programs != 0 || state=failed
echo "figure|property tests|$programs programs, $checks checks," \
	"$failed failed|all|$state"
test $state = reached

#!/bin/sh
# totals.sh LOG...: show what failed in the logs of run-one.sh, then say how
# many passed and failed in all. A program speaks by Check's lines ("100%:
# Checks: 3, Failures: 0, Errors: 0"), or by one "3 passed, 0 failed", or by
# its exit status alone (77: skipped). One that ends badly without admitting
# a failure has crashed and counts as failed; so does one that tested nothing.
awk '
function finish(    bad) {
	if (log_name == "")
		return
	if (!checked && said)
		passed += say_passed
	bad = checked ? bad_checks : say_failed
	if (status == 77 && !checked) {
		skipped++
		return
	}
	skipped += say_skipped
	if (status != 0 && bad == 0) {
		bad = 1
		text = text "(it ended with status " status ")\n"
	} else if ((checked || said) && good + say_passed + bad == 0) {
		bad = 1
		text = text "(it tested nothing)\n"
	} else if (!checked && !said && status == 0)
		passed++
	failed += bad
	if (bad)
		printf "%s:\n%s", log_name, text
}
FNR == 1 {
	finish()
	log_name = FILENAME
	text = ""
	checked = said = good = bad_checks = 0
	say_passed = say_failed = say_skipped = 0
	status = 1
}
/^[0-9]+%: Checks: / {
	split($0, n, /[:,]/)
	checked = 1
	good += n[3] - n[5] - n[7]
	passed += n[3] - n[5] - n[7]
	bad_checks += n[5] + n[7]
}
/^[0-9]+ passed, [0-9]+ failed/ {
	said = 1
	say_passed = $1
	say_failed = $3
	say_skipped = $5 + 0
}
/^[^ ]+ is not there: skipped$/ { status = 77 }
/^exit status [0-9]+$/ { status = $3; next }
{ text = text $0 "\n" }
END {
	finish()
	printf "%d passed, %d failed", passed, failed
	if (skipped)
		printf ", %d skipped", skipped
	print ""
	exit failed > 0
}' "$@"

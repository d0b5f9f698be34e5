#!/bin/sh
# No function has more than 70 lines, no source file more than 600 (public
# headers are prose first and may be longer). Functions are counted
# by universal-ctags from the line of the function's name to its last brace.
cd "$(dirname "$0")/../.." || exit 1
wrong=0
find lib tools tests examples -name '*.[ch]' | LC_ALL=C sort | \
	xargs awk '
	FNR == 601 { print FILENAME ": more than 600 lines"; bad = 1 }
	END { exit bad }' || wrong=1
ctags --version 2> /dev/null | grep -q Universal || {
	test $wrong = 1 || { echo 'skipped: universal-ctags'; exit 77; }
	exit 1
}
long=$(find lib tools tests examples -name '*.[ch]' | LC_ALL=C sort | \
	ctags -x --languages=C --langmap=C:.c.h --kinds-C=f -L - \
	--_xformat='%F %n %e %N' | awk '
	$3 - $2 + 1 > 70 {
		printf "%s:%d: %s has %d lines\n", $1, $2, $4, $3 - $2 + 1
	}')
test -z "$long" || { echo "$long"; wrong=1; }
exit $wrong

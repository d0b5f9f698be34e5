#!/bin/sh
# Every public function stands in a man page and in a test, and mandoc finds
# nothing to say about the pages.
cd "$(dirname "$0")/../.." || exit 1
. tests/lint/functions.inc
wrong=0
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT

ls docs/man/*.3 > /dev/null 2>&1 || { echo 'docs/man has no pages'; exit 1; }
sed -n 's/^\.F[no] \([a-z0-9_]*\).*/\1/p' docs/man/*.3 | \
	LC_ALL=C sort -u > "$scratch/explained"
sed -n 's/^\.Nm \([a-z0-9_]*\).*/\1/p' docs/man/*.3 | \
	LC_ALL=C sort -u > "$scratch/named"
find tests \( -name lint -prune \) -o -name '*.[ch]' -print | xargs cat | \
	tr -cs 'a-z0-9_' '\n' | LC_ALL=C sort -u > "$scratch/tested"
public include/mxsel/*.h > "$scratch/public"
while read -r function; do
	grep -qx "$function" "$scratch/explained" || {
		echo "$function: no .Fn or .Fo in docs/man/*.3"
		wrong=1
	}
	grep -qx "$function" "$scratch/named" || {
		echo "$function: no .Nm in docs/man/*.3 (man would not find it)"
		wrong=1
	}
	grep -qx "$function" "$scratch/tested" || {
		echo "$function: no test under tests/ names it"
		wrong=1
	}
done < "$scratch/public"
# What a page explains exists.
grep '^mxsel_' "$scratch/explained" | while read -r function; do
	grep -qx "$function" "$scratch/public" || \
		grep -q "\\*$function)" include/mxsel/*.h || \
		echo "$function: in docs/man/*.3, in no header"
done > "$scratch/extra"
test ! -s "$scratch/extra" || { cat "$scratch/extra"; wrong=1; }

if command -v mandoc > /dev/null; then
	for page in docs/man/*.[13]; do
		mandoc -T lint -W warning "$page" || wrong=1
	done
else
	test $wrong = 1 || { echo 'skipped: mandoc'; exit 77; }
fi
exit $wrong

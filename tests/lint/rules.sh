#!/bin/sh
# Every rule that the product keeps (docs/conformance.md, docs/security.md)
# is named by at least one test.
cd "$(dirname "$0")/../.." || exit 1

# numbers LETTER FIRST LAST...
numbers()
{
	letter=$1
	shift
	while test $# -gt 1; do
		n=$1
		while test "$n" -le "$2"; do
			echo "$letter$n"
			n=$((n + 1))
		done
		shift 2
	done
}

named=$(find tests \( -name lint -prune \) -o -type f -print | \
	while read -r file; do echo "$file"; cat "$file"; done | \
	grep -aoE '(^|[^A-Za-z0-9])[RSF][0-9]+' | tr -cd 'RSF0-9\n' | sed 's|^\(.\)0*|\1|' | \
	sort -u)
missing=$({
	numbers R 1 6 10 23 30 37 39 39 50 57 60 66 70 70 73 77
	numbers S 1 3 7 21 47 47
} | while read -r rule; do
	echo "$named" | grep -qx "$rule" || echo "$rule: no test names it"
done)
test -z "$missing" || { echo "$missing"; exit 1; }

#!/bin/sh
# Sources have at most 80 columns (tabs of 8), no blanks at the end of a line
# and open with a comment; no text says that it is unfinished or names a
# place that exists on one machine only.
cd "$(dirname "$0")/../.." || exit 1
wrong=0
here='. -name .git -prune -o -name obj -prune -o -name build* -prune -o
	-name autom4te.cache -prune -o -type f'

set -f
find $here '(' -name '*.[ch]' ')' -print | LC_ALL=C sort | xargs awk '
FNR == 1 { opened = 0 }
FNR <= 4 && /^\/\*/ { opened = 1 }
FNR == 4 && !opened { tell("does not open with a comment") }
/[ \t]$/ { tell("ends with a blank") }
/\r/ { tell("has a carriage return") }
{
	width = 0
	for (i = 1; i <= length($0); i++)
		width += substr($0, i, 1) == "\t" ? 8 - width % 8 : 1
	if (width > 80)
		tell("has " width " columns")
}
function tell(what) {
	print FILENAME ":" FNR ": " what
	bad = 1
}
END { exit bad }' || wrong=1

# In brackets, so that this file does not find itself. A lock file is made
# by npm and full of hashes, where any three letters occur.
words='[T]ODO|[F]IXME|(^|[^X])[X]XX($|[^X])|[n]ot implemented|[p]laceholder'
words="$words|(^|[^a-z_])[s]tub(\$|[^a-z_ ])|(^|[^a-z_])[s]tub (\$|[^r])"
paths='\.\./[s]hared|(^|[^A-Za-z0-9_.*{-])/([w]ork|[h]ome|[r]oot|[U]sers)/'
find $here ! -name configure ! -name '*~' ! -name 'config.*' ! -name '*.[oa]' \
	! -name package-lock.json -print | \
	LC_ALL=C sort | xargs grep -InE "$words|$paths" && wrong=1
exit $wrong

#!/bin/sh
# memory_room.sh [BUILD]: mxsel has room for all that a file of hosts says,
# whatever its lines are like: what it would forget for room it would leave
# out when it writes the file again (R85). BUILD as for nsd.sh. Ends with one
# line of totals.
set -u
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
. "$top/tests/support/trial.sh"
. "$top/tests/support/command.sh"
. "$top/tests/support/memory.sh"
file=$scratch/hosts
label=a.label.of.a.name.that.is.longer.than.those.of.most.hosts

# many WORDS FORMAT: a file of 3000 lines.
many()
{
	awk -v words="$1" -v format="$2" 'BEGIN {
		for (i = 0; i < 3000; i++)
			printf("host " format " 25%s\n", i, words)
	}' | remember > "$file"
}

# keeps WHAT NAME: all of it is shown, and when one is forgotten, the others
# stay.
keeps()
{
	run memory --json "$file"
	test "$(wc -l < "$out")" = 3000
	good "$1: all of 3000 are shown" $?
	run memory "$file" --forget "$2"
	says ': forgotten \(1 entry\)$' "$1: one is forgotten"
	test "$(wc -l < "$file")" = 3000 && ! grep -q "^host $2 " "$file"
	good "$1: 2999 stay, and the line before them" $?
}

many ' last=lost' "h%d.$label.example"
keeps 'long names' "h0.$label.example"
many '' 'h%d'
keeps 'lines that say no more than a name' h0
many ' score=1500 age=12000 last=refused,delivered' 'mx%d.example.com'
keeps 'what a mail server writes' mx0.example.com
finish

#!/bin/sh
# completion.sh [BUILD]: what bash, zsh and fish complete of mxsel, asked of
# the shells themselves. The completions are what generate.py makes of the
# table of options, offer the options that `mxsel COMMAND --help` names, and
# are installed and removed with the command. BUILD as for cli.sh. Ends with
# one line of totals.
set -u
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
. "$top/tests/support/trial.sh"
find_build "$@"
mxsel=$build/mxsel
folder=$top/tools/completion
make_scratch
# Nothing of whoever runs this: neither their settings nor their history.
HOME=$scratch/home XDG_CONFIG_HOME=$scratch/home XDG_DATA_HOME=$scratch/home
export HOME XDG_CONFIG_HOME XDG_DATA_HOME
LC_ALL=C # bash warns of a locale that is not there
export LC_ALL
mkdir "$scratch/home" "$scratch/files"
touch "$scratch/files/example.zone" "$scratch/files/example.zone.old"
cd "$scratch/files" || exit 1

has()
{
	command -v "$1" > /dev/null
}

# A shell that waits for ever must not hold up the rest.
limit=
! has timeout || limit='timeout 120'

# completed SHELL: for each line of standard input what the shell completes.
completed()
{
	case $1 in
	bash) $limit bash --norc "$here/completion_bash.bash" \
		"$folder/mxsel.bash" ;;
	zsh) $limit zsh -f "$here/completion_zsh.zsh" "$folder" ;;
	fish) $limit fish --no-config "$here/completion_fish.fish" \
		"$folder/mxsel.fish" ;;
	esac
}

# Words of a line in order, without what stands in front of a value: shells
# differ in whether they repeat it.
sorted()
{
	while IFS= read -r words; do
		printf '%s\n' $words | sed 's/=$//; s/.*[=,]//' | \
			LC_ALL=C sort | tr '\n' ' ' | sed 's/^ *//; s/ *$//'
		echo
	done
}

# options COMMAND: those its page of help has.
options()
{
	"$mxsel" $1 --help | grep -v '^What they do' | tr ' ' '\n' | \
		grep '^--' | LC_ALL=C sort -u | tr '\n' ' ' | sed 's/ $//'
	echo
}

test -x "$mxsel"
good "$mxsel is there" $?
if has python3; then
	python3 -B "$folder/generate.py" --check
	good 'they are what generate.py makes of the table' $?
else
	skip 'python3'
fi

# --- the same cases in every shell
awk -v lines="$scratch/lines" -v wanted="$scratch/wanted" '
/^#/ { next }
/\|$/ {
	if (n++)
		print want > wanted
	sub(/\|$/, "")
	print > lines
	want = ""
	next
}
NF { $1 = $1; want = want (want == "" ? "" : " ") $0 }
END { print want > wanted }' "$here/completion_cases.txt"
for command in '' plan explain lint bulk memory; do
	echo "mxsel ${command:+$command }--" >> "$scratch/lines"
	options "${command:-plan}" >> "$scratch/wanted"
done
for shell in bash zsh fish; do
	has $shell || { skip $shell; continue; }
	completed $shell < "$scratch/lines" 2> "$scratch/said" | sorted \
		> "$scratch/got"
	test ! -s "$scratch/said"
	good "$shell has nothing to say: $(head -n 1 "$scratch/said")" $?
	test "$(wc -l < "$scratch/got")" = "$(wc -l < "$scratch/lines")"
	good "$shell answers every line" $?
	exec 3< "$scratch/got" 4< "$scratch/wanted"
	while IFS= read -r line; do
		read -r got <&3
		read -r wanted <&4
		test "$got" = "$wanted"
		good "$shell: $line| '$got' instead of '$wanted'" $?
	done < "$scratch/lines"
done

# --- what is said of each option is what the help says
"$mxsel" --help | tr -c 'a-z' '\n' | sort -u | while read -r group; do
	"$mxsel" --help "$group"
done | sed -n 's/^  --\([a-z0-9-]*\).*   *\([^ ].*\)/\1	\2/p' | \
	sort -u > "$scratch/help"
if has fish; then
	printf 'mxsel %s --\n' explain bulk memory | DESCRIBED=yes completed fish | \
		sed 's/^--//' | sort -u > "$scratch/described"
	cmp -s "$scratch/help" "$scratch/described"
	good 'fish says what --help GROUP says' $?
fi

# --- in a terminal: a word is completed where it stands
if has python3 && has bash; then
	python3 -B "$here/completion_terminal.py" "$folder/mxsel.bash" \
		> "$scratch/said" 2>&1
	good "bash in a terminal: $(cat "$scratch/said")" $?
fi

# --- installed and removed
alone make -s -C "$build" install DESTDIR="$scratch/root" \
	> "$scratch/said" 2>&1
good 'make install' $?
for file in bash-completion/completions/mxsel zsh/site-functions/_mxsel \
		fish/vendor_completions.d/mxsel.fish; do
	name=${file##*/}
	test "$name" != mxsel || name=mxsel.bash
	found=$(find "$scratch/root" -path "*/$file")
	test -f "$found" && cmp -s "$found" "$folder/$name"
	good "make install brings $file" $?
done
alone make -s -C "$build" uninstall DESTDIR="$scratch/root" \
	> "$scratch/said" 2>&1
good 'make uninstall' $?
test -z "$(find "$scratch/root" ! -type d)"
good 'and nothing stays' $?

finish

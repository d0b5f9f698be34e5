#!/bin/sh
# Who may include whom (docs/develop/architecture.md). A room sees its own
# headers, the rooms named here and <mxsel/mxsel.h>; adapters, tools and
# examples see public headers and their own folder.
cd "$(dirname "$0")/../.." || exit 1
wrong=0

# includes FOLDER: "file name" for each header in "..." or <mxsel/...>.
includes()
{
	for file in "$1"/*.[ch]; do
		test -e "$file" || continue
		sed -n 's|^[ 	]*#[ 	]*include[ 	]*["<]\([^">]*\)[">].*|\1|p' \
			"$file" | while read -r name; do
			echo "$file $name"
		done
	done
}

# judge FOLDER PATTERN...: each header it uses of ours fits a pattern.
judge()
{
	folder=$1
	shift
	includes "$folder" | while read -r file name; do
		good=no
		for pattern in "$@"; do
			case $name in $pattern) good=yes ;; esac
		done
		# What is none of ours is no business of this check.
		test -e "lib/$name" || test -e "include/$name" || \
			test -e "$folder/$name" || test -e "$name" || \
			good=yes
		# Its own folder, without or with the folder's name.
		test -e "$folder/$name" && good=yes
		test -e "lib/$name" && test "lib/${name%/*}" = "$folder" && \
			good=yes
		test "$name" = "$folder/${name##*/}" && good=yes
		case $name in *..*) good=no ;; esac
		test $good = yes || echo "$file may not include $name"
	done
}

core='mxsel/mxsel.h mxsel/version.h'
told=$(
	judge lib/base $core
	judge lib/name $core 'base/*'
	judge lib/wire $core 'base/*' 'name/*'
	judge lib/rank $core 'base/*' 'name/*'
	judge lib/policy $core 'mxsel/security.h' 'base/*' 'name/*'
	judge lib/cache $core 'mxsel/cache.h' 'mxsel/memory.h' 'base/*' \
		'name/*'
	judge lib/select $core 'mxsel/cache.h' 'mxsel/memory.h' \
		'mxsel/security.h' 'base/*' 'name/*' 'wire/*' 'rank/*' \
		'policy/*' 'cache/*'
	for folder in lib/mock lib/ldns lib/idn2 lib/unbound lib/redis \
		tools examples; do
		judge $folder 'mxsel/*'
	done
)
test -z "$told" || { echo "$told"; wrong=1; }

# A room that nobody has judged.
for folder in lib/*/; do
	case $folder in
	lib/base/ | lib/name/ | lib/wire/ | lib/rank/ | lib/policy/ | \
	lib/cache/ | lib/select/ | lib/mock/ | lib/ldns/ | lib/idn2/ | \
	lib/unbound/ | lib/redis/) ;;
	*) echo "$folder has no arrows in tests/lint/layers.sh"; wrong=1 ;;
	esac
done
exit $wrong

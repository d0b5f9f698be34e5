#!/bin/sh
# Of each library the headers, the symbol map and the shared object say the
# same; every header and every map belongs to a library.
cd "$(dirname "$0")/../.." || exit 1
. tests/lint/functions.inc
wrong=0
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT

# same A B TEXT-A TEXT-B
same()
{
	cmp -s "$scratch/$1" "$scratch/$2" && return
	comm -23 "$scratch/$1" "$scratch/$2" | sed "s|\$|: $3, not $4|"
	comm -13 "$scratch/$1" "$scratch/$2" | sed "s|\$|: $4, not $3|"
	wrong=1
}

for map in lib/*.map; do
	library=${map#lib/}
	library=${library%.map}
	public $(headers_of "$library") > "$scratch/header"
	mapped "$library" > "$scratch/map"
	test -s "$scratch/header" || {
		echo "$library: its headers declare nothing"
		wrong=1
	}
	same header map "in the headers of $library" "in $map"
	case " $LIBRARIES " in *" $library "*) ;; *) continue ;; esac
	for object in $SHARED; do
		case $object in "$library".*) ;; *) continue ;; esac
		"${NM:-nm}" -D --defined-only "$BUILD/$object" | \
			awk '$2 != "A" { sub(/@.*/, "", $3); print $3 }' | \
			LC_ALL=C sort > "$scratch/object"
		same map object "in $map" "exported by $object"
	done
done
for header in include/mxsel/*.h; do
	name=${header##*/}
	name=${name%.h}
	case $name in
	cache | memory | mxsel | security | version) ;;
	*) test -e "lib/libmxsel-$name.map" || {
		echo "$header: no lib/libmxsel-$name.map"
		wrong=1
	} ;;
	esac
done
test $wrong = 0 || exit 1
test -n "$SHARED" || { echo 'skipped: shared libraries'; exit 77; }

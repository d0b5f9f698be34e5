#!/bin/sh
# What other languages read of the headers is what the headers say now.
cd "$(dirname "$0")/../.." || exit 1
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
wrong=0

sh include/declarations/generate.sh "$scratch" || exit 1
for file in "$scratch"/*.cdef include/declarations/*.cdef; do
	name=${file##*/}
	cmp -s "$scratch/$name" "include/declarations/$name" && continue
	echo "include/declarations/$name is not what the headers say;" \
		"make declarations"
	wrong=1
done
exit $wrong

#!/bin/sh
# The public headers as plain declarations, one file per library: what a
# foreign function interface that reads C (cffi, LuaJIT, koffi) can take as
# it is. Comments, macros and the standard headers' types are gone, but a macro
# that is a number has become an enum; the rest stands as the headers have it,
# in their order.
#
#	sh include/declarations/generate.sh FOLDER
#
# writes FOLDER/libmxsel*.cdef. CC: the compiler whose preprocessor is used.
set -eu
include=$(cd "$(dirname "$0")/.." && pwd)
out=$1
empty=$(mktemp -d)
trap 'rm -rf "$empty"' EXIT
for header in stddef stdint; do
	: > "$empty/$header.h"
done

# plain HEADER: without what it includes; the preprocessor's marks say where
# each line comes from.
plain()
{
	echo "#include <mxsel/$1.h>" | ${CC:-cc} -E -dD -x c -nostdinc \
		-U__GNUC__ -DMXSEL_API= -I "$empty" -I "$include" - |
		awk -v file="/mxsel/$1.h\"" '
			/^#(line)? *[0-9]/ {
				here = index($0, file) > 0
				next
			}
			here && /^#define MXSEL_[A-Z_]+ [0-9]+$/ {
				print "enum {\n\t" $2 " = " $3 "\n};"
			}
			/^#/ { next }
			here && NF {
				gsub(/[ \t]+/, " ")
				sub(/^ /, "")
				if (/^}/)
					indent = ""
				print indent $0
				if (/{$/)
					indent = "\t"
			}'
}

# library NAME HEADER...
library()
{
	name=$1
	shift
	{
		echo "/* $name: made by generate.sh from <mxsel/*.h>. */"
		for header; do
			plain "$header"
		done
	} > "$out/$name.cdef"
}

library libmxsel mxsel cache memory security
library libmxsel-ldns ldns
library libmxsel-idn2 idn2
library libmxsel-unbound unbound
library libmxsel-redis redis
library libmxsel-mock mock

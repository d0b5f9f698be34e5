#!/bin/sh
# Every header compiles alone: public ones as C99, C11, C17, C23 and C++11,
# 17, 20 with all warnings, those of the rooms as C11.
cd "$(dirname "$0")/../.." || exit 1
wrong=0
: "${CC:=cc}" "${CXX:=c++}" "${WARN:=-Wall -Wextra -Wpedantic -Wundef}"
plain='-Wall -Wextra -Wpedantic -Wundef -Wshadow -Wold-style-cast'

# alone COMPILER LANGUAGE HEADER FLAG...
alone()
{
	compiler=$1 language=$2 header=$3
	shift 3
	printf '#include <%s>\n#include <%s>\nextern int mxsel_unit;\n' \
		"$header" "$header" | \
		$compiler "$@" -x "$language" -Werror -Iinclude -fsyntax-only - \
		|| { echo "$header: $compiler $*"; wrong=1; }
}

# knows COMPILER LANGUAGE STANDARD
knows()
{
	echo 'extern int mxsel_unit;' | \
		$1 -x "$2" "-std=$3" -fsyntax-only - 2> /dev/null
}

# A compiler may be of several words: "ccache gcc".
set -- "$CC"
for other in gcc clang; do
	command -v $other > /dev/null && test "$other" != "$CC" && \
		set -- "$@" $other
done
for compiler; do
	for standard in c99 c11 c17 c2x; do
		knows "$compiler" c $standard || continue
		for header in include/mxsel/*.h; do
			alone "$compiler" c "${header#include/}" $WARN \
				-std=$standard
		done
	done
	for header in lib/*/*.h; do
		test -e "$header" || continue
		alone "$compiler" c "${header#lib/}" -Ilib -std=c11 $WARN
	done
done
if command -v "${CXX%% *}" > /dev/null; then
	for standard in c++11 c++17 c++20; do
		for header in include/mxsel/*.h; do
			alone "$CXX" c++ "${header#include/}" $plain \
				-std=$standard
		done
	done
else
	echo 'skipped: C++ compiler'
	test $wrong = 1 || exit 77
fi
exit $wrong

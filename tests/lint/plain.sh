#!/bin/sh
# The core compiles without configure, with gcc and with clang, and neither
# has anything to say about any source of the libraries, tools and examples.
cd "$(dirname "$0")/../.." || exit 1
wrong=0 missing=
: "${WARN:=-Wall -Wextra -Wpedantic}"
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
top=$PWD
core='base name wire rank policy cache select'

for compiler in gcc clang; do
	command -v $compiler > /dev/null || {
		missing="$missing $compiler"
		continue
	}
	files=
	rm -f "$scratch"/*.o
	for room in $core; do
		files="$files $(ls "$top/lib/$room"/*.c)"
	done
	(cd "$scratch" && $compiler -std=c11 -O2 "-I$top/include" \
		"-I$top/lib" $WARN -Werror -c $files) || {
		echo "$compiler: the core does not compile by itself"
		wrong=1
	}
	# One folder holds all objects only while no two are called the same.
	test "$(echo $files | wc -w)" = "$(ls "$scratch"/*.o | wc -l)" || {
		echo "two sources of the core have the same name"
		wrong=1
	}
	for file in lib/mock/*.c lib/ldns/*.c lib/idn2/*.c lib/unbound/*.c \
		lib/redis/*.c tools/*.c examples/*.c examples/*/*.c; do
		test -e "$file" || continue
		case $file in
		lib/ldns/* | tools/*)
			test -n "${LDNS_CFLAGS+set}" || continue ;;
		lib/idn2/*)
			test -n "$HAVE_IDN2" || continue ;;
		lib/unbound/* | examples/*_unbound.c)
			test -n "$HAVE_UNBOUND" || continue ;;
		lib/redis/* | examples/*_redis.c)
			test -n "$HAVE_REDIS" || continue ;;
		examples/*_libuv.c)
			test -n "$HAVE_UV" || continue ;;
		examples/mta_delivery/*)
			test -n "$HAVE_CURL" || continue ;;
		esac
		# Whoever asks whether libidn2, libunbound or hiredis is there:
		# with it, and without.
		define=-UHAVE_IDN2
		test -n "$HAVE_IDN2" && grep -q HAVE_IDN2 "$file" && \
			define="$define -DHAVE_IDN2=1"
		test -n "$HAVE_UNBOUND" && grep -q HAVE_UNBOUND "$file" && \
			define="$define -DHAVE_UNBOUND=1"
		test -n "$HAVE_REDIS" && grep -q HAVE_REDIS "$file" && \
			define="$define -DHAVE_REDIS=1"
		for have in $define; do
			$compiler -std=c11 -O2 -Iinclude -Ilib $have \
				$LDNS_CFLAGS $IDN2_CFLAGS $UV_CFLAGS \
				$UNBOUND_CFLAGS $REDIS_CFLAGS $CURL_CFLAGS \
				$WARN -Werror -c -o "$scratch/one.o" "$file" || {
				echo "$compiler: $file ($have)"
				wrong=1
			}
		done
	done
done
test $wrong = 0 || exit 1
test -z "$missing" || { echo "skipped:$missing"; exit 77; }

#!/bin/sh
# run.sh ready | build | test | plan ARGUMENT...: the Go binding, for
# tests/integration/bindings.sh and for whoever wants to try it. See
# ../README.md for what is in the environment.
#
# An installed library is found by pkg-config alone; here it is told of the
# build tree, with .pc files for that in $SCRATCH.
here=$(cd "$(dirname "$0")" && pwd)
: "${MXSEL_SRCDIR:=$(cd "$here/../../.." && pwd)}"
: "${MXSEL_BUILDDIR:=$MXSEL_SRCDIR/build}"
: "${SCRATCH:=$MXSEL_BUILDDIR/obj/bindings/go}"
libdir=${MXSEL_LIBDIR:-$MXSEL_BUILDDIR}

for need in go cc pkg-config; do
	command -v $need > /dev/null || {
		echo "Go 1.19 with a C compiler and pkg-config: no $need"
		exit 77
	}
done

# Nothing is downloaded, and nothing is written but to $SCRATCH.
GOFLAGS=-mod=mod GOPROXY=off GOTOOLCHAIN=local CGO_ENABLED=1
GOCACHE=$SCRATCH/cache GOPATH=$SCRATCH/path GOTMPDIR=$SCRATCH
PKG_CONFIG_PATH=$SCRATCH/pc${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH}
LD_LIBRARY_PATH=$libdir${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
export GOFLAGS GOPROXY GOTOOLCHAIN CGO_ENABLED GOCACHE GOPATH GOTMPDIR
export PKG_CONFIG_PATH LD_LIBRARY_PATH

# The linker wants libNAME.so; the build tree has what programs load.
tell()
{
	mkdir -p "$SCRATCH/pc" "$SCRATCH/lib" || exit 1
	for name in libmxsel libmxsel-ldns; do
		ln -sf "$libdir/$name.so.0" "$SCRATCH/lib/$name.so"
		printf '%s\n' "Name: $name" "Description: $name" \
			"Version: 0" "Cflags: -I$MXSEL_SRCDIR/include" \
			"Libs: -L$SCRATCH/lib -l${name#lib}" \
			> "$SCRATCH/pc/$name.pc"
	done
}

# is WHAT COMMAND...: count one statement; nothing may be said.
passed=0 failed=0
is()
{
	what=$1
	shift
	if said=$("$@" 2>&1) && test -z "$said"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		printf 'not so: %s\n%s\n' "$what" "$said"
	fi
}

# The tests of Go, one by one; with the race detector where that works, but
# for MXSEL_RACE=no: it wants all of Go's library compiled once more.
go_tests()
{
	race=
	case $(go env GOOS/GOARCH):${MXSEL_RACE:-yes} in
	linux/amd64:yes | darwin/amd64:yes) race=-race ;;
	esac
	go test -count=1 -v $race ./... > "$SCRATCH/said" 2>&1
	status=$?
	good=$(grep -c '^ *--- PASS' "$SCRATCH/said")
	bad=$(grep -c '^ *--- FAIL' "$SCRATCH/said")
	test $status = 0 || {
		cat "$SCRATCH/said"
		test $bad != 0 || bad=1
	}
	passed=$((passed + good)) failed=$((failed + bad))
}

tell
cd "$here" || exit 1
case ${1:-} in
ready) go version ;;
build) exec go build -o "$SCRATCH/plan" ./cmd/plan ;;
test)
	is 'gofmt has nothing to change' gofmt -l .
	is 'go vet has nothing to say' go vet ./...
	go_tests
	echo "$passed passed, $failed failed"
	test $failed = 0
	;;
plan)
	shift
	test -x "$SCRATCH/plan" || go build -o "$SCRATCH/plan" ./cmd/plan ||
		exit 1
	exec "$SCRATCH/plan" "$@"
	;;
*)
	sed -n '2,/^$/s/^# \{0,1\}//p' "$0" >&2
	exit 64
	;;
esac

#!/bin/sh
# run.sh ready | build | test | plan ARGUMENT...: the Python binding, for
# tests/integration/bindings.sh and for whoever wants to try it. See
# ../README.md for what is in the environment.
#
# PYTHON: which interpreter; else the first that has cffi.
here=$(cd "$(dirname "$0")" && pwd)
: "${MXSEL_BUILDDIR:=$(cd "$here/../../.." && pwd)/build}"
LD_LIBRARY_PATH=$MXSEL_BUILDDIR${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
PYTHONPATH=$here
PYTHONDONTWRITEBYTECODE=1
PYTHONHASHSEED=0
export LD_LIBRARY_PATH PYTHONPATH PYTHONDONTWRITEBYTECODE PYTHONHASHSEED

has_cffi()
{
	command -v "$1" > /dev/null &&
		"$1" -c 'import sys, cffi; sys.exit(sys.version_info < (3, 8))' \
			> /dev/null 2>&1
}

find_python()
{
	for python in ${PYTHON:-python3 /usr/bin/python3}; do
		! has_cffi "$python" || return 0
	done
	echo 'Python 3.8 with cffi (Debian: python3-cffi)'
	exit 77
}

find_python
case ${1:-} in
ready) "$python" -c 'import sys, cffi
print("Python", sys.version.split()[0], "cffi", cffi.__version__)' ;;
build) "$python" -c 'import mxsel; print(mxsel.version())' ;;
test) exec "$python" "$here/run_tests.py" ;;
plan)
	shift
	exec "$python" "$here/plan.py" "$@"
	;;
*)
	sed -n '2,/^$/s/^# \{0,1\}//p' "$0" >&2
	exit 64
	;;
esac

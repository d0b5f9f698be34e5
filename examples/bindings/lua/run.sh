#!/bin/sh
# run.sh ready|build|test|plan ARGUMENT...: the LuaJIT binding, with the
# libraries of MXSEL_BUILDDIR. 77: no LuaJIT here.
here=$(cd "$(dirname "$0")" && pwd) || exit 1
folder=${MXSEL_LIBDIR:-${MXSEL_BUILDDIR:-}}
if test -n "$folder"; then
	MXSEL_LIBDIR=$folder
	LD_LIBRARY_PATH=$folder${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
	export MXSEL_LIBDIR LD_LIBRARY_PATH
fi

command=$1
test $# = 0 || shift
case $command in
ready)
	command -v luajit > /dev/null || {
		echo 'skipped: luajit'
		exit 77
	} ;;
build)
	for file in "$here"/*.lua "$here"/mxsel/*.lua; do
		luajit -b "$file" /dev/null || exit 1
	done ;;
test) exec luajit "$here/test.lua" "$@" ;;
plan) exec luajit "$here/plan.lua" "$@" ;;
*) sed -n '2,3s/^# //p' "$0"; exit 64 ;;
esac

#!/bin/sh
# The steps of `make mutants` (rules.mk), with a Python that has clang's
# module: Debian's package gives it to the system's own Python only.
#	run.sh --missing CHECK		true, and says what, if something is
#	run.sh --write TOP OUT FLAG...	instrument.py
#	run.sh --try TOP OUT RESULTS WHICH	mutants.py
here=$(dirname "$0")
what=$1
shift
python()
{
	for python in python3 /usr/bin/python3; do
		"$python" -c 'import clang.cindex as c; c.Index.create()' \
			2> /dev/null && return
	done
	return 1
}

case $what in
--missing)
	test "$(uname -s)" = Linux || { echo Linux; exit 0; }
	test -n "$1" || { echo check; exit 0; }
	python || { echo python3-clang-19; exit 0; }
	exit 1 ;;
--write)
	python || { echo 'python3-clang-19 is not there' >&2; exit 1; }
	exec "$python" -B "$here/instrument.py" "$@" ;;
--try)
	python
	exec "$python" -B "$here/mutants.py" "$@" ;;
esac

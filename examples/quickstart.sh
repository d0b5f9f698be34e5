#!/bin/sh
# From a fresh copy of the sources to delivery plans:
#
#	sh examples/quickstart.sh [--no-install] [DOMAIN...]
#
# Installs what is missing (--no-install: only says what), builds in build/,
# and shows where mail would go: without a domain, for the domains of the
# zone that is built into mxsel (no network), else for the domains given, as
# the DNS has them now.
top=$(cd "$(dirname "$0")/.." && pwd) || exit 1
. "$top/tests/support/setup.sh"
build=$top/build

while :; do
	case ${1-} in
	--no-install) install=no; shift ;;
	-h | --help) sed -n '2,/^$/s/^# \{0,1\}//p' "$0"; exit ;;
	-*) echo "$0: unknown option $1" >&2; exit 64 ;;
	*) break ;;
	esac
done

need 'cc make autoconf pkg-config ldns' ''
# A build that is there is used on, with the options it was made with.
if ! test "$build/config.status" -nt "$top/configure.ac" ||
	! grep -q '^HAVE_LDNS *:= yes' "$build/config.mk"; then
	configure_in "$build" || exit
fi
quietly make -s -j"$(cores)" -C "$build" mxsel || exit

if test $# = 0; then
	"$build/mxsel" --demo
else
	"$build/mxsel" plan "$@"
fi
# That a domain takes no mail (1) or not now (75) is an answer, too.
case $? in
0 | 1 | 75) ;;
*) exit 1 ;;
esac

#!/bin/sh
# run-one.sh LOG PROGRAM [ARGUMENT...]: run one test program; what it says and
# how it ended go to LOG, for totals.sh.
log=$1
shift
limit=
command -v timeout > /dev/null && limit='timeout 600'
case $1 in
/*) ;;
*) program=./$1; shift; set -- "$program" "$@" ;;
esac
$limit "$@" > "$log" 2>&1
echo "exit status $?" >> "$log"

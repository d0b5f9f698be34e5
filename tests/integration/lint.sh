#!/bin/sh
# lint.sh [BUILD]: mxsel lint finds every planted mistake of
# tests/zones/lint-bad.zone and lint-dane.zone, nothing in lint-clean.zone,
# what DNSSEC says (lint-secure.txt) and what failing servers do to a domain,
# what an MTA-STS policy does not permit; and its guide page tells of every
# finding (lint_compare.py); exit status, colour and what people read. BUILD as
# for nsd.sh. Needs no network. Ends with one line of totals; 77 without python3.
set -u
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
bad=$top/tests/zones/lint-bad.zone
clean=$top/tests/zones/lint-clean.zone
. "$top/tests/support/trial.sh"
find_build "$@"
mxsel=$build/mxsel
needs python3
make_scratch
out=$scratch/out err=$scratch/err
unset NO_COLOR

# ends STATUS ARGUMENT...
ends()
{
	want=$1
	shift
	"$mxsel" lint "$@" > "$out" 2> "$err" < /dev/null
	status=$?
	test $status = "$want"
	good "mxsel lint $* ends with $want (it is $status)" $?
}

# usage WORDS ARGUMENT...: 64, nothing on stdout, one line on stderr.
usage()
{
	words=$1
	shift
	ends 64 "$@"
	test ! -s "$out" && test "$(wc -l < "$err")" = 1 &&
		grep -qF -e "$words" "$err"
	good "mxsel lint $*: one line says '$words'" $?
}

# says PATTERN WHAT: the last output has a line like this.
says()
{
	grep -qE -e "$1" "$out"
	good "$2 (/$1/)" $?
}

# --- exit status: the worst, 75 > 64 > 1 > 0
ends 0 --zone "$clean" lint-clean
ends 0 --zone "$bad" alone.lint-bad
ends 0 --zone "$bad" many.lint-bad
ends 1 --zone "$bad" tonothing.lint-bad
ends 1 --zone "$bad" alone.lint-bad tonothing.lint-bad alone.lint-bad
ends 64 --zone "$bad" tonothing.lint-bad a..b alone.lint-bad
test "$(grep -c '^alone.lint-bad: ' "$out")" = 1
good 'what is no domain does not stop the others' $?
ends 75 --server 127.0.0.1@1 --timeout 1 mail.test a..b

# --- usage
for name in a..b '[192.0.2.1]' '[mx.test]' '' 192.0.2.1 'a b'; do
	usage 'not a domain' --zone "$bad" -- "$name"
done
usage '--self' --zone "$bad" --self mx.test alone.lint-bad
usage 'not of a domain' --zone "$bad" --tls-optional alone.lint-bad
usage '--sts-policy' --zone "$bad" --sts-policy "$scratch/none" alone.lint-bad
printf 'version: STSv1\nmode: testing\nmax_age: many\n' > "$scratch/policy"
usage ': line 3: ' --zone "$bad" --sts-policy "$scratch/policy" alone.lint-bad
usage '--self-interfaces' --zone "$bad" --self-interfaces alone.lint-bad

# --- what a sender allows himself is no matter of a zone: said, not ignored
for option in max-records=1 max-hosts=1 max-queries=1 family=v4only \
	refuse-exchange=x refuse-exchange-alias sender seed=1; do
	usage "no use for --${option%%=*}" --zone "$bad" --$option many.lint-bad
done
ends 0 --zone "$bad" many.lint-bad
test "$(wc -l < "$out")" = 3
good 'all records of a zone are looked at' $?
ends 1 --zone "$bad" --allow-network 10.0.0.0/8 private.lint-bad
grep -q '10\.0\.0\.25' "$out"
test $? = 1 && grep -q '172\.16\.0\.25' "$out"
good 'what --allow-network allows is no finding' $?

# --- what people read
ends 1 --zone "$bad" toalias2.lint-bad nullpreference.lint-bad
says '^toalias2\.lint-bad: 1 error, 1 warning$' 'a heading that counts'
says '^error    hostalias2\.lint-bad: .*\(mx_is_alias, RFC [0-9. ]+\)$' \
	'severity, subject, code and clause'
says '^         Name the alias' 'what to do'
grep -c '^$' "$out" | grep -qx 1
good 'an empty line between domains' $?
grep -q "$(printf '\033')" "$out"
test $? = 1
good 'no colour into a file' $?
ends 1 --color always --zone "$bad" toalias2.lint-bad
says "$(printf '\033')" '--color always'
ends 0 --zone "$clean" lint-clean nomail.lint-clean
says '^nomail\.lint-clean: nothing is wrong$' 'nothing is wrong'
ends 1 --quiet --zone "$bad" toalias2.lint-bad
test ! -s "$out"
good '--quiet says nothing' $?
if test -c /dev/full; then
	"$mxsel" lint --zone "$bad" alone.lint-bad > /dev/full 2> "$err"
	test $? = 74
	good 'a full disk is 74' $?
fi

# --- the guide shows what is printed
"$mxsel" lint --zone "$bad" toalias2.lint-bad > "$out" 2> "$err"
sed -n '/^\$ mxsel lint .* toalias2/,/^```$/p' "$top/docs/guide/lint.md" |
	sed '1d;$d' | cmp -s - "$out"
good 'the example of the guide' $?

python3 -B "$here/lint_compare.py" "$mxsel" > "$scratch/part" 2>&1
totals=$(tail -n 1 "$scratch/part")
case $totals in
*' passed, '*' failed')
	sed '$d' "$scratch/part"
	set -- $(echo "$totals" | tr -cd '0-9 ')
	passed=$((passed + $1)) failed=$((failed + $2))
	;;
*)
	cat "$scratch/part"
	good 'lint_compare.py ends well' 1
	;;
esac

finish

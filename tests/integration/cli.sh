#!/bin/sh
# cli.sh [BUILD]: the mxsel command as scripts and postmasters meet it:
# options, exit status, JSON, colour, errors of output. Needs no network.
# BUILD as for nsd.sh. Ends with one line of totals.
set -u
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
zone=$top/tests/zones/mx.test.zone
. "$top/tests/support/trial.sh"
. "$top/tests/support/command.sh"

# usage WORDS ARGUMENT...: 64, nothing on stdout, one line on stderr with WORDS
usage()
{
	words=$1
	shift
	run "$@"
	test $status = 64
	good "mxsel $*: exit status 64 (it is $status)" $?
	test ! -s "$out" && test "$(wc -l < "$err")" = 1
	good "mxsel $*: one line on stderr, none on stdout" $?
	grep -qF -e "$words" "$err" && grep -q '^mxsel: ' "$err"
	good "mxsel $*: it says '$words'" $?
}

# warns WHAT: one line on stderr, of the last plan: its servers do not count.
warns()
{
	test "$(wc -l < "$err")" = 1 &&
		grep -q '^mxsel: --dane: .* --anchor FILE.* --trust-ad ' "$err"
	good "--dane comes to nothing: $1" $?
}

# same WHAT ARGUMENTS ARGUMENTS: two command lines, one output.
same()
{
	"$mxsel" $2 > "$scratch/one" 2>&1
	"$mxsel" $3 > "$scratch/two" 2>&1
	cmp "$scratch/one" "$scratch/two" > "$out" 2> "$err" &&
		test -s "$scratch/one"
	good "$1: 'mxsel $2' is 'mxsel $3'" $?
}

# --- exit status: the worst, 75 > 1 > 0
ends 0 --zone "$zone" plain.mx.test
ends 1 --zone "$zone" nullmx.mx.test
ends 75 --zone "$zone" self.mx.test
ends 1 --zone "$zone" plain.mx.test nullmx.mx.test plain.mx.test
ends 75 --zone "$zone" self.mx.test nullmx.mx.test plain.mx.test
ends 75 --zone "$zone" nullmx.mx.test self.mx.test
ends 0 --zone "$zone" plan plain.mx.test
ends 0 plain.mx.test --zone "$zone"
ends 0 --zone="$zone" plan -- plain.mx.test
ends 1 --zone "$zone" -- -x.mx.test
ends 75 --zone "$zone" -- plan
ends 75 --zone "$zone" plan plan
ends 75 --zone "$zone" plan bulk

# --- usage
usage 'no destination is given' --json
usage 'no destination is given' plan
usage 'no destination is given'
usage 'unknown option' --nonsense x
usage 'unknown option' --js x
usage 'unknown option' -j x
usage 'unknown option' -hj x
usage 'from standard input' bulk x.test
usage 'from standard input' --demo bulk x.test
usage 'go with' bulk --record "$scratch/none"
usage 'go with' bulk --replay "$scratch/none"
usage '--dot goes with' bulk --dot
usage "--unordered goes with 'mxsel bulk'" --unordered x.test
usage "--resume goes with 'mxsel bulk'" lint --resume x x.test
usage 'not the name of a file' bulk --resume=
usage 'out of range' bulk --concurrency 0
usage 'out of range' bulk --concurrency 100001
usage 'not a number' bulk --concurrency 1K
usage 'not a size' bulk --cache-size M
usage 'not a size' bulk --cache-size 16MB
usage 'not a size' bulk --cache-size 1T
usage 'out of range' bulk --cache-size 63K
usage 'out of range' bulk --cache-size 65G
usage 'it takes one of auto,' bulk --progress yes
usage 'it takes a list of' bulk --fields all
usage 'no file is given' memory
usage 'has no use for --demo' --demo memory
usage "--forget goes with 'mxsel memory' only" --forget mx.test x.test
usage "--forget-all goes with 'mxsel memory' only" lint --forget-all x.test
usage "'mxsel lint' has no use for --memory" lint --memory "$zone" x.test
usage "'mxsel lint' has no use for --store" lint --store 127.0.0.1:1 x.test
usage 'do not go with --replay' --memory "$zone" --replay "$zone" x.test
usage '--store-login is of' --store-login "$zone" x.test
usage 'no destination is given' lint
usage 'unknown option' --jsonx x
usage 'unknown option' "$(printf -- '--bad\noption')" x
usage 'takes no value' --json=yes x
usage 'takes no value' --demo=
usage 'needs a value' --seed
usage 'needs a value' x --zone
usage 'only one of' --demo --zone "$zone" x
usage 'only one of' --server 127.0.0.1 --zone "$zone" x
usage 'not a number' --seed x a.test
usage 'not a number' --seed= a.test
usage 'not a number' --seed -1 a.test
usage 'out of range' --seed 18446744073709551616 a.test
usage 'out of range' --port 0 a.test
usage 'out of range' --port 65536 a.test
usage 'out of range' --self-port 99999999999999999999 a.test
usage 'out of range' --max-aliases 17 a.test
usage 'number of seconds' --timeout abc a.test
usage 'number of seconds' --timeout 1. a.test
usage 'number of seconds' --timeout .5 a.test
usage 'number of seconds' --timeout 1.2345 a.test
usage 'number of seconds' --timeout '' a.test
usage 'number of seconds' --timeout -1 a.test
usage 'out of range' --timeout 99999999 a.test
usage 'it takes one of interleave, any,' --family v5 a.test
usage 'it takes one of hosts,' --shuffle all a.test
usage 'it takes one of auto,' --color red a.test
usage 'it takes a list of destination, domain, unicode,' --json --fields x a.test
usage 'it takes a list of' --json --fields '' a.test
usage 'it takes a list of' --json --fields status, a.test
usage 'it takes a list of' --json --fields statusx,ttl a.test
usage '--fields goes with' --fields status a.test
usage '--fields goes with' lint --json --fields status a.test
usage 'neither a host name nor' --self 'a b' a.test
usage 'neither a host name nor' --self '' a.test
usage 'not a network' --allow-network 192.0.2.1/24 a.test
usage 'not a network' --allow-network x a.test
usage 'not a NAT64 prefix' --nat64 192.0.2.0/24 a.test
usage 'not a NAT64 prefix' --nat64 2001:db8::/95 a.test
usage '--server' --server nobody a.test
usage '--server' --server 192.0.2.1@0 a.test
usage '--zone' --zone "$scratch/none" a.test
usage '--zone' --zone "$zone" --zone "$err" a.test
usage 'unknown option' --explain a.test
usage 'takes no value' --dane=yes a.test
usage 'it takes one of dane, encrypt, may' --dane-insecure-mx no a.test
usage 'only one of --requiretls and --tls-optional' --requiretls \
	--tls-optional a.test
usage 'not of a domain' lint --requiretls a.test
usage '--sts-policy is' bulk --sts-policy "$zone"
usage '--anchor' bulk --anchor "$scratch/none"
usage '--anchor goes with' --anchor "$zone" --zone "$zone" a.test
usage '--anchor goes with' --anchor "$zone" --demo
usage 'only one of --anchor and --trust-ad' --anchor "$zone" --trust-ad a.test
usage '--anchor' --anchor "$scratch/none" --server 127.0.0.1@1 a.test
usage 'needs a value' a.test --anchor
for command in plan explain lint; do
	usage '--sts-policy' $command --sts-policy "$scratch/none" \
		--zone "$zone" plain.mx.test
	printf 'version: STSv1\nmode: enforced\n' > "$scratch/bad"
	usage ": line 2: " $command --sts-policy "$scratch/bad" \
		--zone "$zone" plain.mx.test
	head -c 70000 /dev/zero > "$scratch/bad"
	usage '--sts-policy' $command --sts-policy "$scratch/bad" \
		--zone "$zone" plain.mx.test
done
for option in --max-records --max-hosts --max-host-addresses \
		--max-addresses --max-attempts --max-queries --max-aliases; do
	usage 'not a number' $option many a.test
	usage 'needs a value' a.test $option
	ends 0 --zone "$zone" $option 16 plain.mx.test
	ends 0 --zone "$zone" $option=0 plain.mx.test
done

# --- every switch is taken
for option in --refuse-private --allow-loopback --allow-link-local \
		--implicit-on-nxdomain --strict-null-mx --sender \
		--allow-exchange-address --refuse-exchange-alias \
		--defer-no-host --defer-filtered --ask-local \
		--keep-duplicates --self-interfaces --json --quiet --mix-case \
		--dane --tls-optional --trust-ad --no-trust-ad; do
	ends 0 --zone "$zone" $option plain.mx.test
done
ends 0 --zone "$zone" --timeout 0.25 plain.mx.test
ends 0 --zone "$zone" --timeout=10 --allow-network 10.0.0.0/8 \
	--nat64 2001:db8:64::/96 --refuse-exchange '*.bad.test' \
	--self mx.example --self 192.0.2.200 --self-port 25 --port 25 \
	--dane-insecure-mx may plain.mx.test

# --- help and version
# screen ARGUMENT...: what it prints leaves a line of the terminal for the prompt
screen()
{
	ends 0 "$@"
	test "$(wc -l < "$out")" -le 23 && ! grep -q '.\{80\}' "$out" &&
		test ! -s "$err"
	good "mxsel $*: fits one screen of 24 lines, with the prompt" $?
}

screen --help
says '^man mxsel ' 'where there is more'
same '-h' --help -h
same 'help' '--help lint' 'lint --help'
same 'help' '--help nothing' '--help'
ends 0 bulk -h
says '^usage: mxsel bulk ' 'help of a command'
: > "$scratch/pages"
for command in plan explain lint bulk memory; do
	run --help
	says "^  $command  " "--help tells of $command"
	screen $command --help
	says "^usage: mxsel $command " "its own page"
	says '--help GROUP' 'and where there is more'
	cat "$out" >> "$scratch/pages"
done
for group in $(sed -n 's/^\([a-z]*\)  *--.*/\1/p' "$scratch/pages" | sort -u)
do
	run --help
	says "[ :]$group(,|\$)" "--help tells of group $group"
	screen --help $group
	says "^Options, $group:" 'its own page'
	cat "$out" >> "$scratch/groups"
done
cp "$scratch/pages" "$out"
table=$top/tools/settings_table.c
for option in $(sed -n 's/.*{ "\([a-z0-9-]*\)", take_.*/--\1/p' "$table"); do
	says "  $option( |\$)" "$option is in the help of a command"
	grep -qE -e "^  $option .*[A-Za-z0-9)]\$" "$scratch/groups"
	good "--help GROUP tells what $option does" $?
	grep -qE -e "^\.It Fl ${option#-}( |\$)" "$top/docs/man/mxsel.1"
	good "mxsel(1) tells of $option" $?
done
ends 0 --version
says '^mxsel [0-9]+\.[0-9]+\.[0-9]+$' 'the version'
ends 0 --version --nonsense

# --- output
ends 0 --quiet --zone "$zone" plain.mx.test
test ! -s "$out" && test ! -s "$err"
good '--quiet says nothing' $?
run --quiet --json --zone "$zone" nullmx.mx.test
test ! -s "$out" && test $status = 1
good '--quiet is stronger than --json' $?
run --zone "$zone" plain.mx.test nullmx.mx.test filtsome.mx.test
says '^plain\.mx\.test: try 2 hosts, 3 addresses \(by MX\), TTL 300$' heading
says '^     10  mx1\.mx\.test  2001:db8::1$' 'preference, host, address'
says '^                      192\.0\.2\.1$' 'the second address'
says '^nullmx\.mx\.test: bounce 556 5\.1\.10 \(null_mx\), TTL' 'a bounce'
says '^-    10  127\.0\.0\.1 .*\(loopback, ' 'what was dropped'
grep -q "$(printf '\033')" "$out"
test $? = 1
good 'no colour into a file' $?
run --color always --zone "$zone" plain.mx.test
grep -q "$(printf '\033')" "$out"
good '--color always colours a file' $?
NO_COLOR=1 "$mxsel" --color always --zone "$zone" plain.mx.test > "$out"
grep -q "$(printf '\033')" "$out"
good 'NO_COLOR gives way to --color always' $?
run --color always --zone "$zone" \
	"$(printf 'a\033]0;title\007b\302\233\342\200\256.test')"
head -n 1 "$out" | tail -c +5 | sed "s/$(printf '\033')\[[0-9]*m//g" |
	LC_ALL=C grep -q "$(printf '[\001-\010\013-\037\200-\377]')"
test $? = 1
good 'a destination does not control the terminal' $?
if script -qec true /dev/null > /dev/null 2>&1 < /dev/null; then
	for setting in TERM=xterm NO_COLOR=1 TERM=dumb; do
		env $setting script -qec "'$mxsel' --demo" /dev/null \
			< /dev/null > "$out" 2> "$err"
		grep -q "$(printf '\033')" "$out"
		case $setting:$? in
		TERM=xterm:0 | NO_COLOR=1:1 | TERM=dumb:1) good terminal 0 ;;
		*) good "colour on a terminal with $setting" 1 ;;
		esac
	done
else
	skip 'a terminal by script(1)'
fi

# --- the seed makes the order repeatable
same 'a seed' "--seed 7 --json --zone $zone equal3.mx.test" \
	"--json --zone=$zone plan --seed=7 equal3.mx.test"

# --- some keys only: the same values, in their order, and no more is asked
ends 0 --json --zone "$zone" --fields ttl,status,destination plain.mx.test
says '^\{"destination":"plain\.mx\.test","status":"ok","ttl":300\}$' 'three keys'
ends 1 --json --zone "$zone" --fields=verdict nullmx.mx.test
says '^\{"verdict":\{"action":"bounce","code":556,.*\}\}$' 'one key'
ends 0 --json --zone "$zone" --fields unicode plain.mx.test
says '^\{\}$' 'a key that is not there'
run --json --zone "$zone" --seed 1 --record "$scratch/all" plain.mx.test
run --json --zone "$zone" --seed 1 --record "$scratch/few" --fields status \
	plain.mx.test
test "$(wc -l < "$scratch/few")" -lt "$(wc -l < "$scratch/all")"
good 'what is not printed is not asked for' $?

# --- how securely a host must be reached (R92, R95, R96)
run --zone "$zone" plain.mx.test
grep -q TLS "$out"
test $? = 1
good 'nothing is said of TLS to those who did not ask' $?
ends 0 --zone "$zone" --dane plain.mx.test
says '^         TLS if offered: .* \(no_security, RFC 7672 [0-9.]+\)$' \
	'a master file says nothing of DNSSEC'
ends 0 --zone "$zone" --tls-optional plain.mx.test
says ' \(tls_optional, RFC 8689 [0-9.]+\)$' 'TLS-Required: No'
ends 1 --zone "$zone" --requiretls plain.mx.test
says '^plain\.mx\.test: bounce 550 5\.7\.30 \(policy\)' 'REQUIRETLS'
says '^-    10  mx1\.mx\.test  .* \(not_located, RFC 8689 [0-9.]+\)$' \
	'whom nothing vouches for'
policy=$scratch/mta-sts.txt
printf 'version: STSv1\r\nmode: enforce\r\nmx: mx2.mx.test\r\n%s\r\n' \
	'max_age: 604800' > "$policy"
ends 0 --zone "$zone" --sts-policy "$policy" plain.mx.test
says '^         TLS, trusted certificate for mx2\.mx\.test: .* \(sts, RFC 8461' \
	'a host of the policy'
says '^-    10  mx1\.mx\.test  .* \(sts_mismatch, RFC 8461' 'and another'
ends 0 --zone "$zone" --sts-policy "$policy" --requiretls plain.mx.test
says '^         TLS, trusted certificate for mx2' 'the policy vouches for it'
ends 75 --zone "$zone" --sts-policy "$policy" chain3.mx.test
says 'defer 451 4\.7\.1 \(policy\)' 'a policy that lists no host'
ends 0 --zone "$zone" --sts-policy "$policy" '[192.0.2.1]'
says ' \(default, ' 'an address has no policy'
sed 's/enforce/testing/' "$policy" > "$scratch/testing"
ends 0 --zone "$zone" --sts-policy "$scratch/testing" plain.mx.test
says '^plain\.mx\.test: try 2 hosts' 'mode testing uses every host'
sed 's/604800/0/' "$policy" > "$scratch/never"
ends 0 --zone "$zone" --sts-policy "$scratch/never" plain.mx.test
says '^plain\.mx\.test: try 2 hosts' 'max_age 0 does not count'
ends 0 --zone "$zone" --sts-policy "$scratch/testing" --json \
	--fields tlsrpt,status plain.mx.test
says '^\{"status":"ok","tlsrpt":\[\{"host":"mx1\.mx\.test","address":"","policy":"sts","result":"validation-failure"\}\]\}$' \
	'what a TLS report says'
ends 0 --zone "$zone" --json --fields tlsrpt plain.mx.test
says '^\{\}$' 'and nothing where nobody asked'

# --- DANE, by a resolver whose AD bit counts or not (R90)
if command -v python3 > /dev/null; then
	mkfifo "$scratch/hold"
	python3 -B "$here/ad_server.py" "$top/tests/zones/dane.txt" \
		< "$scratch/hold" > "$scratch/port" 2> "$scratch/server" &
	exec 9> "$scratch/hold"
	tries=600
	while test ! -s "$scratch/port" && test $tries -gt 0; do
		sleep 0.1
		tries=$((tries - 1))
	done
	server=127.0.0.1@$(cat "$scratch/port")
	ends 0 --server "$server" --dane secure.test
	says '^secure\.test: try 6 hosts, 7 addresses' 'six hosts are left'
	says '^         TLS by DANE: .* \(tlsa, RFC 7672 [0-9.]+\)$' 'by DANE'
	says '^         _25\._tcp\.dane\.secure\.test TLSA 3 1 1 5dab0b1f[0-9a-f]{56}$' \
		'its record'
	says '^         _25\._tcp\.dane\.secure\.test TLSA 2 1 2 (5dab0b1f[0-9a-f]{56}){2}$' \
		'and another'
	grep -q 'TLSA 1 1 1' "$out"
	test $? = 1
	good 'no record that cannot be used' $?
	says '^         TLS, any certificate: .* \(unusable_tlsa, RFC 7672' \
		'none can be used'
	says '^         TLS if offered: .* \(no_tlsa, RFC 7672' 'there is none'
	says '^-    40  fail\.secure\.test .* \(tlsa_failed, RFC 7672' \
		'none is known'
	says '^-    50  192\.0\.2\.5 .* \(insecure_address, RFC 7672' \
		'an address without DNSSEC'
	ends 75 --server "$server" --dane alone.secure.test
	says 'defer 451 4\.7\.5 \(policy\)' 'mail waits for TLSA records'
	ends 0 --server "$server" alone.secure.test
	ends 75 --server "$server" --dane broken.test
	ends 0 --server "$server" --dane itself.secure.test
	says '^         TLS by DANE' 'the domain itself'
	ends 0 --server "$server" --no-trust-ad --dane itself.secure.test
	says ' \(no_security, ' 'AD from whom nobody trusts'
	says 'DNSSEC does not vouch for its addresses' 'what there is to say'
	warns 'somebody said so'
	ends 0 --server "$server" --server 192.0.2.1 --dane itself.secure.test
	says ' \(no_security, ' 'AD from a server elsewhere, perhaps'
	warns 'one of them is elsewhere'
	ends 0 explain --server "$server" --server 192.0.2.1 --dane \
		itself.secure.test
	warns 'explain, too'
	for quiet in '--no-trust-ad --dane --json' '--no-trust-ad --dane --quiet' \
			'explain --no-trust-ad --dane --dot' '--no-trust-ad' \
			'--trust-ad --dane' '--dane'; do
		ends 0 $quiet --server "$server" itself.secure.test
		test ! -s "$err"
		good "$quiet: not a word on stderr" $?
	done
	ends 0 --server "$server" --trust-ad --dane itself.secure.test
	says '^         TLS by DANE' 'AD from who is trusted'
	ends 0 --server "$server" --dane plain.test
	says '^         TLS by DANE' 'MX records without DNSSEC'
	ends 0 --server "$server" --dane --dane-insecure-mx encrypt plain.test
	says '^         TLS, any .* \(insecure_mx, RFC 7672' 'at least encrypted'
	ends 0 --server "$server" --dane --dane-insecure-mx may plain.test
	says '^         TLS if .* \(insecure_mx, RFC 7672' 'not looked at'
	ends 0 --server "$server" --requiretls secure.test
	ends 1 --server "$server" --requiretls plain.test
	printf 'secure.test\nalone.secure.test\nitself.secure.test\n' |
		"$mxsel" bulk --dane --seed 1 --server "$server" \
		--fields destination,hosts,rejected,tlsrpt > "$scratch/bulk"
	"$mxsel" --dane --seed 1 --server "$server" --json \
		--fields destination,hosts,rejected,tlsrpt secure.test \
		alone.secure.test itself.secure.test > "$out"
	cmp "$out" "$scratch/bulk" 2> "$err" && test "$(wc -l < "$out")" = 3
	good 'bulk --dane prints what plan --dane --json prints' $?
	echo itself.secure.test | "$mxsel" bulk --dane --no-trust-ad \
		--server "$server" --fields hosts > "$out" 2> "$err"
	says '"posture_reason":"no_security"' 'bulk --no-trust-ad'
	part cli_json.py python3 -B "$here/cli_json.py" "$mxsel" "$zone" \
		"$server"
	exec 9>&-
	wait
	test ! -s "$scratch/server"
	good 'the server has nothing to say' $?
else
	skip 'DANE and JSON, which want python3'
fi

# --- an attempt limit that is shared fairly (R38)
run --demo --seed 1 --max-attempts 3 equal.example
test "$(grep -c '^     10  [abc]\.equal\.example' "$out")" = 3
good 'every equal has an attempt' $?
says 'try 3 hosts, 3 addresses ' 'and none has two'
run --demo --max-attempts 2 --family v6first --json normal.example
says '"addresses":\["2001:db8:1::25","192\.0\.2\.25"\]' 'one of each family'

# --- bulk and lint are there
ends 0 bulk --demo
test ! -s "$out"
good 'no input, no output' $?
echo mixed.example | "$mxsel" bulk --demo --seed 1 > "$scratch/bulk"
"$mxsel" --json --demo --seed 1 mixed.example | cmp - "$scratch/bulk"
good 'bulk prints what plan --json prints' $?
ends 1 lint --demo --quiet mixed.example
ends 0 lint --demo --quiet normal.example

# --- internationalised names (R4), where this build knows them
cat > "$scratch/idn.zone" << 'END'
$ORIGIN example.
$TTL 3600
@ SOA ns hostmaster 1 7200 900 604800 300
@ NS ns
ns A 192.0.2.53
xn--bcher-kva MX 10 mx.xn--bcher-kva
mx.xn--bcher-kva A 192.0.2.1
END
umlaut=$(printf 'b\303\274cher.example')
run --zone "$scratch/idn.zone" --json "$umlaut"
if test $status = 0; then
	says '"domain":"xn--bcher-kva\.example","unicode":"b..?cher\.example",' \
		'A-labels, and what they mean'
	run --zone "$scratch/idn.zone" "$umlaut"
	says '-> xn--bcher-kva\.example: try 1 host' 'what is asked for'
	says "^         that is mx\.$umlaut\$" 'how a host is written'
	run --zone "$scratch/idn.zone" xn--bcher-kva.example
	says "^xn--bcher-kva\.example \($umlaut\): try" 'how it is written'
	run explain --zone "$scratch/idn.zone" "$umlaut"
	says "^$umlaut: domain xn--bcher-kva\.example  " 'the tree'
	says "10 mx\.xn--bcher-kva\.example \(mx\.$umlaut\) " 'and a host'
	ends 1 --zone "$scratch/idn.zone" "$(printf 'b\303\274--\302\255.x')"
else
	skip 'internationalised names'
	says '"status":"bad_destination"' 'refused without libidn2'
fi
run --zone "$scratch/idn.zone" --json ns.example
grep -q '"unicode"' "$out"
test $? = 1
good 'no key for what is written the same' $?

# --- the demo
ends 1 --demo
test "$(grep -c '^[^ -].*: \(try\|bounce\|defer\) ' "$out")" -ge 12
good 'the demo plans a dozen domains or more' $?
says 'this is ourselves' 'the demo shows a loop'
ends 0 --demo normal.example
ends 0 --demo --self other.example backup.example
says 'try 3 hosts' 'with --self the demo follows it'

# --- errors of output: 74 and a line
if test -c /dev/full; then
	for option in --json --color=never; do
		"$mxsel" $option --demo > /dev/full 2> "$err"
		test $? = 74 && grep -q '^mxsel: cannot write: ' "$err"
		good "a full disk is 74 ($option)" $?
	done
	"$mxsel" --help > /dev/full 2> "$err"
	test $? = 74
	good 'a full disk is 74 (--help)' $?
fi
{ sleep 0.2; "$mxsel" --json --demo 2> "$err"; echo $? > "$out"; } | true
grep -q '^74$' "$out" && grep -q '^mxsel: cannot write: ' "$err"
good 'a closed pipe is 74' $?
"$mxsel" --json --demo >&- 2> "$err"
test $? = 74
good 'a closed standard output is 74' $?
"$mxsel" --json --timeout 1 --server 127.0.0.1@1 plain.test >&- <&- 2> "$err"
test $? = 74
good 'a closed standard output is 74, and no socket in its place' $?

finish

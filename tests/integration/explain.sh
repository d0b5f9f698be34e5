#!/bin/sh
# explain.sh [BUILD]: mxsel explain as postmasters and scripts meet it: the
# tree of several domains line by line, JSON, DOT, colours, exit status (R78).
# Needs no network. BUILD as for nsd.sh. Ends with one line of totals.
set -u
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
zone=$top/tests/zones/mx.test.zone
. "$top/tests/support/trial.sh"
. "$top/tests/support/command.sh"
escape=$(printf '\033')

# usage WORDS ARGUMENT...
usage()
{
	words=$1
	shift
	ends 64 "$@"
	grep -qF -e "$words" "$err" && test ! -s "$out"
	good "mxsel $*: it says '$words'" $?
}

# --- R78: every decision, and everything that was dropped with its reason
reads 'two hosts and a backup that is ourselves' explain --demo --seed 1 'backup.example' << 'END'
backup.example                                               RFC 5321 4.1.2
|- MX of backup.example: 3 records, TTL 3600                 RFC 5321 5.1
|  |- ourselves at preference 20: only better ones are used  RFC 5321 5.1
|  |- 10 mx.backup.example                                   RFC 5321 5.1
|  |  |- AAAA: 1 record, TTL 3600                            RFC 5321 5.1
|  |  |- A: 1 record, TTL 3600                               RFC 5321 5.1
|  |  |- 2001:db8:6::1                                       RFC 5321 5.1
|  |  `- 192.0.2.61                                          RFC 5321 5.1
|  |- x 20 mx.here.example: this is ourselves                RFC 5321 5.1
|  `- x 30 last.backup.example: no better than ourselves     RFC 5321 5.1
`- try 1 host, 2 addresses (by MX), TTL 3600                 RFC 5321 5.1
   `- if none can be reached: defer 451 4.4.1                RFC 5321 4.5.4.1
END
reads 'an alias of the domain stands above its hosts' explain --demo --seed 1 'postmaster@alias.example' << 'END'
postmaster@alias.example: domain alias.example  RFC 5321 4.1.2
|- MX of alias.example: 2 records, TTL 3600     RFC 5321 5.1
|  `- alias of normal.example                   RFC 5321 5.1
|     |- 10 mx1.normal.example                  RFC 5321 5.1
|     |  |- AAAA: 1 record, TTL 3600            RFC 5321 5.1
|     |  |- A: 1 record, TTL 3600               RFC 5321 5.1
|     |  |- 2001:db8:1::25                      RFC 5321 5.1
|     |  `- 192.0.2.25                          RFC 5321 5.1
|     `- 20 mx2.normal.example                  RFC 5321 5.1
|        |- AAAA: no such record, TTL 300       RFC 5321 5.1
|        |- A: 1 record, TTL 3600               RFC 5321 5.1
|        `- 198.51.100.25                       RFC 5321 5.1
`- try 2 hosts, 3 addresses (by MX), TTL 300    RFC 5321 5.1
   `- if none can be reached: defer 451 4.4.1   RFC 5321 4.5.4.1
END
reads 'an alias of an exchange stands below it' explain --demo --seed 1 'mx-alias.example' << 'END'
mx-alias.example                               RFC 5321 4.1.2
|- MX of mx-alias.example: 1 record, TTL 3600  RFC 5321 5.1
|  `- 10 mail.mx-alias.example                 RFC 5321 5.1
|     |- AAAA: 1 record, TTL 3600              RFC 5321 5.1
|     |- A: 1 record, TTL 3600                 RFC 5321 5.1
|     |- alias of mx1.normal.example           RFC 5321 5.1
|     |- 2001:db8:1::25                        RFC 5321 5.1
|     `- 192.0.2.25                            RFC 5321 5.1
`- try 1 host, 2 addresses (by MX), TTL 3600   RFC 5321 5.1
   `- if none can be reached: defer 451 4.4.1  RFC 5321 4.5.4.1
END
reads 'hosts without use keep their place, with the reason' explain --demo --seed 1 'partly.example' << 'END'
partly.example                                  RFC 5321 4.1.2
|- MX of partly.example: 3 records, TTL 3600    RFC 5321 5.1
|  |- x 10 gone.partly.example: does not exist  RFC 2308 2.1
|  |  |- AAAA: no such name, TTL 300            RFC 5321 5.1
|  |  `- A: no such name, TTL 300               RFC 5321 5.1
|  |- x 20 inside.partly.example: none of its addresses is used  RFC 5321 5.1
|  |  |- AAAA: no such record, TTL 300          RFC 5321 5.1
|  |  |- A: 1 record, TTL 3600                  RFC 5321 5.1
|  |  `- x 127.0.0.1: loopback address          RFC 6890 2.2
|  `- 20 mx.partly.example                      RFC 5321 5.1
|     |- AAAA: no such record, TTL 300          RFC 5321 5.1
|     |- A: 1 record, TTL 3600                  RFC 5321 5.1
|     `- 192.0.2.51                             RFC 5321 5.1
`- try 1 host, 1 address (by MX), TTL 300       RFC 5321 5.1
   `- if none can be reached: defer 451 4.4.1   RFC 5321 4.5.4.1
END
reads 'no MX record: the domain itself' explain --demo --seed 1 'implicit.example' << 'END'
implicit.example                                    RFC 5321 4.1.2
|- MX of implicit.example: no such record, TTL 300  RFC 5321 5.1
|  |- no MX record: the domain's own addresses      RFC 5321 5.1
|  `- implicit.example                              RFC 5321 5.1
|     |- AAAA: 1 record, TTL 3600                   RFC 5321 5.1
|     |- A: 1 record, TTL 3600                      RFC 5321 5.1
|     |- 2001:db8:3::1                              RFC 5321 5.1
|     `- 192.0.2.31                                 RFC 5321 5.1
`- try 1 host, 2 addresses (no MX: the domain itself), TTL 300  RFC 5321 5.1
   `- if none can be reached: defer 451 4.4.1       RFC 5321 4.5.4.1
END
reads 'a null MX' explain --demo --seed 1 'nomail.example' << 'END'
nomail.example                               RFC 5321 4.1.2
|- MX of nomail.example: 1 record, TTL 3600  RFC 5321 5.1
|  `- null MX: the domain takes no mail      RFC 7505 3
`- bounce 556 5.1.10 (null_mx), TTL 3600     RFC 7505 3
   `- The domain nomail.example does not accept mail (null MX).
END
reads 'we are the best host' explain --demo --seed 1 'loop.example' << 'END'
loop.example                                                 RFC 5321 4.1.2
|- MX of loop.example: 2 records, TTL 3600                   RFC 5321 5.1
|  |- ourselves at preference 10: only better ones are used  RFC 5321 5.1
|  |- x 10 mx.here.example: this is ourselves                RFC 5321 5.1
|  `- x 20 mx.backup.example: no better than ourselves       RFC 5321 5.1
`- bounce 550 5.4.6 (loop), TTL 3600                         RFC 5321 5.1
   `- Mail for loop.example would come back to this server.
END
reads 'addresses that are refused' explain --demo --seed 1 'filtered.example' << 'END'
filtered.example                               RFC 5321 4.1.2
|- MX of filtered.example: 1 record, TTL 3600  RFC 5321 5.1
|  `- x 10 mx.filtered.example: none of its addresses is used  RFC 5321 5.1
|     |- AAAA: 1 record, TTL 3600              RFC 5321 5.1
|     |- A: 1 record, TTL 3600                 RFC 5321 5.1
|     |- x ::ffff:127.0.0.2: loopback address  RFC 6890 2.2
|     `- x 127.0.0.1: loopback address         RFC 6890 2.2
`- bounce 550 5.7.1 (filtered), TTL 3600       local policy
   `- All mail servers of filtered.example are refused here.
END
reads 'a root among other exchanges' explain --demo --seed 1 'mixed.example' << 'END'
mixed.example                                   RFC 5321 4.1.2
|- MX of mixed.example: 2 records, TTL 3600     RFC 5321 5.1
|  |- x 0 .: "no mail" beside other exchangers  RFC 7505 3
|  `- 10 mx1.normal.example                     RFC 5321 5.1
|     |- AAAA: 1 record, TTL 3600               RFC 5321 5.1
|     |- A: 1 record, TTL 3600                  RFC 5321 5.1
|     |- 2001:db8:1::25                         RFC 5321 5.1
|     `- 192.0.2.25                             RFC 5321 5.1
`- try 1 host, 2 addresses (by MX), TTL 3600    RFC 5321 5.1
   `- if none can be reached: defer 451 4.4.1   RFC 5321 4.5.4.1
END
reads 'a domain that does not exist' explain --demo --seed 1 'no-such-domain.example' << 'END'
no-such-domain.example                                  RFC 5321 4.1.2
|- MX of no-such-domain.example: no such name, TTL 300  RFC 5321 5.1
`- bounce 550 5.1.2 (no_domain), TTL 300                RFC 5321 5.1
   `- The domain no-such-domain.example does not exist.
END
reads 'an address literal' explain --demo --seed 1 '[192.0.2.1]' << 'END'
[192.0.2.1]: an address, no question is asked  RFC 5321 4.1.2
|- 192.0.2.1                                   RFC 5321 5.1
`- try 1 host, 1 address (address literal)     RFC 5321 5.1
   `- if none can be reached: defer 451 4.4.1  RFC 5321 4.5.4.1
END

# --- how securely each host must be reached (R92, R96)
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
	reads 'every outcome of DANE' explain --seed 1 --dane --server "$server" \
		secure.test << 'END'
secure.test                                                   RFC 5321 4.1.2
|- MX of secure.test: 8 records, TTL 3600                     RFC 5321 5.1
|  |- 10 dane.secure.test                                     RFC 5321 5.1
|  |  |- AAAA: 1 record, TTL 3600                             RFC 5321 5.1
|  |  |- A: 1 record, TTL 3600                                RFC 5321 5.1
|  |  |- TLSA of _25._tcp.dane.secure.test: 3 records, TTL 3600  RFC 7672 2.2.3
|  |  |- DANE: 2 TLSA records of dane.secure.test             RFC 7672 2.2
|  |  |  |- 3 1 1 5dab0b1f9f2d6c9d...                         RFC 6698 2.1
|  |  |  `- 2 1 2 5dab0b1f9f2d6c9d...                         RFC 6698 2.1
|  |  |- TLS by DANE: its TLSA records                        RFC 7672 2.2
|  |  |- 2001:db8::1                                          RFC 5321 5.1
|  |  `- 192.0.2.1                                            RFC 5321 5.1
|  |- 20 none.secure.test                                     RFC 5321 5.1
|  |  |- AAAA: no such record, TTL 300                        RFC 5321 5.1
|  |  |- A: 1 record, TTL 3600                                RFC 5321 5.1
|  |  |- TLSA of _25._tcp.none.secure.test: no such name, TTL 300  RFC 7672 2.2.3
|  |  |- DANE: not for this host                              RFC 7672 2.2
|  |  |- TLS if offered: it has no TLSA records               RFC 7672 2.2
|  |  `- 192.0.2.2                                            RFC 5321 5.1
|  |- 30 host.plain.test                                      RFC 5321 5.1
|  |  |- AAAA: no such record, TTL 300                        RFC 5321 5.1
|  |  |- A: 1 record, TTL 3600                                RFC 5321 5.1
|  |  |- DANE: not for this host                              RFC 7672 2.2
|  |  |- TLS if offered: DNSSEC does not vouch for its addresses  RFC 7672 2.2.2
|  |  `- 192.0.2.3                                            RFC 5321 5.1
|  |- x 40 fail.secure.test: no answer about its TLSA records for now  RFC 7672 2.1
|  |  |- AAAA: no such record, TTL 300                        RFC 5321 5.1
|  |  |- A: 1 record, TTL 3600                                RFC 5321 5.1
|  |  |- TLSA of _25._tcp.fail.secure.test: no answer for now (SERVFAIL)  RFC 7672 2.2.3
|  |  |- DANE: whether there are TLSA records is not known now  RFC 7672 2.2
|  |  `- x 192.0.2.4: no answer about its TLSA records for now  RFC 7672 2.1
|  |- 50 half.secure.test                                     RFC 5321 5.1
|  |  |- AAAA: 1 record, TTL 3600                             RFC 5321 5.1
|  |  |- A: 1 record, TTL 3600                                RFC 5321 5.1
|  |  |- TLSA of _25._tcp.half.secure.test: 1 record, TTL 3600  RFC 7672 2.2.3
|  |  |  `- alias of _dane.secure.test                        RFC 5321 5.1
|  |  |- DANE: 1 TLSA record of half.secure.test              RFC 7672 2.2
|  |  |  `- 3 1 1 5dab0b1f9f2d6c9d...                         RFC 6698 2.1
|  |  |- TLS by DANE: its TLSA records                        RFC 7672 2.2
|  |  |- 2001:db8::5                                          RFC 5321 5.1
|  |  `- x 192.0.2.5: not secured by DNSSEC, but the host is  RFC 7672 2.2.2
|  |- 60 pkix.secure.test                                     RFC 5321 5.1
|  |  |- AAAA: no such record, TTL 300                        RFC 5321 5.1
|  |  |- A: 1 record, TTL 3600                                RFC 5321 5.1
|  |  |- TLSA of _25._tcp.pkix.secure.test: 1 record, TTL 3600  RFC 7672 2.2.3
|  |  |- DANE: TLSA records, but none that can be used, of pkix.secure.test  RFC 7672 2.2
|  |  |- TLS, any certificate: none of its TLSA records can be used  RFC 7672 2.2
|  |  `- 192.0.2.6                                            RFC 5321 5.1
|  |- 70 alias.secure.test                                    RFC 5321 5.1
|  |  |- AAAA: no such record, TTL 300                        RFC 5321 5.1
|  |  |- A: 1 record, TTL 3600                                RFC 5321 5.1
|  |  |- alias of web.plain.test                              RFC 5321 5.1
|  |  |- CNAME: 1 record, TTL 3600                            RFC 7672 2.2.2
|  |  |- TLSA of _25._tcp.alias.secure.test: 1 record, TTL 3600  RFC 7672 2.2.3
|  |  |- DANE: 1 TLSA record of alias.secure.test             RFC 7672 2.2
|  |  |  `- 3 1 1 5dab0b1f9f2d6c9d...                         RFC 6698 2.1
|  |  |- TLS by DANE: its TLSA records                        RFC 7672 2.2
|  |  `- 192.0.2.7                                            RFC 5321 5.1
|  `- x 80 host.broken.test: no DNS answer for now            RFC 5321 5.1
|     |- AAAA: no answer for now (SERVFAIL)                   RFC 5321 5.1
|     `- A: no answer for now (SERVFAIL)                      RFC 5321 5.1
`- try 6 hosts, 7 addresses (by MX), TTL 5                    RFC 5321 5.1
   `- if none can be reached: defer 451 4.4.1                 RFC 5321 4.5.4.1
END
	reads 'no host whose TLSA records are known' explain --dane \
		--server "$server" alone.secure.test << 'END'
alone.secure.test                               RFC 5321 4.1.2
|- MX of alone.secure.test: 1 record, TTL 3600  RFC 5321 5.1
|  `- x 10 fail.secure.test: no answer about its TLSA records for now  RFC 7672 2.1
|     |- AAAA: no such record, TTL 300          RFC 5321 5.1
|     |- A: 1 record, TTL 3600                  RFC 5321 5.1
|     |- TLSA of _25._tcp.fail.secure.test: no answer for now (SERVFAIL)  RFC 7672 2.2.3
|     |- DANE: whether there are TLSA records is not known now  RFC 7672 2.2
|     `- x 192.0.2.4: no answer about its TLSA records for now  RFC 7672 2.1
`- defer 451 4.7.5 (policy), TTL 5              RFC 7672 2.1
   `- The TLSA records of the mail servers of alone.secure.test cannot be looked up at present.
END
	reads 'MX records without DNSSEC' explain --dane --dane-insecure-mx may \
		--server "$server" plain.test << 'END'
plain.test                                             RFC 5321 4.1.2
|- MX of plain.test: 1 record, TTL 3600                RFC 5321 5.1
|  `- 10 dane.secure.test                              RFC 5321 5.1
|     |- AAAA: 1 record, TTL 3600                      RFC 5321 5.1
|     |- A: 1 record, TTL 3600                         RFC 5321 5.1
|     |- TLS if offered: no DNSSEC for the MX records  RFC 7672 2.2.1
|     |- 2001:db8::1                                   RFC 5321 5.1
|     `- 192.0.2.1                                     RFC 5321 5.1
`- try 1 host, 2 addresses (by MX), TTL 3600           RFC 5321 5.1
   `- if none can be reached: defer 451 4.4.1          RFC 5321 4.5.4.1
END
	run explain --server "$server" secure.test
	grep -qE 'TLS|DANE' "$out"
	test $? = 1
	good 'nothing of it for those who did not ask' $?
	run explain --dot --dane --server "$server" secure.test
	says '\[label="dane\.secure\.test\\nTLS by DANE"\];$' 'in the graph'
	says '\[label="fail\.secure\.test\\nno answer about .*", style=dashed' \
		'and who is passed over'
	grep -q '_dane' "$out"
	test $? = 1
	good 'no box for the alias of a TLSA record' $?
	run explain --json --dane --server "$server" secure.test
	says '"event":"tlsa","subject":"dane\.secure\.test","detail":"records 2 at dane\.secure\.test","rule":"RFC 7672' \
		'R78 the events'
	says '"event":"posture","subject":"pkix\.secure\.test","detail":"encrypt, unusable_tlsa","rule":"RFC 7672' \
		'R78 of both kinds'
	run explain --dane --server "$server" --record "$scratch/record" \
		secure.test
	cp "$out" "$want"
	run explain --dane --replay "$scratch/record" secure.test
	cmp -s "$want" "$out"
	good 'R79 a record tells of DANE' $?
	exec 9>&-
	wait
else
	skip 'DANE, which wants python3'
fi
printf 'version: STSv1\nmode: enforce\nmx: mx2.mx.test\nmax_age: 604800\n' \
	> "$scratch/policy"
run explain --zone "$zone" --sts-policy "$scratch/policy" plain.mx.test
says '^\|  \|- x 10 mx1\.mx\.test: not in the MTA-STS policy +RFC 8461' \
	'R95 a host that the policy does not list'
says '^\|     \|- TLS, trusted certificate: MTA-STS, mode enforce +RFC 8461' \
	'R95 and one that it lists'
run explain --zone "$zone" --requiretls plain.mx.test
says '^\|  \|- x 10 mx1\.mx\.test: neither DNSSEC nor MTA-STS names it +RFC 8689' \
	'R96 REQUIRETLS'

run explain --zone "$zone" x.invalid
says '^x\.invalid +RFC 5321' 'a name that is never asked for'
run explain --demo --max-hosts 2 --seed 1 equal.example
says '^\|  `- x 10 [abc]\.equal\.example: beyond a limit +local limit$' \
	'a host beyond a limit'
says '^\|- a limit cut something off: not all is tried +local limit$' \
	'a limit is told'
run explain --demo --self 192.0.2.99 --seed 1 partly.example
says '^\|  `- x 20 127\.0\.0\.1: loopback address +RFC 6890 2\.2$' \
	'a refused address of hosts judged together'
run explain --demo '[mx1.normal.example]:26'
says '^\[mx1\.normal\.example\]:26: a host, whatever its MX ' 'a host'
says ', port 26, TTL 3600 ' 'another port'
run explain --zone "$zone" chain12.mx.test
says '^\|- MX of chain12\.mx\.test: too many aliases ' 'a chain'
run explain --zone "$zone" aliasaway.mx.test
says '^\|- MX of aliasaway\.mx\.test: only an alias, TTL' 'an alias away'
says '^\|     `- MX of plain\.elsewhere\.example: no answer for now \(REFUSED\)' \
	'the question at the end of the alias'
says '^   `- The mail servers of plain\.elsewhere\.example cannot' 'a sentence'
run explain --demo equal.example nomail.example
test "$(grep -c '^$' "$out")" = 1
good 'an empty line between two trees' $?

# --- more decisions than are kept: said, and the plan is whole all the same
{
	printf '$ORIGIN big.test.\n$TTL 60\n@ SOA ns h 1 2 3 4 5\n@ NS ns\n'
	echo 'ns A 192.0.2.53'
	i=0
	while test $i -lt 100; do
		echo "@ MX $i m$i"
		echo "m$i A 192.0.2.$((i + 100))"
		i=$((i + 1))
	done
} > "$scratch/big.zone"
run explain --zone "$scratch/big.zone" --max-hosts 0 --max-queries 0 \
	--max-addresses 0 big.test
says '^\|- \(there were more decisions than are kept\)$' 'a trace cut short'
says '^`- try 100 hosts, 100 addresses \(by MX\), TTL ' 'and the plan'

# --- exit status as for plan
for domain in normal.example nomail.example no-such-domain.example; do
	run --demo --quiet $domain
	ends $status explain --demo --quiet $domain
	test ! -s "$out"
	good '--quiet says nothing' $?
	ends $status explain --demo --json $domain
	ends $status explain --demo --dot $domain
	ends $status explain --demo $domain
done
ends 75 explain --zone "$zone" self.mx.test nullmx.mx.test plain.mx.test
ends 75 --zone "$zone" -- explain
ends 75 plan --zone "$zone" explain
usage 'no destination is given' explain
usage "goes with 'mxsel explain'" --dot --demo
usage "goes with 'mxsel explain'" lint --dot a.test
usage 'only one of --dot and --json' explain --dot --json --demo
usage '--dot goes with' memory --dot a.test
ends 0 explain --help
ends 0 -h

# --- R79: a record, and the same without the DNS
for domain in equal.example backup.example nomail.example \
		no-such-domain.example postmaster@alias.example; do
	for option in '' --json --dot; do
		run explain $option --demo --record "$scratch/record" $domain
		kept=$status
		cp "$out" "$want"
		run explain $option --self mx.here.example \
			--replay "$scratch/record" $domain
		test $status = $kept && cmp -s "$want" "$out"
		good "$domain $option replays" $?
	done
	run plan --demo --record "$scratch/record" $domain
	cp "$out" "$want"
	run --self mx.here.example --replay "$scratch/record" $domain
	cmp -s "$want" "$out"
	good "the plan of $domain replays" $?
	test -s "$scratch/record" && ! grep -qv '^[ -~]*$' "$scratch/record"
	good 'a record is a text' $?
done
usage 'only one of' --demo --replay "$scratch/record" x.test
usage '--record' --demo --record "$scratch/record" a.test b.test
usage 'another destination' --replay "$scratch/record" other.example
usage '--record and --replay go with' lint --demo --record "$scratch/record" \
	x.test
ends 66 --replay "$scratch/none" x.test
ends 65 --replay "$zone" x.test
ends 73 --demo --record "$scratch/no/where" normal.example
if test -c /dev/full; then
	ends 74 --demo --record /dev/full normal.example
fi

# --- lines: by the locale's character set, and never beyond a terminal
run explain --demo
LC_ALL=C grep -q "$(printf '[\200-\377]')" "$out"
test $? = 1
good 'ASCII lines in the C locale' $?
awk 'length($0) > 80 { exit 1 }' "$out"
good 'the demo fits 80 columns' $?
for locale in C.UTF-8 en_US.UTF-8 C.utf8; do
	test "$(LC_ALL=$locale locale charmap 2> /dev/null)" = UTF-8 || continue
	LC_ALL=$locale "$mxsel" explain --demo nomail.example > "$out"
	grep -q "^$(printf '\342\224\224\342\224\200') bounce 556" "$out"
	good "lines of UTF-8 in $locale" $?
	LC_ALL=$locale "$mxsel" explain --demo backup.example > "$out"
	says "$(printf '\342\234\227') 20 mx\.here\.example: " 'and its cross'
	break
done
test "$locale" != C.utf8 || skip 'no locale with UTF-8'

# --- colours
run explain --color always --demo backup.example
says "^$escape\[1mbackup\.example$escape\[0m" 'the destination is bold'
says "$escape\[2mx 20 mx\.here\.example: this is ourselves$escape\[0m" \
	'what is dropped is grey'
says "$escape\[32mtry 1 host" 'something to try is green'
sed "s/$escape\[[0-9]*m//g" "$out" > "$scratch/plain"
run explain --demo backup.example
cmp -s "$scratch/plain" "$out"
good 'colours change nothing else' $?
grep -q "$escape" "$out"
test $? = 1
good 'no colour into a file' $?
run explain --color always --demo nomail.example
says "$escape\[31mbounce 556" 'a bounce is red'
if script -qec true /dev/null > /dev/null 2>&1 < /dev/null; then
	for setting in TERM=xterm NO_COLOR=1 TERM=dumb; do
		env $setting script -qec "'$mxsel' explain --demo" \
			/dev/null < /dev/null > "$out" 2> "$err"
		grep -q "$escape" "$out"
		case $setting:$? in
		TERM=xterm:0 | NO_COLOR=1:1 | TERM=dumb:1) good terminal 0 ;;
		*) good "colour on a terminal with $setting" 1 ;;
		esac
	done
else
	skip script
fi

# --- errors of output
if test -c /dev/full; then
	for option in --json --dot --color=never; do
		"$mxsel" explain $option --demo > /dev/full 2> "$err"
		test $? = 74 && grep -q '^mxsel: cannot write: ' "$err"
		good "a full disk is 74 ($option)" $?
	done
fi

# --- DOT
run explain --dot --demo backup.example
says '^digraph "backup\.example" \{$' 'a graph'
says '\[label="mx\.here\.example\\nthis is ourselves", style=dashed,' 'dropped'
says '^	n0 -> n[0-9]+ \[label="10"\];$' 'the preference at the edge'
run explain --dot --demo mx-alias.example
says '^	n[0-9]+ -> n[0-9]+ \[label="alias"\];$' 'an alias'
run explain --dot --demo implicit.example
says '^	n0 -> n[0-9]+ \[label="no MX"\];$' 'the domain itself'
if command -v dot > /dev/null; then
	{
		"$mxsel" explain --dot --demo
		"$mxsel" explain --dot --zone "$zone" -- 'a"]; b->c [label="' \
			'\' '\N' '"' '&lt;' '&' "$(printf '\303\251\377\033')"
	} > "$scratch/graphs"
	dot -Tsvg "$scratch/graphs" > "$out" 2> "$err" && test ! -s "$err"
	good 'dot reads every graph' $?
	grep -q '<svg' "$out"
	good 'dot draws them' $?
else
	skip dot
fi

# --- JSON, and DOT again without Graphviz
if command -v python3 > /dev/null; then
	part explain_output.py python3 "$here/explain_output.py" "$mxsel" \
		"$zone"
else
	skip python3
fi

finish

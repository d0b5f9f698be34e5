#!/bin/sh
# memory.sh [BUILD]: the memory of hosts in the mxsel command (R85): what
# `mxsel memory` shows of a file and how it edits it, plans that are ordered by
# one, with and without, why (mxsel explain), and their records. BUILD as for
# nsd.sh. Ends with one line of totals.
set -u
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
. "$top/tests/support/trial.sh"
. "$top/tests/support/command.sh"
. "$top/tests/support/memory.sh"
file=$scratch/hosts empty=$scratch/empty

command -v python3 > /dev/null || { echo 'skipped: python3'; exit 77; }

remember < /dev/null > "$empty"
remember > "$file" << 'END'
address 192.0.2.3 25 score=310 age=51000 last=timeout
host a.memory.test 25 score=2500 age=12000 last=refused,timeout,delivered works=4 doubt=6
host c.memory.test 25 age=150000 last=rcpt,delivered code=451 again=192.0.2.3
address 2001:db8::1 25 age=3000000 last=delivered
host a.memory.test 2525 score=1000 age=0 last=lost
host e.memory.test 25 age=90000000 last=data code=550 turn=6 doubt=46
END

# --- what is shown, the worst first
reads 'a file as a page' memory "$file" << 'END'
a.memory.test: behind its equals for about 40 s more
         score 2.500; refused 12 s ago; before that timeout, delivered
         IPv4 worked last; rejected by policy over IPv6
a.memory.test, port 2525: behind its equals for about 1 s more
         score 1.000; lost 0 s ago
192.0.2.3: recovering: behind 31 times of 100, well in about 70 s
         score 0.310; timeout 51 s ago
c.memory.test: well
         rcpt 451 2 min ago; before that delivered
         asked to come again at 192.0.2.3
e.memory.test: well
         data 550 25 h ago
         rejected by policy over IPv4 and IPv6; IPv6 goes first next time
2001:db8::1: well
         delivered 50 min ago
END
test ! -s "$err"
good 'and nothing is wrong' $?
reads 'an object a line' memory --json "$file" c.memory.test << 'END'
{"kind":"host","name":"c.memory.test","port":25,"standing":"well","left":0,"score":0,"age":150000,"outcomes":["rcpt","delivered"],"code":451,"works":0,"turn":0,"doubt":[],"again":"192.0.2.3"}
END
part 'memory_json.py' python3 -B "$here/memory_json.py" "$mxsel" "$file"
ends 0 memory "$file" --color always
says '^.\[1ma.memory.test.\[0m: .\[33mbehind its equals.\[0m for' colours
ends 0 memory "$file" --quiet
test ! -s "$out"
good '--quiet shows nothing' $?
reads 'nobody was tried yet' memory "$empty" << 'END'
nothing is known
END
ends 1 memory --json "$empty"
test ! -s "$out" && test ! -s "$err"
good 'and no object, nor a word' $?
echo 'host f.memory.test 25' | remember > "$scratch/bare"
for name in '' f.memory.test; do
	ends 1 memory "$scratch/bare" $name
	says '^f.memory.test: nothing is known$' 'an entry that tells nothing'
done
ends 0 memory "$scratch/bare" --forget f.memory.test

# --- names: as they are written, at every port or at one
ends 0 memory "$file" A.Memory.TEST
test "$(grep -c '^a.memory.test' "$out")" = 2 && lacks '^[^a ]' 'nobody else'
good 'a host at both ports, in any case' $?
ends 0 memory "$file" 2001:DB8:0::1
says '^2001:db8::1: well$' 'an address is found however it is written'
ends 0 memory "$file" --port 2525
test "$(grep -c '^[^ ]' "$out")" = 1
good 'only that port' $?
ends 0 memory --port=25 "$file" a.memory.test
lacks 2525 'and with a name'
ends 1 memory "$file" a.memory.test b.memory.test
says '^b.memory.test: nothing is known$' 'who was not tried is said'
ends 1 memory --quiet "$file" b.memory.test
refuses 64 'neither a host name nor' memory "$file" 'a b'
refuses 64 'neither a host name nor' memory "$file" "$(printf '%0300d' 0)x"

# --- files that are none
refuses 66 'No such file' memory "$scratch/none"
refuses 66 'Is a directory' memory "$scratch"
refuses 66 'No such file' --memory "$scratch/none" --demo
remember > "$scratch/bad" << 'END'
host a.memory.test 25 score=4001
END
refuses 65 'line 2 of this file of a memory is no entry' memory "$scratch/bad"
refuses 65 'line 2 of this' --memory "$scratch/bad" --demo
refuses 65 'line 2 of this' memory "$scratch/bad" --forget-all
for text in '' 'mxsel-memory 2 1000' 'mxsel-memory 1' 'mxsel-memory 1 01' \
	'mxsel-memory 1 18446744073709551616' 'mxsel-memory 1 1 ' '# hosts' \
	'host a 25'; do
	printf '%s\n' "$text" > "$scratch/bad"
	refuses 65 "line 1 is not 'mxsel-memory 1 TIME'" memory "$scratch/bad"
done
: > "$scratch/bad"
refuses 65 'line 1 is not' memory "$scratch/bad"
printf 'mxsel-memory 1 1000' > "$scratch/bad"
refuses 65 'line 1 is not' memory "$scratch/bad"
echo 'mxsel-memory 1 18446744073709551615' > "$scratch/bad"
printf 'host a.memory.test 25 score=1' >> "$scratch/bad"
refuses 65 'line 2 of this file of a memory has no end; mend' memory \
	"$scratch/bad"
{
	cat "$file"
	printf '\n# by hand\n'
} > "$scratch/bad"
ends 0 memory "$scratch/bad" e.memory.test
test ! -s "$err"
good 'empty lines and remarks are no harm' $?
echo 'host b.memory.test 25 last=never' >> "$scratch/bad"
cat "$empty" >> "$scratch/bad"
refuses 65 'line 10 of this file' memory "$scratch/bad"
refuses 65 'line 10 of this file' explain --memory "$scratch/bad" --demo
head -c 70000 /dev/zero > "$scratch/bad"
refuses 65 'no file of a memory' memory "$scratch/bad"
dd if=/dev/zero of="$scratch/large" bs=1 count=0 seek=67108865 2> "$err"
refuses 66 'has 64 MiB at most; have the mail server keep less' memory \
	"$scratch/large"
refuses 66 'has 64 MiB at most' --memory "$scratch/large" --demo
rm -f "$scratch/large"
refuses 65 'no file of a memory' memory /dev/zero
if test "$(id -u)" != 0; then
	chmod 0 "$scratch/bad"
	refuses 66 'Permission denied' memory "$scratch/bad"
	refuses 66 'Permission denied' --memory "$scratch/bad" --demo
else
	skip 'who is root may read everything'
fi

# --- files of which nothing is known any more: too old, or of another clock
entry='host a.memory.test 25 score=2500 last=refused'
for time in 0 123456 "$(($(date +%s) - 2592060))000"; do
	printf 'mxsel-memory 1 %s\n%s\n%s\n' "$time" "$entry" \
		'host b.memory.test 25 age=7 last=lost' > "$scratch/stale"
	for known in '' a.memory.test; do
		ends 1 memory "$scratch/stale" $known
		says 'nothing is known$' 'as of an empty one'
		test "$(wc -l < "$err")" = 1 && grep -q \
			"^mxsel: memory '.*': all 2 entries are too old: .*; " \
			"$err"
		good "but a line says what there was in one of $time" $?
	done
done
ends 0 --memory "$scratch/stale" --zone "$zone" three.memory.test
test "$(wc -l < "$err")" = 1 && grep -q \
	"^mxsel: --memory '.*': all 2 entries are too old: .* time of day$" \
	"$err"
good 'and a plan is made without them' $?
for command in memory '--demo --memory'; do
	run --quiet $command "$scratch/stale"
	test ! -s "$err"
	good 'but not with --quiet' $?
done
sed -i.was 3d "$scratch/stale"
ends 0 memory "$scratch/stale" --forget a.memory.test
grep -q ': the 1 entry is too old: ' "$err"
good 'of one also, and when it is to be forgotten' $?
reads 'all is all: another clock may know them' memory \
	"$scratch/stale" --forget-all << 'END'
the whole file: forgotten (1 entry)
END
test "$(wc -l < "$scratch/stale")" = 1
good 'then the file is one of nothing' $?
printf 'mxsel-memory 1 %s000\n%s\n' "$(($(date +%s) - 2591000))" "$entry" \
	> "$scratch/stale"
ends 0 memory "$scratch/stale" a.memory.test
says '^         refused 29 d ago$' 'what is not too old is known'
test ! -s "$err"
good 'and nothing is wrong' $?

# --- forgetting: the file is another one when it is whole, or stays
cp "$file" "$scratch/edit"
chmod 640 "$scratch/edit"
reads 'at every port' memory "$scratch/edit" --forget A.memory.test \
	--forget=192.0.2.3 --forget b.memory.test << 'END'
A.memory.test: forgotten (2 entries)
192.0.2.3: forgotten (1 entry)
b.memory.test: nothing was known
END
test "$(stat -c %a "$scratch/edit" 2> /dev/null || echo 640)" = 640
good 'the mode of the file is kept' $?
grep -v '^mxsel-memory\|a\.memory\|^address 192' "$file" | sort > "$want"
sed 1d "$scratch/edit" | sed 's/ age=[0-9]*//' | sort > "$out"
sed -i.was 's/ age=[0-9]*//' "$want"
cmp "$want" "$out"
good 'the others stay as they were' $?
ls -i "$scratch/edit" > "$scratch/number"
reads 'as objects' memory --json "$scratch/edit" --forget a.memory.test \
	<< 'END'
{"name":"a.memory.test","forgotten":0}
END
ls -i "$scratch/edit" | cmp -s - "$scratch/number"
good 'nothing to forget: the file is not written' $?
cp "$scratch/edit" "$want"
refuses 64 'neither a host name nor' memory "$scratch/edit" \
	--forget c.memory.test --forget 'a b'
cmp "$scratch/edit" "$want" > "$out"
good 'one bad name: nothing is forgotten' $?
(ulimit -f 0 && exec "$mxsel" memory "$scratch/edit" --forget-all 2>&1) | \
	cat > "$out"
cmp -s "$scratch/edit" "$want" && test "$(wc -l < "$out")" = 1 &&
	grep -q "^mxsel: memory '.*': File too large; " "$out"
good 'a file that cannot be written stays, and that is said' $?
test "$(ls "$scratch" | grep -c '^edit\|^\.edit')" = 1
good 'and nothing lies beside it' $?
ends 0 memory "$scratch/edit" --forget e.memory.test --quiet
test ! -s "$out" && ! grep -q e.memory "$scratch/edit"
good '--quiet says nothing, and forgets' $?
reads 'all of it' memory "$scratch/edit" --forget-all << 'END'
the whole file: forgotten (2 entries)
END
test "$(wc -l < "$scratch/edit")" = 1 && grep -q '^mxsel-memory 1 [0-9]*$' \
	"$scratch/edit"
good 'a file of nothing' $?
reads 'and of nothing, nothing' memory "$scratch/edit" --forget-all --json \
	<< 'END'
{"name":"","forgotten":0}
END
awk -v now="$(date +%s)000" 'BEGIN { print "mxsel-memory 1", now; for (i = 0; i < 30000; i++)
	printf "host h%d.memory.test 25 age=%d last=refused\n", i, i }' \
	> "$scratch/edit"
ends 0 memory "$scratch/edit" --forget h7.memory.test
test "$(wc -l < "$scratch/edit")" = 30000
good 'of 30000 hosts one is forgotten, however old they are' $?

# --- plans
orders 'without a memory' 'a b c d' --seed 1 three.memory.test
remember > "$scratch/a" << 'END'
host a.memory.test 25 score=2500 age=12000 last=refused
END
cp "$scratch/a" "$want"
orders 'one that failed goes behind its equals' 'b c a d' --seed 1 \
	--memory "$scratch/a" three.memory.test
orders 'at another port it is another one' 'a b c d' --seed 1 --port 2525 \
	--memory "$scratch/a" three.memory.test
orders 'nothing is known: nothing changes' 'a b c d' --seed 1 \
	--memory "$empty" three.memory.test
cmp "$scratch/a" "$want" > "$out"
good 'a plan writes nothing into the file' $?
remember > "$scratch/d" << 'END'
host a.memory.test 25 score=4000 age=1 last=timeout
host b.memory.test 25 score=4000 age=1 last=timeout
host c.memory.test 25 score=4000 age=1 last=timeout
END
orders 'all failed: as without, and no preference is crossed' 'a b c d' \
	--seed 1 --memory "$scratch/d" three.memory.test
run --zone "$zone" --memory "$scratch/a" --seed 1 three.memory.test
says '^         flags: memory$' 'the plan says that a memory changed it'
run --zone "$zone" --memory "$scratch/d" --seed 1 three.memory.test
lacks 'flags' 'and says nothing when it did not'
last=0
for seed in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	set -- $(hosts --memory "$scratch/a" --seed $seed three.memory.test)
	test "${3:-}" != a || last=$((last + 1))
done
test $last -ge 19
good "with any seed: $last of 20" $?
"$mxsel" --json --seed 1 --zone "$zone" --memory "$scratch/a" \
	three.memory.test > "$want"
echo three.memory.test | "$mxsel" bulk --seed 1 --zone "$zone" \
	--memory "$scratch/a" > "$out" 2> "$err"
cmp "$want" "$out"
good 'bulk orders by it, too' $?

# Nobody connects: what is planned again is the same again.
remember > "$scratch/turn" << 'END'
host a.memory.test 25 last=rcpt code=550 turn=4 doubt=6
END
# addresses: of each plan on standard input, in its order.
addresses()
{
	python3 -c '
import json, sys
for line in sys.stdin:
    print(*(a for h in json.loads(line)["hosts"]
            for a in h["addresses"]))'
}
printf '192.0.2.1 2001:db8::1\n%.0s' 1 2 3 > "$want"
for command in plan explain; do
	"$mxsel" $command --json --zone "$zone" --memory "$scratch/turn" \
		one.memory.test one.memory.test one.memory.test 2> "$err" | \
		addresses > "$out"
	cmp "$want" "$out"
	good "mxsel $command: who looks only does not take a turn" $?
done
printf 'one.memory.test\n%.0s' 1 2 3 | "$mxsel" bulk --zone "$zone" \
	--memory "$scratch/turn" 2> "$err" | addresses > "$out"
cmp "$want" "$out"
good 'nor does bulk' $?
# One of three that failed leads with (1 - score) / 3: 233 times of 1000.
remember > "$scratch/probe" << 'END'
host a.memory.test 25 score=300 last=timeout
END
awk 'BEGIN { for (i = 0; i < 1000; i++) print "three.memory.test" }' | \
	"$mxsel" bulk --zone "$zone" --memory "$scratch/probe" 2> "$err" | \
	python3 -c '
import json, sys
print(sum(json.loads(line)["hosts"][0]["name"].startswith("a.")
          for line in sys.stdin))' > "$out"
first=$(cat "$out")
test "$first" -ge 160 && test "$first" -le 310
good "of 1000 plans one that failed leads 233, or so: $first" $?

# --- why
remember > "$scratch/why" << 'END'
host a.memory.test 25 score=2500 age=12000 last=refused works=4 doubt=6
address 192.0.2.2 25 score=1500 age=51000 last=timeout
END
reads 'explain shows what went where, and why' explain --zone "$zone" \
	--seed 1 --memory "$scratch/why" three.memory.test << 'END'
three.memory.test                               RFC 5321 4.1.2
|- MX of three.memory.test: 4 records, TTL 300  RFC 5321 5.1
|  |- 10 b.memory.test                          RFC 5321 5.1
|  |  |- AAAA: no such record, TTL 300          RFC 5321 5.1
|  |  |- A: 2 records, TTL 300                  RFC 5321 5.1
|  |  |- 192.0.2.22                             RFC 5321 5.1
|  |  `- 192.0.2.2                              RFC 5321 5.1
|  |     `- memory: behind the others: score 1.500, timeout 51 s ago  RFC 5321 5.1
|  |- 10 c.memory.test                          RFC 5321 5.1
|  |  |- AAAA: no such record, TTL 300          RFC 5321 5.1
|  |  |- A: 1 record, TTL 300                   RFC 5321 5.1
|  |  `- 192.0.2.3                              RFC 5321 5.1
|  |- 10 a.memory.test                          RFC 5321 5.1
|  |  |- memory: behind its equals: score 2.500, refused 12 s ago  RFC 5321 5.1
|  |  |- AAAA: 1 record, TTL 300                RFC 5321 5.1
|  |  |- A: 1 record, TTL 300                   RFC 5321 5.1
|  |  |- memory: IPv4 first: it worked last     RFC 5321 5.1
|  |  |- 192.0.2.1                              RFC 5321 5.1
|  |  `- 2001:db8::1                            RFC 5321 5.1
|  `- 20 d.memory.test                          RFC 5321 5.1
|     |- AAAA: no such record, TTL 300          RFC 5321 5.1
|     |- A: 1 record, TTL 300                   RFC 5321 5.1
|     `- 192.0.2.4                              RFC 5321 5.1
`- try 4 hosts, 6 addresses (by MX), TTL 300    RFC 5321 5.1
   `- if none can be reached: defer 451 4.4.1   RFC 5321 4.5.4.1
END
run explain --zone "$zone" --seed 1 --memory "$scratch/d" three.memory.test
says '^\|  \|- memory ignored: all hosts of a preference failed ' \
	'and why nothing did'
run explain --zone "$zone" --memory "$empty" three.memory.test
lacks 'memory( ignored)?:' 'nothing known, nothing said'
# because WORDS ENTRY...: of a domain with one host.
because()
{
	words=$1
	shift
	printf '%s\n' "$@" | remember > "$scratch/because"
	run explain --zone "$zone" --seed 1 --memory "$scratch/because" \
		one.memory.test
	says "$words" "of $*"
	run --zone "$zone" --seed 1 --memory "$scratch/because" one.memory.test
	says 'a.memory.test  192.0.2.1$' 'IPv4 comes first then'
}
because '^\|     \|- memory: IPv4 first: the other family was rejected' \
	'host a.memory.test 25 age=1 last=rcpt code=550 turn=4 doubt=6'
because '^\|     \|- memory: IPv4 first: it worked last ' \
	'host a.memory.test 25 age=1 last=delivered works=4 doubt=6'
because '^\|     \|  `- memory: first: it asked to come again here ' \
	'host a.memory.test 25 age=1 last=rcpt code=451 again=192.0.2.1'
because '^\|        `- memory: behind the others: score 3.000, lost 1 s ago ' \
	'address 2001:db8::1 25 score=3000 age=1000 last=lost'
echo 'host a.memory.test 25 score=600 age=22000 last=refused' | remember \
	> "$scratch/because"
for seed in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	run explain --zone "$zone" --seed $seed --memory "$scratch/because" \
		three.memory.test
	! grep -q 'in its place' "$out" || break
done
says '^\|  \|  \|- memory: in its place, to see whether it is well again: s' \
	'one that failed is tried now and then'
run explain --json --zone "$zone" --seed 1 --memory "$scratch/why" \
	three.memory.test
python3 -c '
import json, sys
plan = json.load(sys.stdin)
events = [e for e in plan["trace"] if e["event"] == "memory"]
assert plan["flags"] == ["memory"], plan["flags"]
assert [e["subject"] for e in events] == ["a.memory.test", "192.0.2.2",
    "a.memory.test"], events
assert all(e["rule"] and e["detail"] for e in events), events' < "$out" \
	2> "$err"
good 'the same for scripts' $?
run explain --dot --zone "$zone" --seed 1 --memory "$scratch/why" \
	three.memory.test
says 'label="192.0.2.2\\nmemory: behind the others: score 1.500, timeout' \
	'and in the graph'
says 'label="a.memory.test\\nmemory: behind its equals: .*\\nmemory: IPv4' \
	'of a host both reasons'

# --- records
remember > "$scratch/some" << 'END'
host a.memory.test 25 score=600 age=12000 last=refused turn=4
host b.memory.test 25 score=300 age=12000 last=refused
host c.memory.test 25 score=1200 age=12000 last=refused
address 192.0.2.2 25 score=700 age=12000 last=refused
address 192.0.2.1 25 score=100 age=12000 last=refused
END
sed "s/^mxsel-memory .*/mxsel-memory 1 $(date +%s)000/" "$scratch/some" \
	> "$scratch/now"
same=0
for known in some now why d a; do
	for try in 1 2 3 4 5 6; do
		"$mxsel" explain --zone "$zone" --memory "$scratch/$known" \
			--record "$scratch/record" three.memory.test \
			> "$want" 2> "$err"
		"$mxsel" explain --replay "$scratch/record" --record \
			"$scratch/again" three.memory.test > "$out" 2>> "$err"
		cmp "$want" "$out" >> "$err" && test ! -s "$err" &&
			cmp "$scratch/record" "$scratch/again" >> "$err" &&
			same=$((same + 1))
	done
done
test $same = 30
good "records replay byte for byte, and record the same: $same of 30" $?
grep -q '^memory host a.memory.test 25 score=2500 age=12000 last=refused$' \
	"$scratch/record"
good 'what was known is in the record' $?
run --replay "$scratch/record" three.memory.test
says '^     10  a.memory.test' 'a plan, too'
refuses 64 'do not go with --replay' --replay "$scratch/record" \
	--memory "$scratch/a" three.memory.test
finish

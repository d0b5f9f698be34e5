# For scripts that try the memory of hosts in the mxsel command, after
# command.sh: $zone, a zone of hosts, and what is said of plans made with it.
zone=$scratch/zone
cat > "$zone" << 'END'
$ORIGIN memory.test.
$TTL 300
@ SOA ns hostmaster 1 3600 600 86400 300
@ NS ns
ns A 192.0.2.53
three MX 10 a
three MX 10 b
three MX 10 c
three MX 20 d
one MX 10 a
a A 192.0.2.1
a AAAA 2001:db8::1
b A 192.0.2.2
b A 192.0.2.22
c A 192.0.2.3
d A 192.0.2.4
END

# refuses STATUS WORDS ARGUMENT...: one line that says so, and nothing else.
refuses()
{
	words=$2
	wanted=$1
	shift 2
	ends "$wanted" "$@"
	test "$(wc -l < "$err")" = 1 && grep -qF -e "$words" "$err" &&
		grep -q '^mxsel: .*; ' "$err" && test ! -s "$out"
	good "mxsel $*: it says '$words', and what to do" $?
}

# lacks PATTERN WHAT
lacks()
{
	grep -qE -e "$1" "$out"
	test $? = 1
	good "$2" $?
}

# A file of entries. Its time is later than any clock says, so that nothing in
# it grows older and every run sees the same.
remember()
{
	echo 'mxsel-memory 1 99999999999999'
	cat
}

# hosts ARGUMENT...: the hosts of a plan, in its order.
hosts()
{
	"$mxsel" --json --zone "$zone" "$@" | python3 -c '
import json, sys
print(" ".join(h["name"].split(".")[0] for line in sys.stdin
               for h in json.loads(line)["hosts"]))'
}

# orders WHAT HOSTS ARGUMENT...
orders()
{
	what=$1 wanted=$2
	shift 2
	got=$(hosts "$@")
	test "$got" = "$wanted"
	good "$what: '$got' instead of '$wanted'" $?
}

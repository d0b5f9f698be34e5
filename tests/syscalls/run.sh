#!/bin/sh
# run.sh PROGRAM 'WRAPPED CALLS' ARCHIVE...: nothing that the libraries call
# and that can fail is left out, then the program. A new call of theirs has to
# be wrapped, or to be among those that cannot fail with our arguments.
program=$1 wrapped=$2
shift 2

# Memory, text, numbers: nothing to fail. Locks that are sound. What waits on
# a condition may come back early, and is written for that. Descriptions are
# closed and freed without a result that matters. A file is removed when what
# came before has failed.
harmless='bcmp free getpid htonl htons inet_ntop inet_pton memchr memcmp
	memcpy memmove memset ntohl ntohs qsort snprintf strchr strcmp strcspn
	strlen strncmp strnlen strrchr strspn strstr freeifaddrs sigfillset
	unlink pthread_cond_destroy pthread_cond_signal pthread_cond_timedwait
	pthread_condattr_destroy pthread_mutex_destroy pthread_mutex_lock pthread_mutex_unlock'
# Other libraries report in their own ways.
others='^_|^mxsel_|^ldns_|^idn2_|^ub_'

called=$("${NM:-nm}" -u "$@" | awk '$1 == "U" { print $2 }' | LC_ALL=C sort -u |
	grep -vE "$others")
count=0 forgotten=
for name in $called; do
	case " $(echo $wrapped) " in
	*" $name "*) count=$((count + 1)); continue ;;
	esac
	case " $(echo $harmless) " in
	*" $name "*) ;;
	*) forgotten="$forgotten $name" ;;
	esac
done
state=reached said="$count made to fail"
# None: nm could not read the archives.
test -z "$forgotten" && test $count -gt 0 || \
	state=failed said="$said, not$forgotten"
echo "figure|calls that can fail|$said|all|$state"
"$program"
status=$?
test $state = reached && exit $status
exit 1

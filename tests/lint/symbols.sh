#!/bin/sh
# What was built: libmxsel needs libc alone, and of it only the functions named
# here, nothing that prints, ends the process, logs or reads the environment;
# no library holds writable data, text relocations or a run path; all are
# read-only after relocation, with every symbol bound at once (S41, S42, S46).
cd "$(dirname "$0")/../.." || exit 1
test -n "$BUILD" && test -n "$SHARED" || {
	echo 'skipped: what was built (run make lint)'
	exit 77
}
test -z "$SANITIZE" || { echo 'skipped: built with sanitizers'; exit 77; }
: "${NM:=nm}" "${OBJDUMP:=objdump}"
wrong=0

# Memory, strings, entropy, locks; files, for mxsel_memory_save() and
# mxsel_memory_load() alone; then what compilers and linkers add.
allowed='
calloc free malloc realloc
memchr memcmp memcpy memmove memset
strchr strcmp strcspn strlen strncmp strnlen strrchr strspn
snprintf
arc4random_buf getentropy getrandom
pthread_mutex_destroy pthread_mutex_init pthread_mutex_lock
pthread_mutex_unlock
close fchmod fchown fstat fsync mkostemp open read readlink rename stat
unlink write
fstat64 mkostemp64 open64 stat64 __fxstat __fxstat64 __xstat __xstat64
__open_2 __open64_2 __read_chk __readlink_chk
__errno_location __error
__stack_chk_fail __stack_chk_guard
__memcpy_chk __memmove_chk __memset_chk __snprintf_chk
__cxa_finalize __gmon_start__
_ITM_deregisterTMCloneTable _ITM_registerTMCloneTable'

fail()
{
	echo "$*"
	wrong=1
}

for library in $SHARED; do
	case $library in *.so.*) ;; *) continue ;; esac
	object=$BUILD/$library
	dynamic=$("$OBJDUMP" -p "$object")
	needed=$(echo "$dynamic" | awk '$1 == "NEEDED" { print $2 }')
	case $library in
	libmxsel.*)
		for name in $("$NM" -D --undefined-only "$object" | \
			awk '{ sub(/@.*/, "", $NF); print $NF }'); do
			case " $(echo $allowed) " in *" $name "*) ;; *)
				fail "$library uses $name" ;;
			esac
		done
		may='libc.*|libpthread.so.*|libthr.so.*' ;;
	libmxsel-mock.*) may='libc.*|libmxsel.so.*' ;;
	libmxsel-idn2.*) may='libc.*|libmxsel.so.*|libidn2.so.*' ;;
	libmxsel-unbound.*)
		may='libc.*|libmxsel.so.*|libunbound.so.*|libpthread.so.*' ;;
	libmxsel-redis.*)
		may='libc.*|libmxsel.so.*|libhiredis.so.*|libpthread.so.*' ;;
	*) may='libc.*|libmxsel.so.*|libldns.so.*|libpthread.so.*' ;;
	esac
	for name in $needed; do
		echo "$name" | grep -Eqx "$may" || \
			fail "$library needs $name"
	done
	for name in $("$NM" -D --undefined-only "$object" | \
		awk '{ sub(/@.*/, "", $NF); print $NF }'); do
		case $name in
		abort | exit | _exit | __assert_fail | syslog | __syslog_chk | \
		printf | puts | fprintf | perror | getenv | secure_getenv | \
		setenv | putenv | atexit | setlocale | strcpy | strcat | \
		sprintf | strtok | atoi | signal | sigaction | select)
			fail "$library uses $name" ;;
		esac
	done
	echo "$dynamic" | grep -q 'TEXTREL' && fail "$library has TEXTREL"
	echo "$dynamic" | grep -Eq 'RPATH|RUNPATH' && fail "$library has RPATH"
	echo "$dynamic" | grep -q 'RELRO' || fail "$library has no RELRO"
	echo "$dynamic" | grep -Eq 'BIND_NOW|FLAGS_1 .*0x0*[0-9a-f]*[13579bdf]$' \
		|| fail "$library is not bound at once (-z now)"
	echo "$dynamic" | awk '/STACK/ { on = 1; next } on { print; exit }' | \
		grep -q 'x$' && fail "$library has an executable stack"
done

# Files have one place in the core.
for object in $(find "$BUILD"/obj/lib/base "$BUILD"/obj/lib/name \
	"$BUILD"/obj/lib/wire "$BUILD"/obj/lib/rank "$BUILD"/obj/lib/policy \
	"$BUILD"/obj/lib/cache "$BUILD"/obj/lib/select -name '*.o' \
	! -name memory_file.o | LC_ALL=C sort); do
	for name in $("$NM" --undefined-only "$object" | awk '{ print $NF }'); do
		case $name in
		open | open64 | mkostemp* | read | write | rename | unlink)
			fail "${object#"$BUILD"/} uses $name" ;;
		esac
	done
done

# Sections that can be written while the program runs; constant tables that
# only the loader writes (.data.rel.ro) are read-only by then.
for object in $(find "$BUILD/obj/lib" -name '*.o' | LC_ALL=C sort); do
	"$OBJDUMP" -t "$object" | awk -v object="${object#"$BUILD"/}" '
	{
		for (i = 1; i <= NF; i++)
			if ($i ~ /^(\.data|\.bss|\.tdata|\.tbss|\*COM\*)/ &&
			    $i !~ /^\.data\.rel\.ro/ && $NF != $i) {
				print object ": " $NF " can be written"
				bad = 1
			}
	}
	END { exit bad }' || wrong=1
done
exit $wrong

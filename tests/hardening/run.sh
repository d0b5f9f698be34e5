#!/bin/sh
# run.sh SRCDIR, from make: the shared libraries as they are built and as a
# distribution builds them (FORTIFY), and the tarball: S41, S42, S45, S46.
# Which symbols and sections are wrong is tests/lint's to say; this asks it.
source=$1
build=$BUILD
work=$build/obj/hardening
. "$source/tests/support/figures.sh"

# lint FOLDER: what tests/lint says of the libraries built there.
lint()
{
	for script in exports symbols; do
		said=$(BUILD=$1 sh "$source/tests/lint/$script.sh" 2>&1)
		status=$?
		test $status = 0 && continue
		echo "$script: ${said:-it ended with $status}"
	done
}

# canaries FOLDER: functions with arrays ask __stack_chk_fail; the stack grows
# by a page at a time, touched each time. The latter is read from x86-64 code.
canaries()
{
	for library in $SHARED; do
		file=$1/$library
		case $library in
		libmxsel-idn2.*) ;; # no array on its stack
		*) "$NM" -D --undefined-only "$file" | \
			grep -q __stack_chk_fail || \
			echo "$library: no stack protector" ;;
		esac
		"$OBJDUMP" -d "$file" | awk -v library="$library" '
		/^[0-9a-f]+ <.*>:$/ { name = $2 }
		/sub +\$0x[0-9a-f]+,%rsp/ {
			match($0, /\$0x[0-9a-f]+/)
			size = substr($0, RSTART + 3, RLENGTH - 3)
			if (length(size) > 4 ||
			    (length(size) == 4 && size > "1000"))
				print library ": " name " takes 0x" size \
					" octets of stack at once"
		}'
	done
}

# As Debian builds packages with hardening=+all.
fortified()
{
	mkdir -p "$work/fortified" && cd "$work/fortified" || return
	test config.status -nt "$source/configure" || \
		"$source/configure" --quiet --enable-werror CC="$CC" \
		CFLAGS='-g -O2' CPPFLAGS='-Wdate-time -D_FORTIFY_SOURCE=2' \
		> configure.log 2>&1 || { cat configure.log; return; }
	"$MAKE" -s $SHARED > make.log 2>&1 || { cat make.log; return; }
	lint "$work/fortified"
	canaries "$work/fortified"
	"$NM" -D --undefined-only $SHARED | grep -q _chk@ || \
		echo 'no call was fortified'
}

# sum FOLDER: of the tarball made there.
sum()
{
	(cd "$1" && "$MAKE" -s dist > dist.log 2>&1 || { cat dist.log >&2; exit; }
	sha256sum "$NAME.tar.gz" 2> /dev/null || shasum -a 256 "$NAME.tar.gz")
}

tarball()
{
	first=$(umask 022; LC_ALL=C TZ=UTC sum "$build")
	second=$(umask 077; LC_ALL=C.UTF-8 TZ=Asia/Tokyo sum "$work/fortified")
	test -n "$first" && test "$first" = "$second" || \
		printf '%s\n' "not the same: $first, $second"
	rm -f "$build/$NAME.tar.gz" "$work/fortified/$NAME.tar.gz"
}

hardened='RELRO, NOW, NX, symbols, no writable data'
if test -z "$SHARED" || test -n "$SANITIZE"; then
	figure "$hardened" skipped 'skipped: shared libraries' '0 faults'
	exit 0
fi
"$OBJDUMP" -f "$build/${SHARED%% *}" | grep -q 'elf' || {
	figure "$hardened" skipped 'skipped: ELF' '0 faults'
	exit 0
}
judge "$hardened" "$(lint "$build")"
judge 'canaries, stack clash protection' "$(canaries "$build")"
judge 'the same with FORTIFY' "$(fortified)"
if git -C "$source" rev-parse HEAD > /dev/null 2>&1; then
	judge 'binary files in the tree' "$(git -C "$source" ls-files --eol | \
		sed -n 's/^i\/-text[^\t]*\t/binary: /p')"
	judge 'tarball made twice, the same octets' "$(tarball)"
else
	figure 'tarball and what is in the tree' skipped 'skipped: git' \
		'0 faults'
fi
exit $broken

#!/bin/sh
# run.sh abi|abi-renew SRCDIR, from make: compare what the shared libraries
# export, with all types their functions take, with tests/abi/LIBRARY.abi; or
# write these files. What was removed or changed breaks programs; what was
# added does not, but the files are to be renewed.
task=$1 source=$2
name='ABI beside the one kept'
wanted='0 changes'
options="--exported-interfaces-only --no-corpus-path"
skip()
{
	echo "figure|$name|skipped: $1|$wanted|skipped"
	exit 0
}

for tool in abidiff abidw; do
	command -v $tool > /dev/null || skip abigail-tools
done
test -n "$SHARED" || skip 'shared libraries'
test -z "$SANITIZE" || skip 'a build without sanitizers'
first=${SHARED%% *}
objdump -f "$first" | grep -q elf64-x86-64 || skip 'x86-64'
objdump -h "$first" | grep -q debug_info || skip 'debugging information (-g)'

# No line of it names a folder of this machine.
renew()
{
	abidw $options --no-show-locs --no-comp-dir-path --no-elf-needed \
		--no-write-default-sizes --no-parameter-names \
		--type-id-style hash --drop-private-types \
		--headers-dir "$source/include/mxsel" "$1" | \
		sed "s| path='[^']*/lib/| path='lib/|" > "$2"
}

count=0 broken=0 added=0
for library in $SHARED; do
	kept=$source/tests/abi/${library%%.*}.abi
	count=$((count + 1))
	if test "$task" = abi-renew; then
		renew "$library" "$kept" || exit 1
		continue
	fi
	test -e "$kept" || {
		echo "$kept: not there; make abi-renew"
		broken=$((broken + 1))
		continue
	}
	said=$(abidiff $options --drop-private-types \
		--headers-dir2 "$source/include/mxsel" "$kept" "$library" 2>&1)
	status=$?
	test -z "$said" || printf '%s:\n%s\n' "$library" "$said"
	# 4: something differs, 8: programs break. A file it cannot read is
	# no error to it.
	if test $status = 0 && test -z "$said"; then
		continue
	elif test $status = 4 && ! echo "$said" | \
		grep -Eq '[1-9][0-9]* (Removed|Changed)'; then
		added=$((added + 1))
	else
		broken=$((broken + 1))
	fi
done
test "$task" = abi || exit 0
state=reached
test $added = 0 || {
	state=short
	echo 'Something was added: make abi-renew.'
}
test $broken = 0 || state=failed
reached="$broken of $count libraries changed, $added with additions"
echo "figure|$name|$reached|$wanted|$state"
test $broken = 0

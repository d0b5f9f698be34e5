#!/bin/sh
# Every check of this folder, from the top of the source tree. A check says
# nothing when all is well, says what is wrong and fails, or ends with 77 and
# says what it misses. Without BUILD (the folder where make ran) those that
# look at what was built are skipped. `make lint` calls this.
cd "$(dirname "$0")/../.." || exit 1
passed=0 failed=0 skipped=0

# check NAME COMMAND...
check()
{
	name=$1
	shift
	said=$("$@" 2>&1)
	case $? in
	0) passed=$((passed + 1)); said= ;;
	77) skipped=$((skipped + 1)) ;;
	*) failed=$((failed + 1)) ;;
	esac
	test -z "$said" || printf '%s\n' "$said" | sed "s/^/lint $name: /"
}

for script in tests/lint/*.sh tests/lint/*.py; do
	name=${script##*/}
	case $script in
	*/all.sh) ;;
	*.sh) check "${name%.sh}" sh "$script" ;;
	*.py)
		if command -v python3 > /dev/null; then
			check "${name%.py}" python3 -B "$script"
		else
			check "${name%.py}" sh -c \
				'echo "skipped: python3"; exit 77'
		fi ;;
	esac
done
totals="$passed passed, $failed failed"
test $skipped = 0 || totals="$totals, $skipped skipped"
echo "$totals"
test $failed = 0

#!/bin/sh
# S45: nothing in the tree is binary, so whoever builds can read all that is
# run; and the release file is the same bytes whenever, wherever and by whomever
# it is made.
cd "$(dirname "$0")/../.." || exit 1
git rev-parse --show-prefix > /dev/null 2>&1 &&
	test -z "$(git rev-parse --show-prefix)" || {
	echo 'skipped: git'
	exit 77
}
wrong=0

# Empty files match nothing either.
git ls-files -z | xargs -0 grep -LI '' | while read -r file; do
	test ! -s "$file" || echo "$file: is no text"
done | grep . && wrong=1

test -n "$BUILD" && test -f "$BUILD/config.mk" || {
	echo 'skipped: the release file (run make lint)'
	exit $((wrong ? wrong : 77))
}
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT

# release ZONE MASK NAME: make it, and take it away.
release()
{
	(
		umask "$2"
		TZ=$1 LC_ALL=C make -s -C "$BUILD" dist > "$scratch/said" 2>&1
	) && mv "$BUILD"/libmxsel-*.tar.gz "$scratch/$3.tar.gz" || {
		cat "$scratch/said"
		exit 1
	}
}

release UTC 022 one
sleep 1
release Asia/Tokyo 077 two
cmp "$scratch/one.tar.gz" "$scratch/two.tar.gz" || wrong=1
exit $wrong

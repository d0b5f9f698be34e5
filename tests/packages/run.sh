#!/bin/sh
# run.sh SRCDIR, from make: builds the Debian packages of this tree as its
# release would, asks lintian, and installs, uses, upgrades and removes them in
# a Debian root that has nothing else and no network; then the other recipes of
# docs/packaging. Needs dpkg-dev and debhelper; without lintian, mmdebstrap,
# root's rights, meson or rpm, what needs them is skipped.
source=$1
here=$source/tests/packages
. "$source/tests/support/figures.sh"
. "$here/root.sh"
. "$here/others.sh"

# What is built; debug symbols and the record of the build come along.
binary='libmxsel0 libmxsel-ldns0 libmxsel-unbound0 libmxsel-redis0
libmxsel-idn2-0 libmxsel-mock0 libmxsel-dev libmxsel-doc mxsel'

# In a folder of its own: others may be making it in the build folder now.
make_dist()
{
	mkdir "$work/dist"
	printf 'srcdir := %s\ninclude $(srcdir)/Makefile\n' "$source" \
		> "$work/dist/Makefile"
	for file in config.status config.mk; do
		cp "$BUILD/$file" "$work/dist/$file" || return
	done
	"$MAKE" -s -C "$work/dist" dist
}

# build FOLDER [REVISION]: the packages; what went wrong is printed.
build()
{
	sh "$source/docs/packaging/build-deb.sh" "$tarball" "$work/$1" $2 \
		> "$work/$1.log" 2>&1 || cat "$work/$1.log"
}

# absent FOLDER: packages that should be there and are not.
absent()
{
	for package in $binary; do
		set -- "$1" "$work/$1/${package}"_*.deb
		test -e "$2" || echo "$package was not built"
	done
	test -e "$work/$1"/*.dsc || echo 'no source package was built'
}

# sums FOLDER
sums()
{
	(cd "$work/$1" && sha256sum *.deb *.debian.tar.xz *.dsc)
}

# Errors and warnings count; what is only information is shown.
lintian_says()
{
	lintian -EvIL +pedantic --allow-root "$work"/one/*.changes 2>&1 |
		grep '^[EWIPXO]: ' > "$work/lintian"
	sed 's/^/lintian: /' "$work/lintian" >&2
	test -e "$work"/one/*.changes || echo 'there is nothing to look at'
	grep '^[EW]: ' "$work/lintian"
}

# Elsewhere, at another hour, with other habits: the same octets.
built_twice()
{
	(
		mkdir "$work/elsewhere"
		umask 027
		export TZ=Asia/Tokyo LC_ALL=C.UTF-8
		TMPDIR=$work/elsewhere DEB_BUILD_OPTIONS=nocheck build again
	)
	sums one > "$work/sums.one"
	sums again > "$work/sums.again"
	diff "$work/sums.one" "$work/sums.again"
}

# skip_all WHY
skip_all()
{
	figure 'Debian packages' skipped "skipped: $1" '0 faults'
	exit 0
}

for tool in dpkg-buildpackage dh git; do
	command -v $tool > /dev/null || skip_all $tool
done
git -C "$source" rev-parse HEAD > /dev/null 2>&1 || skip_all git
unmet=$(dpkg-checkbuilddeps "$source/docs/packaging/debian/control" 2>&1) ||
	skip_all "${unmet##*: }"

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
tarball=$work/dist/$NAME.tar.gz
make_dist || exit 1

test -z "$PACKAGES_SHORT" || export DEB_BUILD_OPTIONS=nocheck
first="9 Debian packages, built with make check"
test -z "$PACKAGES_SHORT" || first="9 Debian packages, built"
judge "$first" "$(build one; absent one)"
if command -v lintian > /dev/null; then
	judge 'lintian: errors and warnings' "$(lintian_says)"
else
	figure 'lintian: errors and warnings' skipped 'skipped: lintian' \
		'0 faults'
fi
test -n "$PACKAGES_SHORT" || \
	judge 'packages built twice, the same octets' "$(built_twice)"
export DEB_BUILD_OPTIONS=nocheck
try_root
try_others
exit $broken

#!/bin/sh
# build-deb.sh TARBALL FOLDER [REVISION]
#
# Debian packages, source and binary, from the tarball that `make dist` makes;
# debian/ is taken out of it. The packages come into FOLDER. With REVISION the
# changelog gets an entry for it on top: the same packages with a higher
# number, to try an upgrade. Heeds DEB_BUILD_OPTIONS (nocheck, parallel=N) and
# SOURCE_DATE_EPOCH; without it the time is that of the changelog. Needs
# dpkg-dev, debhelper and what docs/packaging/debian/control names.
set -e
umask 022
tarball=${1:?the tarball} folder=${2:?the folder} revision=${3-}

name=$(basename "$tarball" .tar.gz)
version=${name#libmxsel-}
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

cp "$tarball" "$work/libmxsel_$version.orig.tar.gz"
tar xzf "$tarball" -C "$work"
cd "$work/$name"
cp -Rp docs/packaging/debian debian

# The version is typed in include/mxsel/version.h alone: with a release that
# the changelog does not know yet, it gets an entry.
first=$(sed -n '1s/.*(\(.*\)).*/\1/p' debian/changelog)
test -n "$revision" || test "${first%-*}" = "$version" || revision=0upstream1
if test -n "$revision"; then
	signed=$(sed -n '/^ -- /{ p; q; }' debian/changelog)
	{
		printf 'libmxsel (%s-%s) unstable; urgency=medium\n\n' \
			"$version" "$revision"
		printf '  * Built again.\n\n%s\n\n' "$signed"
		cat debian/changelog
	} > "$work/changelog"
	cp "$work/changelog" debian/changelog
fi

dpkg-buildpackage -us -uc > "$work/log" 2>&1 || {
	tail -n 40 "$work/log" >&2
	exit 1
}
cd "$work"
for file in *.deb *.dsc *.changes *.buildinfo *.orig.tar.gz *.debian.tar.xz
do
	mv "$file" "$folder"
done
mv log "$folder/build.log"

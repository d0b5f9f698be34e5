#!/bin/sh
# unbound.sh FOLDER: FOLDER/unbound, one that shares its answers by way of
# Redis (cachedb), for tests/integration/cluster.sh. Debian builds its own
# without that, so this one is made of Debian's sources, which apt-get brings,
# in a minute. Nothing outside of FOLDER is changed. Exit: 0 when it is
# there.
set -u
mkdir -p "$1" && cd "$1" || exit 1

# shares PROGRAM: was it built with what is needed?
shares()
{
	"$1" -V 2> /dev/null | grep -q 'modules:.* cachedb'
}

# Sources come from where packages come from.
list_sources()
{
	mkdir -p lists/partial cache/archives/partial || return
	sed -n 's/^deb /deb-src /p' /etc/apt/sources.list \
		> sources.list 2> /dev/null
	for file in /etc/apt/sources.list.d/debian*.sources; do
		test ! -r "$file" || sed 's/^Types:.*/Types: deb-src/' \
			"$file" > "$(basename "$file")"
	done
}

apt()
{
	apt-get -q -o Dir::Etc::sourcelist="$PWD/sources.list" \
		-o Dir::Etc::sourceparts="$PWD" \
		-o Dir::State::lists="$PWD/lists" -o Dir::Cache="$PWD/cache" \
		-o APT::Sandbox::User= -o Acquire::http::Timeout=20 "$@"
}

shares ./unbound && exit
for system in unbound /usr/sbin/unbound; do
	shares $system && exit
done
command -v apt-get > /dev/null || { echo 'no apt-get' >&2; exit 1; }
list_sources || exit
apt update && apt source --download-only unbound || exit
mkdir -p source
tar xzf unbound_*.orig.tar.gz -C source --strip-components=1 || exit
cd source || exit
# Neither a sanitizer nor options of ours are any concern of it.
env -u LDFLAGS -u MAKEFLAGS ./configure -q CFLAGS=-O0 --enable-cachedb \
	--with-libhiredis --disable-shared --disable-flto || exit
env -u MAKEFLAGS make -s unbound || exit
mv unbound .. && cd .. && rm -rf source lists cache
shares ./unbound

# Reads the machine and makes it ready to build libmxsel: for
# examples/quickstart.sh and tests/run.sh, which source it with `top` set to
# the source tree. What is missing is installed through the system's own
# package manager, after saying what; nothing else of the system is changed.
#
# Tried on Debian 12. The names for dnf, apk and brew are the best known, and
# untried.

install=yes
failed_setup()
{
	echo "$*" >&2
	exit 1
}

# has NEED: is it here?
has()
{
	case $1 in
	cc) echo 'int main(void) { return 0; }' | \
		${CC:-cc} -x c -o /dev/null - ;;
	c++) echo 'int main() { return 0; }' | \
		${CXX:-c++} -x c++ -o /dev/null - ;;
	autoconf) test "$top/configure" -nt "$top/configure.ac" || \
		command -v autoconf ;;
	ldns) header ldns/ldns.h ;;
	idn2) header idn2.h ;;
	uv) header uv.h ;;
	libcurl) header curl/curl.h && header openssl/ssl.h ;;
	unbound) header unbound.h ;;
	hiredis) header hiredis/hiredis.h ;;
	expat) header expat.h ;;
	check) header check.h ;;
	cargo) cargo --version && rustc --version ;;
	postfix) test -x /usr/lib/postfix/sbin/master || \
		test -x /usr/libexec/postfix/master ;;
	nsd | knotd) command -v "$1" || test -x "/usr/sbin/$1" ;;
	unbound-daemon) command -v unbound || test -x /usr/sbin/unbound ;;
	drill) command -v drill && command -v ldns-signzone ;;
	ctags) ctags --version | grep Universal ;;
	clang-rt) clang_links clang -fsanitize=address,fuzzer-no-link ;;
	clang-19) clang_links clang-19 -fsanitize=thread ;;
	llvm-19) command -v llvm-cov-19 ;;
	python3-clang) python3_clang ;;
	python3-cffi) python3_cffi ;;
	abigail-tools) command -v abidiff && command -v abidw ;;
	debhelper) command -v dh && command -v dpkg-buildpackage ;;
	*) command -v "$1" ;;
	esac > /dev/null 2>&1
}

# header NAME: does the compiler find it, perhaps where pkg-config says?
header()
{
	printf '#include <stdio.h>\n#include <%s>\n' "$1" | ${CC:-cc} \
		$(for module in ldns libidn2 libunbound hiredis libuv \
			libcurl openssl check; do
			pkg-config --cflags $module 2> /dev/null
		done) -E -
}

# clang_links COMPILER OPTION: with the run-time library the option needs?
clang_links()
{
	echo 'int main(void) { return 0; }' | \
		"$1" "$2" -x c -o /dev/null -
}

# Debian gives clang's module to the system's own Python only.
python3_clang()
{
	for python in python3 /usr/bin/python3; do
		$python -c 'import clang.cindex as c; c.Index.create()' && \
			return
	done
	return 1
}

# So with cffi.
python3_cffi()
{
	for python in python3 /usr/bin/python3; do
		$python -c 'import cffi' && return
	done
	return 1
}

# package NEED MANAGER: the packages that bring it.
package()
{
	case $1:$2 in
	cc:apt-get) echo gcc libc6-dev ;;
	cc:dnf) echo gcc glibc-devel ;;
	cc:apk) echo gcc musl-dev binutils ;;
	cc:brew) echo gcc ;;
	c++:apt-get | c++:apk) echo g++ ;;
	c++:dnf) echo gcc-c++ ;;
	c++:brew) echo gcc ;;
	pkg-config:dnf | pkg-config:apk) echo pkgconf ;;
	ldns:apt-get) echo libldns-dev ;;
	ldns:dnf) echo ldns-devel ;;
	ldns:apk) echo ldns-dev ;;
	idn2:apt-get | idn2:apk) echo libidn2-dev ;;
	idn2:dnf) echo libidn2-devel ;;
	idn2:brew) echo libidn2 ;;
	unbound:apt-get) echo libunbound-dev ;;
	unbound:dnf | unbound:apk) echo unbound-dev ;;
	hiredis:apt-get) echo libhiredis-dev ;;
	hiredis:dnf) echo hiredis-devel ;;
	hiredis:apk) echo hiredis-dev ;;
	expat:apt-get) echo libexpat1-dev ;;
	uv:apt-get) echo libuv1-dev ;;
	uv:dnf) echo libuv-devel ;;
	uv:apk) echo libuv-dev ;;
	uv:brew) echo libuv ;;
	libcurl:apt-get) echo libcurl4-openssl-dev libssl-dev ;;
	libcurl:dnf) echo libcurl-devel openssl-devel ;;
	libcurl:apk) echo curl-dev openssl-dev ;;
	libcurl:brew) echo curl openssl ;;
	check:dnf) echo check-devel ;;
	check:apk) echo check-dev ;;
	ctags:brew | ctags:apt-get) echo universal-ctags ;;
	ctags:dnf | ctags:apk) echo ctags ;;
	knotd:*) echo knot ;;
	unbound-daemon:*) echo unbound ;;
	redis-server:dnf | redis-server:apk | redis-server:brew) echo redis ;;
	drill:apt-get) echo ldnsutils ;;
	drill:dnf) echo ldns-utils ;;
	drill:apk) echo drill ldns-tools ;;
	drill:brew) echo ldns ;;
	clang:brew) echo llvm ;;
	clang-rt:apt-get) echo libclang-rt-dev ;;
	clang-rt:*) echo compiler-rt ;;
	clang-19:apt-get) echo clang-19 libclang-rt-19-dev ;;
	clang-19:apk) echo clang19 ;;
	llvm-19:apk) echo llvm19 ;;
	python3-clang:apt-get) echo python3-clang-19 ;;
	python3-clang:dnf) echo python3-clang ;;
	python3-cffi:apk) echo py3-cffi ;;
	python3-cffi:brew) echo cffi ;;
	frama-c:apt-get) echo frama-c-base ;;
	abigail-tools:dnf) echo libabigail ;;
	python3:brew) echo python ;;
	go:apt-get) echo golang-go ;;
	node:apt-get | node:dnf | node:apk) echo nodejs ;;
	go:dnf) echo golang ;;
	cargo:brew) echo rust ;;
	cargo:*) echo cargo rustc ;;
	*) echo "$1" ;;
	esac
}

# The way to become root, where that is needed: sudo or doas.
find_root()
{
	for root in sudo doas; do
		command -v $root > /dev/null && return
	done
	root=
	test "$(id -u)" = 0
}

# as_root COMMAND...
as_root()
{
	if test "$(id -u)" = 0; then
		"$@"
	else
		$root "$@"
	fi
}

# apt ARGUMENT...: apt-get, waiting up to five minutes for whoever holds its
# database. dpkg's lock it waits for itself, the lists' lock it does not. The
# last two variables keep packages from starting their services.
apt()
{
	tries=60
	while :; do
		said=$(as_root env LC_ALL=C DEBIAN_FRONTEND=noninteractive \
			RUNLEVEL=1 SYSTEMD_OFFLINE=1 \
			apt-get -qq -y -o DPkg::Lock::Timeout=300 "$@" \
			< /dev/null 2>&1) && return
		tries=$((tries - 1))
		case $tries:$said in
		0:*) break ;;
		*'ould not get lock'* | *'nable to lock'*) sleep 5 ;;
		*) break ;;
		esac
	done
	printf '%s\n' "$said" >&2
	return 1
}

# The command that installs, as one would type it.
installer()
{
	case $manager in
	apk) echo apk add ;;
	*) echo "$manager" install ;;
	esac
}

# bring PACKAGE...: with the manager found.
bring()
{
	case $manager in
	apt-get) apt install --no-install-recommends "$@" ;;
	dnf) as_root dnf -q -y install "$@" ;;
	apk) as_root apk add -q "$@" ;;
	brew) brew install -q "$@" ;;
	esac
}

# absent NEED...: those that are not here.
absent()
{
	for need in "$@"; do
		has "$need" || echo "$need"
	done
}

# The first that is here of: apt-get, dnf, apk, brew.
find_manager()
{
	for manager in apt-get dnf apk brew; do
		command -v $manager > /dev/null && return
	done
	manager=
}

# What every build uses when it is there, and can do without.
welcome='idn2 unbound hiredis'

# need MUST MAY: make sure of what the build cannot do without, and get what
# checks can do without.
need()
{
	missing=$(absent $1 $2 $welcome)
	test -z "$missing" && return
	find_manager
	packages=$(for item in $missing; do
		package "$item" "$manager"
	done | tr '\n' ' ')
	packages=${packages% }
	why=
	if test -z "$manager"; then
		why="Missing, and no package manager that is known here"
		packages=$(echo $missing)
	elif test $install = no; then
		why="Missing; this would install it: $(installer)"
	elif test $manager != brew && ! find_root; then
		why="Missing; to install it, run as root: $(installer)"
	fi
	if test -n "$why"; then
		echo "$why $packages"
		test -z "$(absent $1)" || exit 1
		return 0
	fi
	echo "Installing with $manager: $packages"
	test $manager != apt-get || apt update ||
		echo 'apt-get update failed; going on' >&2
	# One name that is not known here must not keep the others away.
	bring $packages || for item in $packages; do
		bring "$item" || echo "$item could not be installed" >&2
	done
	missing=$(absent $1)
	test -z "$missing" || failed_setup "Still missing:" $missing
}

# quietly COMMAND...: what it says is shown only when it fails.
quietly()
{
	said=$("$@" 2>&1) || {
		status=$?
		printf '%s\n' "$said" >&2
		return $status
	}
}

# configure_in FOLDER OPTION...
configure_in()
{
	build=$1
	shift
	test "$top/configure" -nt "$top/configure.ac" || \
		(cd "$top" && quietly autoconf) || return
	mkdir -p "$build"
	(cd "$build" && quietly "$top/configure" --quiet "$@")
}

cores()
{
	getconf _NPROCESSORS_ONLN 2> /dev/null || echo 1
}

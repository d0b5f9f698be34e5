# The packages in a Debian root with nothing else: installed from a local
# repository, used, upgraded, removed. Whatever runs inside has no network.
# Sourced by run.sh.

# Of Debian's own packages: what ours depend on, and what the trial uses.
wanted='gcc libc6-dev pkg-config man-db libldns-dev libidn2-dev'
wanted="$wanted libunbound-dev libhiredis-dev"

# Where apt gets Debian's packages from on this machine.
sources()
{
	apt-get indextargets --format \
		'deb $(REPO_URI) $(RELEASE) $(COMPONENT)' \
		'Created-By: Packages' 'Origin: Debian' 2> /dev/null | sort -u
}

# make_base FILE: the smallest root with apt, and in apt's cache what is wanted
# and what that depends on, so nothing is fetched later.
make_base()
{
	# In a shell of its own: that file has a NAME, too.
	codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
	sources > "$work/sources.list"
	test -s "$work/sources.list" || return
	fetch='chroot "$1" apt-get -qq -y --no-install-recommends'
	mmdebstrap --quiet --format=tar --variant=minbase --skip=cleanup/apt \
		--customize-hook="$fetch --download-only install $wanted" \
		"$codename" "$1.new" "$work/sources.list" \
		> "$work/base.log" 2>&1 && mv "$1.new" "$1" && return
	rm -f "$1.new"
	cat "$work/base.log" >&2
	return 1
}

# inside COMMAND...
inside()
{
	unshare -n chroot "$root" /usr/bin/env -i LC_ALL=C.UTF-8 HOME=/ \
		PATH=/usr/sbin:/usr/bin:/sbin:/bin MANPAGER=cat \
		DEBIAN_FRONTEND=noninteractive "$@"
}

# apt ARGUMENT...: quiet, unless it fails.
apt()
{
	inside apt-get -qq -y -o DPkg::Use-Pty=0 --no-install-recommends "$@" \
		> "$work/apt.log" 2>&1 < /dev/null && return
	echo "apt-get $*:"
	cat "$work/apt.log"
}

# repository FOLDER: what apt finds from now on besides Debian's packages.
repository()
{
	rm -rf "$root/opt/local" && mkdir -p "$root/opt/local"
	cp "$work/$1"/*.deb "$root/opt/local"
	(cd "$root/opt/local" && dpkg-scanpackages . > Packages) \
		2> /dev/null || echo 'dpkg-scanpackages failed'
	echo 'deb [trusted=yes] file:/opt/local ./' > \
		"$root/etc/apt/sources.list.d/local.list"
	apt update -o Dir::Etc::SourceList=sources.list.d/local.list \
		-o Dir::Etc::SourceParts=- -o APT::Get::List-Cleanup=0
}

# installed: names of packages.
installed()
{
	inside dpkg-query -W -f '${db:Status-Status} ${Package}\n' |
		sed -n 's/^installed //p' | sort
}

# Nothing but itself: libc is there.
core_alone()
{
	installed > "$work/before"
	apt install libmxsel0
	installed | comm -13 "$work/before" - | grep -vx libmxsel0 |
		sed 's/^/libmxsel0 brought /'
	inside dpkg-query -W libmxsel0 > /dev/null 2>&1 ||
		echo 'libmxsel0 is not installed'
}

# same_demo: the plans of the built-in zone are those of the tree's command.
same_demo()
{
	inside mxsel --demo > "$work/plans" 2>&1 || test $? = 1 ||
		test $? = 75 || cat "$work/plans"
	grep -q ': try 3 hosts' "$work/plans" || echo 'no plan was printed'
	inside mxsel --demo --seed 1 > "$work/inside" 2>&1
	"$BUILD/mxsel" --demo --seed 1 > "$work/outside" 2>&1
	diff "$work/outside" "$work/inside"
}

# manual SECTION PAGE
manual()
{
	inside man "$1" "$2" 2>&1 | grep -q "$2" ||
		echo "man $1 $2 shows nothing of it"
}

command_runs()
{
	apt install mxsel
	same_demo
	for file in $completions; do
		inside test -s "$file" || echo "$file is not there"
	done
	apt install man-db
	manual 1 mxsel
}

# What the packages' own test does (autopkgtest would).
ten_lines()
{
	apt install libmxsel-dev libmxsel-doc gcc libc6-dev pkg-config
	mkdir -p "$root/opt/tests"
	cp "$source/docs/packaging/debian/tests/ten-lines" "$root/opt/tests"
	said=$(inside sh /opt/tests/ten-lines 2>&1)
	test "$(echo "$said" | grep -c runs)" = 2 || echo "$said"
	manual 3 mxsel
	manual 3 mxsel_next
}

# versions REVISION: all are installed in it.
versions()
{
	for package in $binary; do
		said=$(inside dpkg-query -W -f '${Version}' $package 2>&1)
		case $said in
		*-"$1") ;;
		*) echo "$package is $said" ;;
		esac
	done
}

upgrade()
{
	versions 0upstream1
	build two 0upstream2
	repository two
	apt upgrade
	versions 0upstream2
	same_demo
}

# ours: every file and folder of the packages that is nobody else's.
ours()
{
	inside dpkg -L $binary | sort -u > "$work/listed"
	inside dpkg-query -S $(cat "$work/listed") 2> /dev/null |
		sed 's/: \(\/.*\)$/\t\1/' | awk -F '\t' '
		{
			count = split($1, owners, /, /)
			other = 0
			for (i = 1; i <= count; i++)
				if (owners[i] !~ /^(lib)?mxsel/)
					other = 1
			if (!other)
				print $2
		}' | sort -u
}

# Removal leaves nothing: there are no settings. Purging forgets the names.
# Pages that were read stay in man's cache, as those of every package do.
removal()
{
	ours > "$work/ours"
	test -s "$work/ours" || echo 'the packages have no files'
	apt remove $binary
	while read -r file; do
		test ! -e "$root$file" && test ! -L "$root$file" ||
			echo "left after removal: $file"
	done < "$work/ours"
	apt purge $binary
	inside dpkg-query -W '*mxsel*' 2> /dev/null | sed 's/^/known: /'
	find "$root" -xdev -name '*mxsel*' ! -path "$root/opt/*" \
		! -path "$root/var/lib/apt/*" ! -path "$root/var/cache/*" |
		sed "s|^$root|left after purging: |"
	inside ldconfig -p | grep mxsel
}

# skip_root WHY
skip_root()
{
	figure 'packages in a fresh Debian root' skipped "skipped: $1" \
		'0 faults'
}

# Where Debian's shells look.
completions='/usr/share/bash-completion/completions/mxsel
/usr/share/zsh/vendor-completions/_mxsel
/usr/share/fish/vendor_completions.d/mxsel.fish'

try_root()
{
	test "$(id -u)" = 0 || { skip_root "root's rights"; return; }
	unshare -n true 2> /dev/null || { skip_root unshare; return; }
	base=${PACKAGES_BASE:-$work}/libmxsel-base.tar
	if test -s "$base"; then
		:
	elif test -n "$PACKAGES_SHORT"; then
		skip_root 'a base root (PACKAGES_BASE)'
		return
	elif ! command -v mmdebstrap > /dev/null; then
		skip_root mmdebstrap
		return
	else
		mkdir -p "${base%/*}"
		make_base "$base" || { skip_root "Debian's mirror"; return; }
	fi
	root=$work/root
	mkdir "$root" && tar xf "$base" -C "$root" || {
		skip_root 'a base root that can be unpacked'
		return
	}
	echo force-unsafe-io > "$root/etc/dpkg/dpkg.cfg.d/trial"
	judge 'fresh root: libmxsel0 needs libc alone' \
		"$(repository one; core_alone)"
	judge 'fresh root: mxsel --demo, its manual' "$(command_runs)"
	judge 'fresh root: ten lines compile and run' "$(ten_lines)"
	judge 'fresh root: upgrade to the next revision' "$(upgrade)"
	judge 'fresh root: nothing stays after removal' "$(removal)"
}

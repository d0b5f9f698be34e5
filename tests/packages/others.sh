# The recipes of docs/packaging for others than Debian, as far as they can be
# tried here; sourced by run.sh.
recipes=$source/docs/packaging

# A project that has the core as a subproject: shared, then static. Its program
# is the example that tests with the mock.
meson_project()
{
	mkdir -p "$work/meson/subprojects/packagefiles"
	cd "$work/meson" || return
	cp "$recipes/meson/libmxsel.wrap" subprojects
	cp -R "$recipes/meson/packagefiles/libmxsel" "$tarball" \
		subprojects/packagefiles
	cp "$source/examples/mock_in_tests.c" program.c
	cat > meson.build <<-'END'
	project('scratch', 'c')
	parts = [dependency('libmxsel'), dependency('libmxsel-mock')]
	executable('program', 'program.c', dependencies: parts)
	END
	for kind in shared static; do
		{
			CC=$CC meson setup $kind --wrap-mode=forcefallback \
				-Dwerror=true -Ddefault_library=$kind &&
				ninja -C $kind && ./$kind/program
		} > "$kind.log" 2>&1 || cat "$kind.log"
	done
	nm -D shared/subprojects/*/libmxsel.so.0 2> /dev/null |
		sed -n 's/.* T \(mxsel_[a-z0-9_]*\).*/\1/p' | sort > exported
	sed -n 's/^[[:space:]]*\(mxsel_[a-z0-9_]*\);.*/\1/p' \
		"$source/lib/libmxsel.map" | sort | diff - exported
}

# rpm_build WHAT: -bs or -bb, with Debian's packages instead of Fedora's.
rpm_build()
{
	rpmbuild --quiet "$1" --nodeps --define "_topdir $work/rpm" \
		"$recipes/rpm/libmxsel.spec" > "$work/rpm.log" 2>&1 ||
		tail -n 40 "$work/rpm.log"
}

rpm_packages()
{
	mkdir -p "$work/rpm/SOURCES"
	cp "$tarball" "$work/rpm/SOURCES"
	rpmspec -P "$recipes/rpm/libmxsel.spec" > /dev/null
	grep -q "^Version: *${NAME#libmxsel-}\$" "$recipes/rpm/libmxsel.spec" ||
		echo 'the spec is for another version'
	rpm_build -bs
	test -e "$work"/rpm/SRPMS/*.src.rpm || echo 'no source package'
	test -z "$PACKAGES_SHORT" || return
	rpm_build -bb
	count=$(find "$work/rpm/RPMS" -name '*.rpm' ! -name '*debug*' | wc -l)
	test "$count" = 8 || echo "$count packages were built, not 8"
}

# Filled in as for a release, it is Ruby; that is all that is tried.
formula()
{
	sed -e "s|@URL@|file://$tarball|" -e "s|@SHA256@|$(sha256sum \
		"$tarball" | cut -d ' ' -f 1)|" \
		"$recipes/homebrew/libmxsel.rb.in" > "$work/libmxsel.rb"
	grep '@[A-Z0-9]*@' "$work/libmxsel.rb"
	ruby -wc "$work/libmxsel.rb" 2>&1 | grep -v '^Syntax OK$'
}

# other NAME TRIAL TOOL...: when the tools are here.
other()
{
	name=$1 trial=$2
	shift 2
	for tool; do
		command -v "$tool" > /dev/null && continue
		figure "$name" skipped "skipped: $tool" '0 faults'
		return
	done
	judge "$name" "$($trial)"
}

try_others()
{
	other 'meson: the core as a subproject' meson_project meson ninja
	if test -n "$PACKAGES_SHORT"; then
		other 'RPM: source package' rpm_packages rpmbuild
	else
		other 'RPM: source and binary packages' rpm_packages rpmbuild
	fi
	other 'Homebrew: the formula is Ruby' formula ruby
}

// What a mail server in Go relies on of a memory: what is reported changes the
// order of equals, and is kept.

package mxsel

import (
	"errors"
	"io/fs"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"syscall"
	"testing"
)

func newMemory(t *testing.T) *Memory {
	t.Helper()
	m, err := NewMemory(1 << 20)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.Close)
	return m
}

// last is which hosts of a tie came last, with so many seeds.
func last(t *testing.T, m *Memory, seeds uint64) string {
	t.Helper()
	found := make(map[string]bool)
	for seed := uint64(0); seed < seeds; seed++ {
		o, err := NewOptions()
		if err == nil {
			err = o.SetSeed(seed)
		}
		if err == nil {
			err = o.SetMemory(m)
		}
		if err != nil {
			t.Fatal(err)
		}
		s := selectOne(t, zoneClient(t, o), "tie.example")
		for s.Next() {
			if s.Attempt().Rank == 1 {
				found[s.Attempt().Host] = true
			}
		}
		o.Close()
	}
	var names []string
	for name := range found {
		names = append(names, name)
	}
	sort.Strings(names)
	return strings.Join(names, " ")
}

func TestAHostThatWasReportedGoesBehind(t *testing.T) {
	m := newMemory(t)
	for setting, value := range map[MemorySetting]int{
		MemoryExplore: 0, MemoryHalfLife: 3600} {
		if err := m.Set(setting, value); err != nil {
			t.Fatal(err)
		}
	}
	const both = "mx1.example mx2.example"
	if got := last(t, m, 30); got != both {
		t.Error(got)
	}
	err := m.Report("mx1.example", netip.Addr{}, 25, OutcomeRefused, 0, "")
	if err != nil {
		t.Fatal(err)
	}
	if got := last(t, m, 9); got != "mx1.example" {
		t.Error(got)
	}
	if err := m.Forget("mx1.example"); err != nil {
		t.Fatal(err)
	}
	if got := last(t, m, 30); got != both {
		t.Error(got)
	}
}

func TestWhatASelectionReportsIsKnown(t *testing.T) {
	m := newMemory(t)
	o, err := NewOptions()
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	if err := o.SetMemory(m); err != nil {
		t.Fatal(err)
	}
	hosts(t, selectOne(t, zoneClient(t, o), "two.example"))
	for _, name := range []string{"mx1.example", "192.0.2.12",
		"mx2.example", "2001:db8::2"} {
		e, known := m.Get(name, 25)
		if !known || len(e.Outcomes) == 0 ||
			e.Outcomes[0] != OutcomeRefused {
			t.Error(name, known, e)
		}
	}
}

func TestWhatIsKnownIsKeptInAFile(t *testing.T) {
	m := newMemory(t)
	v4 := netip.MustParseAddr("192.0.2.1")
	for _, err := range []error{
		m.Report("MX1.Example", v4, 25, OutcomeRefused, 0, ""),
		m.Report("mx1.example", v4, 25, OutcomeRcpt, 550, "5.7.1 No."),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	e, known := m.Get("mx1.example", 25)
	if !known || !e.IsHost || e.Score != 0 || e.Code != 550 ||
		e.Turn != 6 || !e.DoubtV4 || e.DoubtV6 || e.Again.IsValid() ||
		len(e.Outcomes) != 2 || e.Outcomes[1] != OutcomeRefused {
		t.Error(known, e)
	}
	if _, known := m.Get("mx1.example", 587); known {
		t.Error("known at another port")
	}
	if m.Count(MemoryReports) != 2 {
		t.Error(m.Count(MemoryReports))
	}
	path := filepath.Join(t.TempDir(), "memory")
	if err := m.Save(path); err != nil {
		t.Fatal(err)
	}
	again := newMemory(t)
	if err := again.Load(path); err != nil {
		t.Fatal(err)
	}
	count := 0
	again.Entries(func(e Entry) bool {
		count++
		return true
	})
	if count != 2 {
		t.Error(count, "entries")
	}
	if err := os.WriteFile(path, []byte("other\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := again.Load(path); !errors.Is(err, ErrSyntax) {
		t.Error(err)
	}
}

func TestWhatAMemoryDoesNotTake(t *testing.T) {
	m := newMemory(t)
	none := netip.Addr{}
	if _, err := NewMemory(1); !errors.Is(err, ErrRange) {
		t.Error(err)
	}
	err := m.Report("", none, 25, OutcomeRefused, 0, "")
	if !errors.Is(err, ErrUsage) {
		t.Error(err)
	}
	err = m.Report("..", none, 25, OutcomeRefused, 0, "")
	if !errors.Is(err, ErrSyntax) {
		t.Error(err)
	}
	if err := m.Set(MemoryHalfLife, 0); !errors.Is(err, ErrRange) {
		t.Error(err)
	}
	m.Close()
	if err := m.ForgetAll(); err != ErrClosed {
		t.Error(err)
	}
}

func refused(t *testing.T, host string) *Memory {
	t.Helper()
	m := newMemory(t)
	err := m.Report(host, netip.Addr{}, 25, OutcomeRefused, 0, "")
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestNothingIsClearedByAccident(t *testing.T) {
	m := refused(t, "mx1.example")
	if err := m.Forget(""); !errors.Is(err, ErrSyntax) {
		t.Error(err)
	}
	if m.Count(MemoryEntries) != 1 {
		t.Error(m.Count(MemoryEntries))
	}
	if err := m.ForgetAll(); err != nil || m.Count(MemoryEntries) != 0 {
		t.Error(err, m.Count(MemoryEntries))
	}
}

func TestAFileThatFailsSaysWhy(t *testing.T) {
	m := newMemory(t)
	err := m.Load("/does/not/exist")
	if !errors.Is(err, ErrFile) || !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	if !strings.Contains(err.Error(), ErrFile.Error()+": /does/not/exist: ") {
		t.Error(err)
	}
	var errno syscall.Errno
	err = m.Save(t.TempDir())
	if !errors.As(err, &errno) || errno != syscall.EISDIR ||
		errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}

// With the program that was built.
func TestAFileIsShownByTheProgram(t *testing.T) {
	folder := os.Getenv("MXSEL_BUILDDIR")
	if folder == "" {
		t.Skip("MXSEL_BUILDDIR")
	}
	path := filepath.Join(t.TempDir(), "memory")
	if err := refused(t, "mx1.example").Save(path); err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(folder, "mxsel")
	shown, err := exec.Command(program, "memory", path).Output()
	if err != nil || !strings.Contains(string(shown), "mx1.example") {
		t.Error(err, string(shown))
	}
}

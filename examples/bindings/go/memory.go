// How mail hosts behaved, for all clients that share it.

package mxsel

// #include <mxsel/ldns.h>
// #include <mxsel/memory.h>
import "C"

import (
	"net/netip"
	"runtime"
	"sync"
	"time"
)

// A Memory puts hosts that failed behind their equals. One may serve any
// number of clients and goroutines: Options.SetMemory.
type Memory struct {
	mu sync.RWMutex // C has locks of its own; this one is for Close
	p  *C.mxsel_memory
}

// A MemorySetting is one of those of a memory.
type MemorySetting int

// Settings; seconds, thousandths, seconds; 1: selections only read it.
const (
	MemoryHalfLife MemorySetting = C.MXSEL_MEMORY_HALF_LIFE
	MemoryExplore  MemorySetting = C.MXSEL_MEMORY_EXPLORE
	MemoryKeep     MemorySetting = C.MXSEL_MEMORY_KEEP
	MemoryReadOnly MemorySetting = C.MXSEL_MEMORY_READ_ONLY
)

// A MemoryCount is one of the counters of a memory.
type MemoryCount int

// Counters.
const (
	MemoryEntries MemoryCount = C.MXSEL_MEMORY_ENTRIES
	MemoryBytes   MemoryCount = C.MXSEL_MEMORY_BYTES
	MemoryReports MemoryCount = C.MXSEL_MEMORY_REPORTS
	MemoryEvicted MemoryCount = C.MXSEL_MEMORY_EVICTED
	MemoryBehind  MemoryCount = C.MXSEL_MEMORY_BEHIND
	MemoryProbes  MemoryCount = C.MXSEL_MEMORY_PROBES
)

// An Entry is what is known of one host or address. Fields that say nothing
// have the zero value.
type Entry struct {
	Name     string // a host name, or an address
	IsHost   bool
	Port     uint16
	Score    float64       // of failures, 0 to 4, now
	Age      time.Duration // since the last outcome
	Outcomes []Outcome     // the newest first
	Code     int           // of the newest reply
	Works    int           // the family that worked last, 4 or 6
	Turn     int           // the family that goes first once, 4 or 6
	DoubtV4  bool          // the family was rejected
	DoubtV6  bool
	Again    netip.Addr // said to come again
}

// NewMemory makes one that never takes more than so many bytes, 65536 or more.
// Its clock is the time of day: a file has the right age in any process.
func NewMemory(bytes int) (*Memory, error) {
	if bytes < 0 {
		return nil, ErrRange
	}
	m := new(Memory)
	// C calls C: the clock is the library's own.
	clock := C.mxsel_clock_fn(C.mxsel_ldns_time_of_day)
	err := check(C.mxsel_memory_new(&m.p, C.size_t(bytes), clock, nil))
	if err != nil {
		return nil, err
	}
	runtime.SetFinalizer(m, (*Memory).Close)
	return m, nil
}

// Close gives the memory back when the last client is gone.
func (m *Memory) Close() {
	m.mu.Lock()
	defer m.mu.Unlock()
	C.mxsel_memory_free(m.p)
	m.p = nil
	runtime.SetFinalizer(m, nil)
}

// use calls f while the memory is open.
func (m *Memory) use(f func(p *C.mxsel_memory) C.int) error {
	m.mu.RLock()
	defer m.mu.RUnlock()
	if m.p == nil {
		return ErrClosed
	}
	return check(f(m.p))
}

// useText is use with a text for C.
func (m *Memory) useText(text string,
	f func(p *C.mxsel_memory, text *C.char) C.int) error {
	c, err := cString(text)
	if err != nil {
		return err
	}
	defer free(c)
	return m.use(func(p *C.mxsel_memory) C.int { return f(p, c) })
}

// useFile is useText where errno says what is wrong with the file.
func (m *Memory) useFile(path string,
	f func(p *C.mxsel_memory, path *C.char) (C.int, error)) error {
	var why error
	err := m.useText(path, func(p *C.mxsel_memory, path *C.char) C.int {
		var r C.int
		r, why = f(p, path)
		return r
	})
	if err == ErrFile && why != nil {
		return &FileError{path, why}
	}
	return err
}

func cStringOrNull(text string) (*C.char, error) {
	if text == "" {
		return nil, nil
	}
	return cString(text)
}

// SetMemory makes clients remember what is reported, and order by it.
func (o *Options) SetMemory(m *Memory) error {
	m.mu.RLock()
	defer m.mu.RUnlock()
	if m.p == nil {
		return ErrClosed
	}
	return o.change(func(p *C.mxsel_options) C.int {
		return C.mxsel_options_set_memory(p, m.p)
	})
}

// Set sets one setting, at any time.
func (m *Memory) Set(setting MemorySetting, value int) error {
	return m.use(func(p *C.mxsel_memory) C.int {
		return C.mxsel_memory_set(p, C.int(setting), number(value))
	})
}

// Count reads one of the counters.
func (m *Memory) Count(which MemoryCount) (count uint64) {
	m.use(func(p *C.mxsel_memory) C.int {
		count = uint64(C.mxsel_memory_statistic(p, C.int(which)))
		return 0
	})
	return count
}

// Report tells of an attempt that no selection made. host "" or an address
// that is not valid: not known. code and reply are those of Selection.Report.
func (m *Memory) Report(host string, address netip.Addr, port uint16,
	outcome Outcome, code int, reply string) error {
	texts := []string{host, "", reply}
	if address.IsValid() {
		texts[1] = address.String()
	}
	var c [3]*C.char
	for i, text := range texts {
		var err error
		if c[i], err = cStringOrNull(text); err != nil {
			return err
		}
		defer free(c[i])
	}
	return m.use(func(p *C.mxsel_memory) C.int {
		return C.mxsel_memory_report(p, c[0], c[1], C.int(port),
			C.int(outcome), number(code), c[2])
	})
}

func flat(c *C.struct_mxsel_memory_entry) Entry {
	e := Entry{
		Name:    C.GoString(&c.name[0]),
		IsHost:  c.kind == C.MXSEL_MEMORY_HOST,
		Port:    uint16(c.port),
		Score:   float64(c.score) / 1000,
		Age:     time.Duration(c.age) * time.Millisecond,
		Code:    int(c.code),
		Works:   int(c.works),
		Turn:    int(c.turn),
		DoubtV4: c.doubt&1 != 0,
		DoubtV6: c.doubt&2 != 0,
	}
	for _, outcome := range c.outcomes {
		if outcome != 0 {
			e.Outcomes = append(e.Outcomes, Outcome(outcome))
		}
	}
	e.Again, _ = netip.ParseAddr(C.GoString(&c.again[0]))
	return e
}

// Get says what is known of one host or address.
func (m *Memory) Get(name string, port uint16) (e Entry, known bool) {
	var c C.struct_mxsel_memory_entry
	m.useText(name, func(p *C.mxsel_memory, name *C.char) C.int {
		known = C.mxsel_memory_get(p, name, C.int(port), &c) == 1
		return 0
	})
	if known {
		e = flat(&c)
	}
	return e, known
}

// Entries gives all that is known, in no order, until yield returns false; as
// of Go 1.23 for e := range m.Entries does.
func (m *Memory) Entries(yield func(Entry) bool) {
	var place C.uint64_t
	var c C.struct_mxsel_memory_entry
	for {
		more := false
		m.use(func(p *C.mxsel_memory) C.int {
			more = C.mxsel_memory_next(p, &place, &c) == 1
			return 0
		})
		if !more || !yield(flat(&c)) {
			return
		}
	}
}

// Forget forgets one host or address at every port.
func (m *Memory) Forget(name string) error {
	return m.useText(name, func(p *C.mxsel_memory, name *C.char) C.int {
		return C.mxsel_memory_forget(p, name)
	})
}

// ForgetAll forgets everything.
func (m *Memory) ForgetAll() error {
	return m.use(func(p *C.mxsel_memory) C.int {
		return C.mxsel_memory_forget(p, nil)
	})
}

// Save writes all that is known to a text file; the old one stays until the
// new one is whole.
func (m *Memory) Save(path string) error {
	return m.useFile(path, func(p *C.mxsel_memory,
		path *C.char) (C.int, error) {
		r, err := C.mxsel_memory_save(p, path)
		return r, err
	})
}

// Load makes known what such a file says, besides what is known.
func (m *Memory) Load(path string) error {
	return m.useFile(path, func(p *C.mxsel_memory,
		path *C.char) (C.int, error) {
		r, err := C.mxsel_memory_load(p, path)
		return r, err
	})
}

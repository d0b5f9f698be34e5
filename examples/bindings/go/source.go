// Who answers the questions of selections: master files and the blocking DNS
// of the library here; engine.go and resolver.go have the others.

package mxsel

// #include <stdlib.h>
// #include <mxsel/ldns.h>
import "C"

import (
	"context"
	"runtime"
	"sync"
	"unsafe"
)

// A Source answers questions: a *Zone, a *DNS, an *Engine, or what From makes
// of a Resolver. One may serve any number of clients.
type Source interface {
	// prepare makes options ask the source.
	prepare(p *C.mxsel_options) error
	// lock and unlock are around whatever is done with a selection.
	lock()
	unlock()
	// step is mxsel_next until it is through, or mxsel_next_host when
	// the host is to be left. The lock is held but for the time of
	// waiting.
	step(ctx context.Context, m *C.mxsel, leave bool) (C.int, error)
	// forget is called before a selection is freed.
	forget(m *C.mxsel)
}

func next(m *C.mxsel, leave bool) C.int {
	if leave {
		return C.mxsel_next_host(m)
	}
	return C.mxsel_next(m)
}

// blocking is a source of the library that has each answer when mxsel_next
// returns.
type blocking struct {
	mu sync.Mutex
	p  *C.mxsel_resolver
}

func (b *blocking) prepare(p *C.mxsel_options) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.p == nil {
		return ErrClosed
	}
	return check(C.mxsel_options_set_resolver(p, b.p))
}

// Each selection has a lock of its own; the resolver may be shared.
func (b *blocking) lock()   {}
func (b *blocking) unlock() {}

func (b *blocking) forget(m *C.mxsel) {}

func (b *blocking) step(ctx context.Context, m *C.mxsel,
	leave bool) (C.int, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	r := next(m, leave)
	return r, check(r)
}

// Close gives the memory back when the last client is gone.
func (b *blocking) Close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	C.mxsel_resolver_free(b.p)
	b.p = nil
}

// A Zone answers from master files (RFC 1035, section 5).
type Zone struct{ blocking }

// OpenZone reads master files, each of them one zone.
func OpenZone(files ...string) (*Zone, error) {
	names := make([]*C.char, len(files))
	defer func() {
		for _, name := range names {
			free(name)
		}
	}()
	for i, file := range files {
		name, err := cString(file)
		if err != nil {
			return nil, err
		}
		names[i] = name
	}
	if len(files) == 0 {
		return nil, ErrUsage
	}
	// The array goes to C's memory: it holds C's pointers anyhow.
	size := C.size_t(len(names)) * C.size_t(unsafe.Sizeof(names[0]))
	array := (**C.char)(C.malloc(size))
	defer C.free(unsafe.Pointer(array))
	copy(unsafe.Slice(array, len(names)), names)
	z := new(Zone)
	err := check(C.mxsel_ldns_zone_new(&z.p, array, C.size_t(len(names))))
	return z.made(err)
}

// ParseZone reads the text of a master file.
func ParseZone(text string) (*Zone, error) {
	c, err := cString(text)
	if err != nil {
		return nil, err
	}
	defer free(c)
	z := new(Zone)
	return z.made(check(C.mxsel_ldns_zone_text_new(&z.p, c)))
}

func (z *Zone) made(err error) (*Zone, error) {
	if err != nil {
		return nil, err
	}
	runtime.SetFinalizer(z, (*Zone).Close)
	return z, nil
}

// DNS asks name servers. Next waits inside of C for each answer and holds a
// thread of the system meanwhile; a context counts between the questions, the
// setting "time_limit" always. For many at once take an Engine.
type DNS struct{ blocking }

// NewDNS asks the servers given ("192.0.2.53", "::1@5353"), or with none
// those of /etc/resolv.conf.
func NewDNS(servers ...string) (*DNS, error) {
	d := new(DNS)
	conf := resolvConf(servers)
	defer free(conf)
	if err := check(C.mxsel_ldns_new(&d.p, conf)); err != nil {
		return nil, err
	}
	runtime.SetFinalizer(d, (*DNS).Close)
	for _, server := range servers {
		c, err := cString(server)
		if err == nil {
			err = check(C.mxsel_ldns_add_server(d.p, c))
			free(c)
		}
		if err != nil {
			d.Close()
			return nil, err
		}
	}
	return d, nil
}

// resolvConf is NULL, for the system's file, only without servers.
func resolvConf(servers []string) *C.char {
	if len(servers) == 0 {
		return nil
	}
	return C.CString("")
}

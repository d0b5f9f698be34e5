// Clients, and selections: one destination, its plan, its verdict.

package mxsel

// #include <stdlib.h>
// #include <mxsel/mxsel.h>
// #include <mxsel/security.h>
import "C"

import (
	"context"
	"net/netip"
	"runtime"
	"sync"
	"unsafe"
)

// A Client makes selections that share settings and a source.
type Client struct {
	mu      sync.Mutex
	options *C.mxsel_options
	source  Source
}

// NewClient makes a client. options nil: every default.
func NewClient(options *Options, source Source) (*Client, error) {
	if source == nil {
		return nil, ErrUsage
	}
	c := &Client{source: source}
	var err error
	if options == nil {
		err = check(C.mxsel_options_new(&c.options))
	} else {
		err = options.change(func(p *C.mxsel_options) C.int {
			return C.mxsel_options_copy(&c.options, p)
		})
	}
	if err == nil {
		err = source.prepare(c.options)
	}
	if err != nil {
		C.mxsel_options_free(c.options)
		return nil, err
	}
	runtime.SetFinalizer(c, (*Client).Close)
	return c, nil
}

// Close gives the memory back. Selections that were made stay.
func (c *Client) Close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	C.mxsel_options_free(c.options)
	c.options = nil
	runtime.SetFinalizer(c, nil)
}

// Select begins with a destination: a domain, a mailbox, an address literal
// or a next hop. One that is none of them is no error, but ends with the
// verdict ReasonBadDestination. ctx holds for every Next.
func (c *Client) Select(ctx context.Context,
	destination string) (*Selection, error) {
	octets := C.CBytes([]byte(destination))
	defer C.free(octets)
	return c.begin(ctx, func(p **C.mxsel) C.int {
		return C.mxsel_new_bytes(p, (*C.char)(octets),
			C.size_t(len(destination)), c.options)
	})
}

// Resume goes on with a selection that Save wrote, at the same place.
func (c *Client) Resume(ctx context.Context,
	saved []byte) (*Selection, error) {
	s, err := c.begin(ctx, func(p **C.mxsel) C.int {
		return C.mxsel_resume(p, first(saved), C.size_t(len(saved)),
			c.options)
	})
	if err == nil && C.mxsel_host_preference(s.p) >= 0 {
		s.attempt = attemptOf(s.p)
	}
	return s, err
}

func (c *Client) begin(ctx context.Context,
	f func(p **C.mxsel) C.int) (*Selection, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.options == nil {
		return nil, ErrClosed
	}
	var m *C.mxsel
	if err := check(f(&m)); err != nil {
		return nil, err
	}
	s := &Selection{p: m, ctx: ctx, source: c.source}
	runtime.SetFinalizer(s, (*Selection).Close)
	return s, nil
}

// A Selection is one destination. Call Next until it is false, then look at
// Err and Verdict.
type Selection struct {
	mu      sync.Mutex
	p       *C.mxsel
	ctx     context.Context
	source  Source
	attempt Attempt
	err     error
}

// An Attempt is one address to try.
type Attempt struct {
	Host       string // the MX's name as published
	Canonical  string // the name that has the address, after aliases
	Preference int
	Rank       int        // the host's place in the plan, from 0
	Address    netip.Addr // not valid for .onion
	Port       uint16
	Source     PlanSource
	Secure     bool // DNSSEC vouches for the address
	Posture    Posture
	TLSName    string   // for server name indication
	Identities []string // the certificate must be for one of them
	TLSA       []TLSA   // for DANE
}

// AddrPort is where to connect.
func (a Attempt) AddrPort() netip.AddrPort {
	return netip.AddrPortFrom(a.Address, a.Port)
}

// A Verdict is what becomes of the mail.
type Verdict struct {
	Action Action
	Reason Reason
	Code   int    // the SMTP reply code
	Status string // the enhanced status (RFC 3463)
	Text   string // one sentence for log and bounce
	Reply  string // what the host replied that decided
	Host   string // and which that was
}

// A Rejected is something that is not used, and why.
type Rejected struct {
	Reason     Reject
	Preference int
	Subject    string
}

// enter locks; false: it is closed.
func (s *Selection) enter() bool {
	s.mu.Lock()
	s.source.lock()
	return s.p != nil
}

func (s *Selection) leave() {
	s.source.unlock()
	s.mu.Unlock()
}

// Close gives the memory back. It waits for a Next that is under way: cancel
// its context.
func (s *Selection) Close() {
	if s.enter() {
		s.source.forget(s.p)
		C.mxsel_free(s.p)
		s.p = nil
		runtime.SetFinalizer(s, nil)
	}
	s.leave()
}

// Next goes on to the next address to try. False: there is none left, or Err
// says what failed. Where the failure was ErrNoMemory it may be called again.
func (s *Selection) Next() bool {
	return s.goOn(false)
}

// NextHost leaves the other addresses of the host reached.
func (s *Selection) NextHost() bool {
	return s.goOn(true)
}

func (s *Selection) goOn(leave bool) bool {
	defer s.leave()
	open := s.enter()
	s.attempt = Attempt{}
	if !open {
		s.err = ErrClosed
		return false
	}
	var r C.int
	r, s.err = s.source.step(s.ctx, s.p, leave)
	if s.err != nil || r != C.MXSEL_ATTEMPT {
		return false
	}
	s.attempt = attemptOf(s.p)
	return true
}

func attemptOf(m *C.mxsel) Attempt {
	a := Attempt{
		Host:       C.GoString(C.mxsel_host_name(m)),
		Canonical:  C.GoString(C.mxsel_host_canonical(m)),
		Preference: int(C.mxsel_host_preference(m)),
		Rank:       int(C.mxsel_host_rank(m)),
		Port:       uint16(C.mxsel_port(m)),
		Source:     PlanSource(C.mxsel_host_source(m)),
		Secure:     C.mxsel_address_is_secure(m) == 1,
		Posture:    Posture(C.mxsel_posture(m)),
		TLSName:    C.GoString(C.mxsel_tls_name(m)),
	}
	a.Address, _ = netip.ParseAddr(C.GoString(C.mxsel_address(m)))
	for i := C.size_t(0); i < C.mxsel_tls_identity_count(m); i++ {
		a.Identities = append(a.Identities,
			C.GoString(C.mxsel_tls_identity(m, i)))
	}
	for i := C.size_t(0); i < C.mxsel_tlsa_count(m); i++ {
		a.TLSA = append(a.TLSA, tlsaOf(m, i))
	}
	return a
}

func tlsaOf(m *C.mxsel, i C.size_t) TLSA {
	var usage, selector, matching C.int
	var data *C.uint8_t
	var length C.size_t
	C.mxsel_tlsa(m, i, &usage, &selector, &matching, &data, &length)
	return TLSA{
		Usage:    int(usage),
		Selector: int(selector),
		Matching: int(matching),
		Data:     C.GoBytes(unsafe.Pointer(data), C.int(length)),
	}
}

// Attempt is the one that Next reached.
func (s *Selection) Attempt() Attempt {
	defer s.leave()
	s.enter()
	return s.attempt
}

// Err is why the last Next failed; nil when it did not.
func (s *Selection) Err() error {
	defer s.leave()
	s.enter()
	return s.err
}

// do calls f while nobody else is in the selection.
func (s *Selection) do(f func(m *C.mxsel) C.int) error {
	defer s.leave()
	if !s.enter() {
		return ErrClosed
	}
	return check(f(s.p))
}

// Report says what became of the attempt reached. code is that of a reply,
// for outcomes that HasCode; text its text, which may be empty.
func (s *Selection) Report(outcome Outcome, code int, text string) error {
	c, err := cString(text)
	if err != nil {
		return err
	}
	defer free(c)
	return s.do(func(m *C.mxsel) C.int {
		return C.mxsel_report(m, number(int(outcome)), number(code), c)
	})
}

// RequireTLS says that the message asks for TLS to each host (RFC 8689).
// Before the first Next.
func (s *Selection) RequireTLS() error {
	return s.do(func(m *C.mxsel) C.int {
		return C.mxsel_set_tls(m, C.MXSEL_TLS_REQUIRED)
	})
}

// Rewind goes back to before the first attempt.
func (s *Selection) Rewind() error {
	return s.do(func(m *C.mxsel) C.int { return C.mxsel_rewind(m) })
}

// Save is the selection as octets, for Resume.
func (s *Selection) Save() ([]byte, error) {
	var saved []byte
	err := s.do(func(m *C.mxsel) C.int {
		var size C.size_t
		r := C.mxsel_save(m, nil, &size)
		if r != C.MXSEL_ESPACE {
			return r
		}
		saved = make([]byte, int(size))
		return C.mxsel_save(m, first(saved), &size)
	})
	return saved, err
}

// Verdict is what to do with the mail, as far as is known now.
func (s *Selection) Verdict() (v Verdict) {
	_ = s.do(func(m *C.mxsel) C.int {
		v = Verdict{
			Action: Action(C.mxsel_verdict_action(m)),
			Reason: Reason(C.mxsel_verdict_reason(m)),
			Code:   int(C.mxsel_verdict_code(m)),
			Status: C.GoString(C.mxsel_verdict_status(m)),
			Text:   C.GoString(C.mxsel_verdict_text(m)),
			Reply:  C.GoString(C.mxsel_verdict_reply(m)),
			Host:   C.GoString(C.mxsel_verdict_host(m)),
		}
		return 0
	})
	return v
}

// Rejected lists what was dropped, in the order it was judged.
func (s *Selection) Rejected() (all []Rejected) {
	_ = s.do(func(m *C.mxsel) C.int {
		var reason, preference C.int
		var subject *C.char
		for i := C.size_t(0); C.mxsel_rejected(m, i, &reason,
			&preference, &subject) == 0; i++ {
			all = append(all, Rejected{Reject(reason),
				int(preference), C.GoString(subject)})
		}
		return 0
	})
	return all
}

// Source is where the hosts come from.
func (s *Selection) Source() (source PlanSource) {
	_ = s.do(func(m *C.mxsel) C.int {
		source = PlanSource(C.mxsel_source(m))
		return 0
	})
	return source
}

// TTL is for how many seconds everything used so far may be kept.
func (s *Selection) TTL() (ttl uint32) {
	_ = s.do(func(m *C.mxsel) C.int {
		ttl = uint32(C.mxsel_ttl(m))
		return 0
	})
	return ttl
}

// Seed gives the same order again with Options.SetSeed.
func (s *Selection) Seed() (uint64, error) {
	var seed C.uint64_t
	err := s.do(func(m *C.mxsel) C.int {
		return C.mxsel_seed(m, &seed)
	})
	return uint64(seed), err
}

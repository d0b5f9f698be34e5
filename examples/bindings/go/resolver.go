// Resolvers written in Go. The library is asked for its open questions and
// given the answers; nothing of C holds anything of Go.

package mxsel

// #include <mxsel/mxsel.h>
import "C"

import (
	"context"
	"errors"
	"net/netip"
	"unsafe"
)

// A Resolver answers questions. name has no final dot; the class is IN. All
// open questions of a selection are asked at once, from a goroutine each, so
// it must be safe for that. An error is a failure for now, never an answer:
// the mail is kept. When ctx is over nobody waits for the answer.
type Resolver interface {
	Resolve(ctx context.Context, name string, t Type) (Answer, error)
}

// ResolverFunc is a function as a Resolver.
type ResolverFunc func(ctx context.Context, name string,
	t Type) (Answer, error)

// Resolve calls f.
func (f ResolverFunc) Resolve(ctx context.Context, name string,
	t Type) (Answer, error) {
	return f(ctx, name, t)
}

// An Answer is what is known of a question. Records count with Complete only;
// none at all means that there are none.
type Answer struct {
	End       End
	Aliases   []Alias // from the name asked on, in their order
	MX        []MX
	Addresses []Address // of the family asked
	TLSA      []TLSA
	// NegativeTTL says how long that there is nothing may be kept; nil:
	// it is not known. With aliases alone it also says that their end has
	// nothing; else that is asked next.
	NegativeTTL *uint32
	Security    Security
}

// An Alias is a CNAME record.
type Alias struct {
	Target string
	TTL    uint32
}

// MX is an MX record. Exchange is a name as in a master file: "." is the
// root.
type MX struct {
	Preference uint16
	Exchange   string
	TTL        uint32
}

// An Address is an A or AAAA record.
type Address struct {
	Address netip.Addr
	TTL     uint32
}

// TLSA is a TLSA record (RFC 6698, section 2.1).
type TLSA struct {
	Usage, Selector, Matching int
	Data                      []byte
	TTL                       uint32
}

// From makes a Source of a Resolver.
func From(r Resolver) Source {
	return &pull{r}
}

type pull struct{ resolver Resolver }

// Without a resolver of the options it is pulled.
func (p *pull) prepare(*C.mxsel_options) error { return nil }
func (p *pull) lock()                          {}
func (p *pull) unlock()                        {}
func (p *pull) forget(*C.mxsel)                {}

// A question under way: only the goroutine that is in the selection touches
// the pointer.
type question struct {
	q      *C.mxsel_query
	name   string
	t      Type
	answer Answer
}

func (p *pull) step(ctx context.Context, m *C.mxsel,
	leave bool) (C.int, error) {
	for {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		r := next(m, leave)
		if r != C.MXSEL_LOOKUP {
			return r, check(r)
		}
		if err := p.answerAll(ctx, m); err != nil {
			return 0, err
		}
		leave = false // that has been done
	}
}

// answerAll asks for all open questions at once and waits for all answers.
func (p *pull) answerAll(ctx context.Context, m *C.mxsel) error {
	count, answered := 0, make(chan question)
	abandoned := make(chan struct{})
	defer close(abandoned)
	for q := C.mxsel_query_take(m); q != nil; q = C.mxsel_query_take(m) {
		count++
		go p.ask(ctx, question{
			q:    q,
			name: C.GoString(C.mxsel_query_name(q)),
			t:    Type(C.mxsel_query_type(q)),
		}, answered, abandoned)
	}
	if count == 0 {
		// Taken before a context ended, and never answered.
		return ErrUsage
	}
	for ; count > 0; count-- {
		select {
		case one := <-answered:
			if err := one.hand(); err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

func (p *pull) ask(ctx context.Context, one question,
	answered chan<- question, abandoned <-chan struct{}) {
	answer, err := p.resolver.Resolve(ctx, one.name, one.t)
	switch {
	case err == nil:
		one.answer = answer
	case errors.Is(err, context.DeadlineExceeded):
		one.answer = Answer{End: Timeout}
	default:
		one.answer = Answer{End: Network}
	}
	select {
	case answered <- one:
	case <-abandoned:
	}
}

// hand gives the answer to the library. A record that it cannot take makes
// the answer a failure, never an answer with less in it.
func (one *question) hand() error {
	end := one.answer.End
	if end == Complete || end == NXDomain {
		if one.addAll() != nil {
			end = Malformed
		}
	}
	r := C.mxsel_answer_finish(one.q, number(int(end)),
		number(int(one.answer.Security)))
	if r == C.MXSEL_ERANGE {
		r = C.mxsel_answer_finish(one.q, C.MXSEL_DNS_MALFORMED,
			C.MXSEL_SECURITY_INDETERMINATE)
	}
	return check(r)
}

func (one *question) addAll() error {
	for _, alias := range one.answer.Aliases {
		if err := one.addAlias(alias); err != nil {
			return err
		}
	}
	for _, mx := range one.answer.MX {
		if err := one.addMX(mx); err != nil {
			return err
		}
	}
	for _, address := range one.answer.Addresses {
		if err := one.addAddress(address); err != nil {
			return err
		}
	}
	for _, tlsa := range one.answer.TLSA {
		if err := one.addTLSA(tlsa); err != nil {
			return err
		}
	}
	if ttl := one.answer.NegativeTTL; ttl != nil {
		return check(C.mxsel_answer_negative_ttl(one.q,
			C.uint32_t(*ttl)))
	}
	return nil
}

func (one *question) addAlias(alias Alias) error {
	c, err := cString(alias.Target)
	if err != nil {
		return err
	}
	defer free(c)
	return check(C.mxsel_answer_alias(one.q, c, C.uint32_t(alias.TTL)))
}

func (one *question) addMX(mx MX) error {
	c, err := cString(mx.Exchange)
	if err != nil {
		return err
	}
	defer free(c)
	return check(C.mxsel_answer_mx(one.q, C.uint16_t(mx.Preference), c,
		C.uint32_t(mx.TTL)))
}

func (one *question) addAddress(address Address) error {
	octets := address.Address.AsSlice()
	if one.t == TypeA {
		octets = address.Address.Unmap().AsSlice()
	}
	return check(C.mxsel_answer_address(one.q, first(octets),
		C.size_t(len(octets)), C.uint32_t(address.TTL)))
}

func (one *question) addTLSA(t TLSA) error {
	return check(C.mxsel_answer_tlsa(one.q, number(t.Usage),
		number(t.Selector), number(t.Matching), first(t.Data),
		C.size_t(len(t.Data)), C.uint32_t(t.TTL)))
}

// first is the address of the first octet for C, which does not keep it.
func first(octets []byte) *C.uint8_t {
	if len(octets) == 0 {
		return nil
	}
	return (*C.uint8_t)(unsafe.Pointer(&octets[0]))
}

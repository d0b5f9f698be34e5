// Resolvers written in Go: what they say counts, and what they cannot say is
// never taken for "there is nothing".

package mxsel

import (
	"context"
	"errors"
	"math"
	"net/netip"
	"sync/atomic"
	"testing"
	"time"
)

func address(text string) []Address {
	return []Address{{Address: netip.MustParseAddr(text), TTL: 60}}
}

func goClient(t *testing.T, options *Options, r ResolverFunc) *Client {
	t.Helper()
	client, err := NewClient(options, From(r))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return client
}

// answers has a plan of two hosts, one of which is an alias.
func answers(_ context.Context, name string, t Type) (Answer, error) {
	switch name + " " + t.String() {
	case "mail.test MX":
		return Answer{MX: []MX{{10, "a.test", 60},
			{20, "b.test", 60}}}, nil
	case "a.test A":
		return Answer{Aliases: []Alias{{"c.test", 60}}}, nil
	case "c.test A":
		return Answer{Addresses: address("192.0.2.3")}, nil
	case "b.test AAAA":
		return Answer{Addresses: address("2001:db8::b")}, nil
	case "null.test MX":
		return Answer{MX: []MX{{0, ".", 60}}}, nil
	case "gone.test MX":
		return Answer{End: NXDomain, NegativeTTL: seconds(7)}, nil
	}
	return Answer{NegativeTTL: seconds(300)}, nil
}

func seconds(n uint32) *uint32 { return &n }

func TestAResolverInGo(t *testing.T) {
	c := goClient(t, nil, answers)
	s := selectOne(t, c, "mail.test")
	if !s.Next() {
		t.Fatal(s.Err(), s.Verdict())
	}
	a := s.Attempt()
	if a.Host != "a.test" || a.Canonical != "c.test" ||
		a.Address.String() != "192.0.2.3" || s.TTL() != 60 {
		t.Errorf("%+v %d", a, s.TTL())
	}
	if !s.NextHost() || s.Attempt().Address.String() != "2001:db8::b" {
		t.Error("the next host:", s.Attempt(), s.Err())
	}
	s = selectOne(t, c, "null.test")
	if s.Next() || s.Verdict().Reason != ReasonNullMX {
		t.Error(s.Verdict())
	}
	s = selectOne(t, c, "gone.test")
	if s.Next() || s.Verdict().Reason != ReasonNoDomain || s.TTL() != 7 {
		t.Error(s.Verdict(), s.TTL())
	}
}

func TestAFailureIsNeverAnAnswer(t *testing.T) {
	for what, r := range map[string]ResolverFunc{
		"an error": func(context.Context, string, Type) (Answer,
			error) {
			return Answer{}, errors.New("no network")
		},
		"a failure": func(context.Context, string, Type) (Answer,
			error) {
			return Answer{End: ServFail}, nil
		},
		"a record of another type": func(context.Context, string,
			Type) (Answer, error) {
			return Answer{Addresses: address("192.0.2.1")}, nil
		},
		"an alias that is none": func(context.Context, string,
			Type) (Answer, error) {
			return Answer{Aliases: []Alias{{"a..b", 1}}}, nil
		},
		"an end that is none": func(context.Context, string,
			Type) (Answer, error) {
			return Answer{End: 99}, nil
		},
		"an end for C's int": func(context.Context, string,
			Type) (Answer, error) {
			return Answer{End: math.MinInt}, nil // 0 as C's int
		},
		"a security for C's int": func(context.Context, string,
			Type) (Answer, error) {
			return Answer{End: NXDomain, Security: math.MinInt},
				nil
		},
		"bogus": func(context.Context, string, Type) (Answer, error) {
			return Answer{End: NXDomain, Security: Bogus}, nil
		},
		"a security that is none": func(context.Context, string,
			Type) (Answer, error) {
			return Answer{End: NXDomain, Security: 17}, nil
		},
	} {
		s := selectOne(t, goClient(t, nil, r), "mail.test")
		if s.Next() || s.Err() != nil || s.Verdict().Action != Defer {
			t.Errorf("%s: %v %+v", what, s.Err(), s.Verdict())
		}
	}
}

func TestOpenQuestionsAreAskedAtOnce(t *testing.T) {
	o := newOptions(t, 1)
	if err := o.Set("prefetch", 128); err != nil {
		t.Fatal(err)
	}
	var count int32
	both := make(chan struct{})
	r := func(ctx context.Context, name string, t Type) (Answer, error) {
		if t == TypeMX {
			return answers(ctx, name, t)
		}
		if atomic.AddInt32(&count, 1) == 2 {
			close(both)
		}
		select {
		case <-both: // two are here at the same time
		case <-time.After(10 * time.Second):
		}
		return answers(ctx, name, t)
	}
	s := selectOne(t, goClient(t, o, r), "mail.test")
	if !s.Next() {
		t.Error(s.Err(), s.Verdict())
	}
	select {
	case <-both:
	default:
		t.Error("one after the other")
	}
}

func TestACanceledContextEndsTheWaiting(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	asked := make(chan struct{})
	c := goClient(t, nil, func(ctx context.Context, _ string,
		_ Type) (Answer, error) {
		close(asked)
		<-ctx.Done()
		return Answer{}, ctx.Err()
	})
	s, err := c.Select(ctx, "mail.test")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	go func() {
		<-asked
		cancel()
	}()
	for i := 0; i < 2; i++ {
		if s.Next() || !errors.Is(s.Err(), context.Canceled) {
			t.Error(s.Err())
		}
	}
	if s.Verdict().Action != Try {
		t.Error("nothing is decided:", s.Verdict())
	}
}

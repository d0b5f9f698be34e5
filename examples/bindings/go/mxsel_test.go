// What a mail server in Go relies on: plans from master files, reports,
// verdicts, errors, and that nothing goes wrong when many are at it.

package mxsel

import (
	"bytes"
	"context"
	"errors"
	"math"
	"strings"
	"sync"
	"testing"
)

const zoneText = `$ORIGIN example.
$TTL 300
@ SOA ns.example. hostmaster.example. 1 3600 600 86400 300
@ NS ns
ns A 192.0.2.1
two MX 10 mx1
two MX 20 mx2
mx1 A 192.0.2.11
mx1 A 192.0.2.12
mx2 AAAA 2001:db8::2
tie MX 10 mx1
tie MX 10 mx2
nomail MX 0 .
loop MX 10 here
here A 192.0.2.25
`

func zoneClient(t *testing.T, options *Options) *Client {
	t.Helper()
	zone, err := ParseZone(zoneText)
	if err != nil {
		t.Fatal(err)
	}
	client, err := NewClient(options, zone)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		client.Close()
		zone.Close()
	})
	return client
}

func selectOne(t *testing.T, c *Client, destination string) *Selection {
	t.Helper()
	s, err := c.Select(context.Background(), destination)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// hosts reports each attempt as refused.
func hosts(t *testing.T, s *Selection) (all []string) {
	t.Helper()
	for s.Next() {
		all = append(all, s.Attempt().Host)
		if err := s.Report(OutcomeRefused, 0, ""); err != nil {
			t.Fatal(err)
		}
	}
	if s.Err() != nil {
		t.Fatal(s.Err())
	}
	return all
}

func newOptions(t *testing.T, seed uint64) *Options {
	t.Helper()
	o, err := NewOptions()
	if err == nil {
		err = o.SetSeed(seed)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(o.Close)
	return o
}

func TestHostsComeInTheirOrder(t *testing.T) {
	s := selectOne(t, zoneClient(t, nil), "user@two.example")
	if !s.Next() {
		t.Fatal(s.Err(), s.Verdict())
	}
	a := s.Attempt()
	if a.Host != "mx1.example" || a.Preference != 10 || a.Port != 25 ||
		a.Source != FromMX || a.Posture != Opportunistic ||
		a.AddrPort().String() != "192.0.2.11:25" &&
			a.AddrPort().String() != "192.0.2.12:25" {
		t.Errorf("%+v", a)
	}
	if v := s.Verdict(); v.Action != Try {
		t.Error("it is not over:", v)
	}
	if !s.NextHost() || s.Attempt().Host != "mx2.example" ||
		s.Attempt().Address.String() != "2001:db8::2" {
		t.Error("the next host:", s.Attempt(), s.Err())
	}
	if s.Next() || s.Err() != nil || s.Verdict().Action != Defer {
		t.Error("who was tried and not reported:", s.Verdict())
	}
}

func TestTheReplyOfAHostDecides(t *testing.T) {
	s := selectOne(t, zoneClient(t, nil), "two.example")
	s.Next()
	err := s.Report(OutcomeRcpt, 550, "5.1.1 Nobody of that name")
	if err != nil || s.Next() {
		t.Error("nothing is tried after 550:", err)
	}
	v := s.Verdict()
	if v.Action != Bounce || v.Reason != ReasonReply || v.Code != 550 ||
		v.Status != "5.1.1" || v.Host != "mx1.example" ||
		v.Reply != "5.1.1 Nobody of that name" {
		t.Errorf("%+v", v)
	}
}

func TestDeliveredIsTheEnd(t *testing.T) {
	s := selectOne(t, zoneClient(t, nil), "two.example")
	s.Next()
	if err := s.Report(OutcomeDelivered, 0, ""); err != nil || s.Next() {
		t.Error(err)
	}
	if s.Verdict().Action != Delivered {
		t.Error(s.Verdict())
	}
}

func TestVerdictsWithoutAHost(t *testing.T) {
	o := newOptions(t, 1)
	if err := o.AddSelfName("here.example"); err != nil {
		t.Fatal(err)
	}
	c := zoneClient(t, o)
	for destination, status := range map[string]string{
		"nomail.example":         "5.1.10",
		"loop.example":           "5.4.6",
		"gone.example":           "5.1.2",
		"outside.test":           "4.4.3",
		"no destination":         "5.1.3",
		"two.example\x00.evil":   "5.1.3",
		"b\xfccher.example":      "5.1.3",
		"[192.0.2.300]":          "5.1.3",
		"user@[127.0.0.1]":       "5.7.1",
		strings.Repeat("x", 400): "5.1.3",
	} {
		s := selectOne(t, c, destination)
		if s.Next() || s.Err() != nil || s.Verdict().Status != status {
			t.Errorf("%q: %v %+v", destination, s.Err(),
				s.Verdict())
		}
	}
	s := selectOne(t, c, "loop.example")
	hosts(t, s)
	rejected := s.Rejected()
	if len(rejected) != 1 || rejected[0].Reason.String() != "self" ||
		rejected[0].Preference != 10 ||
		rejected[0].Subject != "here.example" {
		t.Errorf("%+v", rejected)
	}
}

func TestTheSeedFixesTheOrder(t *testing.T) {
	first := map[string]int{}
	for seed := uint64(1); seed <= 40; seed++ {
		c := zoneClient(t, newOptions(t, seed))
		one := hosts(t, selectOne(t, c, "tie.example"))
		two := hosts(t, selectOne(t, c, "tie.example"))
		if strings.Join(one, " ") != strings.Join(two, " ") {
			t.Error(seed, one, two)
		}
		first[one[0]]++
	}
	if first["mx1.example"] < 8 || first["mx2.example"] < 8 {
		t.Error("equal hosts share:", first)
	}
}

func TestSaveAndResume(t *testing.T) {
	c := zoneClient(t, nil)
	s := selectOne(t, c, "two.example")
	s.Next()
	if err := s.Report(OutcomeTimeout, 0, ""); err != nil {
		t.Fatal(err)
	}
	saved, err := s.Save()
	if err != nil || len(saved) == 0 {
		t.Fatal(err)
	}
	again, err := c.Resume(context.Background(), saved)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if again.Attempt().Address != s.Attempt().Address {
		t.Error("the attempt reached:", again.Attempt())
	}
	rest, same := hosts(t, s), hosts(t, again)
	if len(rest) == 0 ||
		strings.Join(rest, " ") != strings.Join(same, " ") {
		t.Error(rest, same)
	}
	if err := s.Rewind(); err != nil || len(hosts(t, s)) != 3 {
		t.Error("rewound:", err)
	}
	for _, bad := range [][]byte{nil, saved[:len(saved)/2],
		bytes.Repeat([]byte{7}, 100)} {
		if _, err := c.Resume(context.Background(), bad); err == nil {
			t.Errorf("%d octets that Save did not write", len(bad))
		}
	}
}

func TestErrors(t *testing.T) {
	o := newOptions(t, 1)
	var number Error
	if err := o.Set("port", 0); !errors.Is(err, ErrRange) ||
		!errors.As(err, &number) || number != -3 ||
		!strings.HasPrefix(err.Error(), "mxsel: ") {
		t.Error("a bad value:", err)
	}
	if err := o.Set("no_such", 1); !errors.Is(err, ErrRange) {
		t.Error("no such setting:", err)
	}
	if err := o.Set("port", 2525); err != nil {
		t.Error(err)
	}
	if port, err := o.Get("port"); port != 2525 || err != nil {
		t.Error(port, err)
	}
	if err := o.AddSelfName("a..b"); !errors.Is(err, ErrSyntax) {
		t.Error("no name:", err)
	}
	if err := o.AddSelfName("a\x00b"); !errors.Is(err, ErrSyntax) {
		t.Error("a NUL:", err)
	}
	if err := o.AddSelfAddress("192.0.2"); !errors.Is(err, ErrSyntax) {
		t.Error("no address:", err)
	}
	if err := o.AllowNetwork("127.0.0.0/8"); err != nil {
		t.Error(err)
	}
	if _, err := OpenZone("no/such/file"); !errors.Is(err, ErrFile) {
		t.Error("no file:", err)
	}
	if _, err := OpenZone(); !errors.Is(err, ErrUsage) {
		t.Error("no files:", err)
	}
	if _, err := ParseZone("nonsense"); !errors.Is(err, ErrFile) {
		t.Error("no zone:", err)
	}
	if _, err := NewDNS("nonsense"); !errors.Is(err, ErrSyntax) {
		t.Error("no server:", err)
	}
	if _, err := NewEngine("x\x00y"); !errors.Is(err, ErrSyntax) {
		t.Error("no server:", err)
	}
	if _, err := NewClient(o, nil); !errors.Is(err, ErrUsage) {
		t.Error("no source:", err)
	}
	s := selectOne(t, zoneClient(t, nil), "two.example")
	if err := s.Report(OutcomeRefused, 0, ""); !errors.Is(err, ErrUsage) {
		t.Error("no attempt to report:", err)
	}
	s.Next()
	wide := math.MinInt + OutcomeDelivered // delivered as C's int
	if err := s.Report(wide, 0, ""); !errors.Is(err, ErrRange) {
		t.Error("an outcome beyond those of C:", err)
	}
	if err := s.Report(OutcomeRcpt, 250, ""); !errors.Is(err, ErrRange) {
		t.Error("no such reply:", err)
	}
	if Version() == "" || ErrNoMemory.Error() == ErrUsage.Error() {
		t.Error("no sentences")
	}
}

func TestClosed(t *testing.T) {
	c := zoneClient(t, nil)
	s := selectOne(t, c, "two.example")
	s.Next()
	s.Close()
	s.Close()
	if s.Next() || !errors.Is(s.Err(), ErrClosed) ||
		s.Attempt().Host != "" || s.Verdict().Code != 0 ||
		s.Rejected() != nil ||
		!errors.Is(s.Report(OutcomeRefused, 0, ""), ErrClosed) {
		t.Error("a closed selection:", s.Err())
	}
	if _, err := s.Save(); !errors.Is(err, ErrClosed) {
		t.Error(err)
	}
	left := selectOne(t, c, "two.example")
	c.Close()
	c.Close()
	if _, err := c.Select(context.Background(), "x"); !errors.Is(err,
		ErrClosed) {
		t.Error("a closed client:", err)
	}
	if len(hosts(t, left)) != 3 {
		t.Error("a selection outlives its client")
	}
	o := newOptions(t, 1)
	o.Close()
	o.Close()
	if err := o.SetSeed(1); !errors.Is(err, ErrClosed) {
		t.Error("closed options:", err)
	}
	zone, _ := ParseZone(zoneText)
	zone.Close()
	if _, err := NewClient(nil, zone); !errors.Is(err, ErrClosed) {
		t.Error("a closed zone:", err)
	}
}

func TestManyGoroutinesOneClient(t *testing.T) {
	c := zoneClient(t, nil)
	var all sync.WaitGroup
	for i := 0; i < 50; i++ {
		all.Add(1)
		go func() {
			defer all.Done()
			s, err := c.Select(context.Background(), "two.example")
			if err != nil {
				t.Error(err)
				return
			}
			defer s.Close()
			for s.Next() {
			}
			if s.Err() != nil {
				t.Error(s.Err())
			}
		}()
	}
	all.Wait()
}

func TestManyGoroutinesOneSelection(t *testing.T) {
	s := selectOne(t, zoneClient(t, nil), "two.example")
	var all sync.WaitGroup
	for i := 0; i < 20; i++ {
		all.Add(1)
		go func(i int) {
			defer all.Done()
			s.Next()
			_ = s.Attempt()
			_ = s.Report(OutcomeLost, 0, "")
			_, _ = s.Save()
			_ = s.Verdict()
			_ = s.Rejected()
			if i == 19 {
				s.Close()
			}
		}(i)
	}
	all.Wait()
}

// What README.md shows, compiled and run; and that it shows just this.

package mxsel_test

import (
	"context"
	"fmt"
	"net/netip"
	"os"
	"strings"
	"testing"

	"libmxsel.test/mxsel"
)

// send tries the hosts of one destination; the verdict is what becomes of the
// mail. After an error (canceled, no memory) keep it.
func send(ctx context.Context, client *mxsel.Client,
	destination string) (mxsel.Verdict, error) {
	s, err := client.Select(ctx, destination)
	if err != nil {
		return mxsel.Verdict{}, err
	}
	defer s.Close()
	for s.Next() {
		outcome, code, text := deliver(s.Attempt())
		if err := s.Report(outcome, code, text); err != nil {
			return mxsel.Verdict{}, err
		}
	}
	return s.Verdict(), s.Err()
}

// table is a resolver: it knows addresses and nothing else.
type table map[string]netip.Addr

func (t table) Resolve(_ context.Context, name string,
	kind mxsel.Type) (mxsel.Answer, error) {
	address, known := t[name]
	if !known {
		return mxsel.Answer{End: mxsel.NXDomain}, nil
	}
	var answer mxsel.Answer
	if kind == mxsel.TypeA {
		answer.Addresses = []mxsel.Address{{Address: address, TTL: 60}}
	}
	return answer, nil
}

// deliver would speak SMTP.
func deliver(a mxsel.Attempt) (mxsel.Outcome, int, string) {
	fmt.Println("connect to", a.Host, a.AddrPort(), a.Posture)
	return mxsel.OutcomeRcpt, 450, "4.2.1 Come back later"
}

func Example() {
	addresses := table{"example.org": netip.MustParseAddr("192.0.2.7")}
	client, err := mxsel.NewClient(nil, mxsel.From(addresses))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.Close()
	for _, one := range []string{"user@example.org", "example.net"} {
		v, err := send(context.Background(), client, one)
		fmt.Println(v.Action, v.Reason, v.Code, v.Status, err)
	}
	// Output:
	// connect to example.org 192.0.2.7:25 opportunistic
	// defer reply 450 4.2.1 <nil>
	// bounce no_domain 550 5.1.2 <nil>
}

func TestTheReadmeShowsWhatIsRunHere(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	here, err := os.ReadFile("example_test.go")
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(string(readme), "```go\n")
	for _, part := range parts[1:] {
		code, _, _ := strings.Cut(part, "```")
		if !strings.Contains(string(here), code) {
			t.Error("not here:", code)
		}
	}
	if len(parts) != 3 {
		t.Error(len(parts)-1, "blocks")
	}
}

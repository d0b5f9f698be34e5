// A resolver in Go: it answers from a list of records. Lines are "NAME TYPE
// TTL DATA..." or "NAME TYPE ! END", TYPE "*" being any type.

package main

import (
	"bufio"
	"context"
	"fmt"
	"net/netip"
	"os"
	"strconv"
	"strings"

	"libmxsel.test/mxsel"
)

const negativeTTL = 300 // seconds, where the list says nothing

type record struct{ kind, ttl, data string }

// records are read only once they are read: safe for any number of
// goroutines.
type records map[string][]record

var ends = map[string]mxsel.End{
	"nxdomain":  mxsel.NXDomain,
	"servfail":  mxsel.ServFail,
	"refused":   mxsel.Refused,
	"timeout":   mxsel.Timeout,
	"truncated": mxsel.Truncated,
}

func readRecords(name string) (records, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, mxsel.ErrFile
	}
	defer file.Close()
	all := make(records)
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		line := lines.Text()
		if line == "" || line[0] == '#' {
			continue
		}
		part := strings.SplitN(line, " ", 4)
		if len(part) != 4 {
			return nil, fmt.Errorf("no record: %q", line)
		}
		all[part[0]] = append(all[part[0]],
			record{part[1], part[2], part[3]})
	}
	return all, lines.Err()
}

// Resolve finds an end, else an alias, else the records of the type.
func (all records) Resolve(_ context.Context, name string,
	t mxsel.Type) (mxsel.Answer, error) {
	var answer mxsel.Answer
	here, known := all[name]
	for _, r := range here {
		if r.ttl == "!" && (r.kind == t.String() || r.kind == "*") {
			end, ok := ends[r.data]
			if !ok {
				return answer, mxsel.ErrFile
			}
			return mxsel.Answer{End: end}, nil
		}
	}
	negative := uint32(negativeTTL)
	switch {
	case !known:
		return mxsel.Answer{End: mxsel.NXDomain,
			NegativeTTL: &negative}, nil
	case add(&answer, here, "CNAME"), add(&answer, here, t.String()):
	default:
		answer.NegativeTTL = &negative
	}
	return answer, nil
}

// add puts records of a type into the answer; of aliases the first.
func add(answer *mxsel.Answer, here []record, kind string) (some bool) {
	for _, r := range here {
		if r.kind != kind || r.ttl == "!" {
			continue
		}
		some = true
		n, _ := strconv.ParseUint(r.ttl, 10, 32)
		ttl := uint32(n)
		switch kind {
		case "CNAME":
			answer.Aliases = []mxsel.Alias{{Target: r.data,
				TTL: ttl}}
			return
		case "MX":
			preference, exchange, _ := strings.Cut(r.data, " ")
			p, _ := strconv.ParseUint(preference, 10, 16)
			answer.MX = append(answer.MX, mxsel.MX{
				Preference: uint16(p), Exchange: exchange,
				TTL: ttl})
		default:
			address, _ := netip.ParseAddr(r.data)
			answer.Addresses = append(answer.Addresses,
				mxsel.Address{Address: address, TTL: ttl})
		}
	}
	return
}

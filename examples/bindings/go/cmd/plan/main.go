// Plan prints what libmxsel plans for destinations, read from standard input,
// one a line: every attempt, each reported with the same outcome, what was
// rejected, and the verdict.
//
//	plan (--zone FILE [--zone FILE...] | --records FILE |
//		--server ADDRESS@PORT) [--seed N] [--outcome NAME] [--code N]
//
// With --server all destinations are under way at once. With --records the
// resolver is the one of records.go.
package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"sync"

	"libmxsel.test/mxsel"
)

type plan struct {
	zones           []string
	records, server string
	seed            *uint64
	outcome         mxsel.Outcome
	code            int
}

var errUsage = errors.New("usage: plan (--zone FILE [--zone FILE...] | " +
	"--records FILE | --server ADDRESS@PORT) [--seed N] " +
	"[--outcome NAME] [--code N]")

func main() {
	p, err := readArguments(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(64)
	}
	if err := p.run(); err != nil {
		fmt.Fprintln(os.Stderr, "plan:", err)
		os.Exit(1)
	}
}

func readArguments(arguments []string) (*plan, error) {
	p := &plan{outcome: mxsel.OutcomeRefused, code: -1}
	if len(arguments)%2 != 0 {
		return nil, errUsage
	}
	for i := 0; i < len(arguments); i += 2 {
		if !p.apply(arguments[i], arguments[i+1]) {
			return nil, errUsage
		}
	}
	given := 0
	for _, one := range []bool{len(p.zones) > 0, p.records != "",
		p.server != ""} {
		if one {
			given++
		}
	}
	if given != 1 {
		return nil, errUsage
	}
	if p.code < 0 {
		p.code = 0
		if p.outcome.HasCode() {
			p.code = 450
		}
	}
	return p, nil
}

func (p *plan) apply(name, value string) (ok bool) {
	var err error
	switch name {
	case "--zone":
		p.zones = append(p.zones, value)
	case "--records":
		p.records = value
	case "--server":
		p.server = value
	case "--seed":
		var seed uint64
		seed, err = strconv.ParseUint(value, 10, 64)
		p.seed = &seed
	case "--outcome":
		p.outcome, ok = mxsel.OutcomeNamed(value)
		return ok
	case "--code":
		p.code, err = strconv.Atoi(value)
	default:
		return false
	}
	return err == nil
}

// source is who answers, and what ends it.
func (p *plan) source() (mxsel.Source, func(), error) {
	switch {
	case p.server != "":
		e, err := mxsel.NewEngine(p.server)
		if err != nil {
			return nil, nil, err
		}
		return e, e.Close, nil
	case p.records != "":
		r, err := readRecords(p.records)
		return mxsel.From(r), func() {}, err
	}
	z, err := mxsel.OpenZone(p.zones...)
	if err != nil {
		return nil, nil, err
	}
	return z, z.Close, nil
}

func (p *plan) client() (*mxsel.Client, func(), error) {
	options, err := mxsel.NewOptions()
	if err != nil {
		return nil, nil, err
	}
	defer options.Close()
	if p.seed != nil {
		if err := options.SetSeed(*p.seed); err != nil {
			return nil, nil, err
		}
	}
	source, end, err := p.source()
	if err != nil {
		return nil, nil, err
	}
	client, err := mxsel.NewClient(options, source)
	return client, end, err
}

// run plans for all destinations at once, a goroutine each, and prints in
// the order of the input.
func (p *plan) run() error {
	destinations, err := readDestinations(os.Stdin)
	if err != nil {
		return err
	}
	client, end, err := p.client()
	if err != nil {
		return err
	}
	defer end()
	defer client.Close()
	texts := make([]bytes.Buffer, len(destinations))
	errs := make([]error, len(destinations))
	var all sync.WaitGroup
	for i := range destinations {
		all.Add(1)
		go func(i int) {
			defer all.Done()
			errs[i] = p.one(client, destinations[i], &texts[i])
		}(i)
	}
	all.Wait()
	for i := range texts {
		if errs[i] != nil {
			return errs[i]
		}
		if _, err := texts[i].WriteTo(os.Stdout); err != nil {
			return err
		}
	}
	return nil
}

// readDestinations takes lines as octets; the last may have no end.
func readDestinations(in io.Reader) ([]string, error) {
	var all []string
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadString('\n')
		if err == io.EOF && line == "" {
			return all, nil
		}
		if err == nil {
			line = line[:len(line)-1]
		} else if err != io.EOF {
			return nil, err
		}
		all = append(all, line)
	}
}

func (p *plan) one(client *mxsel.Client, destination string,
	out io.Writer) error {
	s, err := client.Select(context.Background(), destination)
	if err != nil {
		return err
	}
	defer s.Close()
	fmt.Fprintf(out, "destination\t%s\n", destination)
	for s.Next() {
		a := s.Attempt()
		address := ""
		if a.Address.IsValid() {
			address = a.Address.String()
		}
		fmt.Fprintf(out, "attempt\t%d\t%s\t%s\t%d\t%s\n",
			a.Preference, a.Host, address, a.Port, a.Posture)
		if err := s.Report(p.outcome, p.code, ""); err != nil {
			return err
		}
	}
	if err := s.Err(); err != nil {
		return err
	}
	for _, r := range s.Rejected() {
		fmt.Fprintf(out, "rejected\t%s\t%d\t%s\n", r.Reason,
			r.Preference, r.Subject)
	}
	v := s.Verdict()
	fmt.Fprintf(out, "verdict\t%s\t%s\t%d\t%s\t%s\n", v.Action, v.Reason,
		v.Code, v.Status, v.Text)
	return nil
}

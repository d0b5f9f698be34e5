// The engine with many goroutines, against a name server on loopback.

package mxsel

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"time"
)

// nameServer answers on loopback: every name has the MX "mx.NAME" and the
// address 192.0.2.1; names with "silent" inside have no answer.
func nameServer(t *testing.T) string {
	t.Helper()
	socket, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { socket.Close() })
	go func() {
		packet := make([]byte, 1500)
		for {
			n, client, err := socket.ReadFrom(packet)
			if err != nil {
				return
			}
			if answer := reply(packet[:n]); answer != nil {
				_, _ = socket.WriteTo(answer, client)
			}
		}
	}()
	host, port, _ := net.SplitHostPort(socket.LocalAddr().String())
	return host + "@" + port
}

// reply is the message for a question (RFC 1035, section 4); nil: none.
func reply(packet []byte) []byte {
	end := 12
	for end < len(packet) && packet[end] != 0 {
		end += int(packet[end]) + 1
	}
	if end+5 > len(packet) ||
		strings.Contains(string(packet[12:end]), "silent") {
		return nil
	}
	var data []byte
	kind := binary.BigEndian.Uint16(packet[end+1:])
	switch Type(kind) {
	case TypeMX: // preference 10, "mx" before the name asked
		data = []byte{0, 10, 2, 'm', 'x', 0xc0, 12}
	case TypeA:
		data = []byte{192, 0, 2, 1}
	}
	message := append([]byte{}, packet[:end+5]...)
	copy(message[2:], []byte{0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0})
	if data != nil {
		message[7] = 1
		message = append(message, 0xc0, 12, byte(kind>>8), byte(kind),
			0, 1, 0, 0, 0, 60, 0, byte(len(data)))
		message = append(message, data...)
	}
	return message
}

func engineClient(t *testing.T, options *Options) (*Engine, *Client) {
	t.Helper()
	e, err := NewEngine(nameServer(t))
	if err != nil {
		t.Fatal(err)
	}
	c, err := NewClient(options, e)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		c.Close()
		e.Close()
	})
	return e, c
}

func TestTheBlockingDNS(t *testing.T) {
	dns, err := NewDNS(nameServer(t))
	if err != nil {
		t.Fatal(err)
	}
	defer dns.Close()
	c, err := NewClient(nil, dns)
	if err != nil {
		t.Fatal(err)
	}
	got := hosts(t, selectOne(t, c, "one.test"))
	if len(got) != 1 || got[0] != "mx.one.test" {
		t.Error(got)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	s, err := c.Select(ctx, "one.test")
	if err != nil || s.Next() || !errors.Is(s.Err(), context.Canceled) {
		t.Error("canceled before:", err)
	}
}

func TestAnEngineServesManyGoroutines(t *testing.T) {
	o := newOptions(t, 1)
	if err := o.Set("prefetch", 4); err != nil {
		t.Fatal(err)
	}
	_, c := engineClient(t, o)
	var all sync.WaitGroup
	for i := 0; i < 300; i++ {
		all.Add(1)
		go func(i int) {
			defer all.Done()
			destination := fmt.Sprintf("d%d.test", i)
			s, err := c.Select(context.Background(), destination)
			if err != nil {
				t.Error(err)
				return
			}
			defer s.Close()
			if !s.Next() || s.Attempt().Host != "mx."+destination {
				t.Error(destination, s.Err(), s.Verdict())
			}
			if s.Next() || s.Err() != nil {
				t.Error("one address:", s.Err())
			}
		}(i)
	}
	all.Wait()
}

func TestLeavingAHostAsksForTheNext(t *testing.T) {
	_, c := engineClient(t, nil)
	s := selectOne(t, c, "one.test")
	if !s.Next() || s.NextHost() || s.Err() != nil {
		t.Error(s.Err(), s.Verdict())
	}
}

func TestCancelingOneDisturbsNoOther(t *testing.T) {
	_, c := engineClient(t, nil)
	ctx, cancel := context.WithTimeout(context.Background(),
		50*time.Millisecond)
	defer cancel()
	var all sync.WaitGroup
	for i := 0; i < 20; i++ {
		all.Add(1)
		go func() {
			defer all.Done()
			s, err := c.Select(ctx, "silent.test")
			if err != nil {
				t.Error(err)
				return
			}
			defer s.Close()
			if s.Next() || !errors.Is(s.Err(),
				context.DeadlineExceeded) {
				t.Error(s.Err(), s.Verdict())
			}
		}()
	}
	all.Wait()
	if got := hosts(t, selectOne(t, c, "after.test")); len(got) != 1 {
		t.Error(got)
	}
}

func TestAClosedEngineLeavesNobodyWaiting(t *testing.T) {
	e, c := engineClient(t, nil)
	reached := selectOne(t, c, "one.test")
	if !reached.Next() {
		t.Fatal(reached.Err())
	}
	waiting := selectOne(t, c, "silent.test")
	done := make(chan error)
	go func() {
		waiting.Next()
		done <- waiting.Err()
	}()
	time.Sleep(20 * time.Millisecond) // either side of Close is right
	e.Close()
	e.Close()
	if err := <-done; !errors.Is(err, ErrClosed) {
		t.Error(err)
	}
	if err := reached.Report(OutcomeRefused, 0, ""); err != nil {
		t.Error("what was reached can be reported:", err)
	}
	if reached.Next() || !errors.Is(reached.Err(), ErrClosed) {
		t.Error(reached.Err())
	}
	if _, err := NewClient(nil, e); !errors.Is(err, ErrClosed) {
		t.Error(err)
	}
}

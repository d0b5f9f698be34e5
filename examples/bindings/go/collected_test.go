// What nobody knows any more is given back to C. This file comes first by its
// name: after hundreds of goroutines the race detector keeps more for itself.

package mxsel

import (
	"bytes"
	"context"
	"os"
	"runtime"
	"testing"
	"time"
)

func TestWhatIsForgottenIsCollected(t *testing.T) {
	forget(t, 1000) // what the runtimes keep for themselves
	before := resident(t)
	forget(t, 4000)
	if after := resident(t); after > before+1000 {
		t.Errorf("%d pages, then %d", before, after)
	}
}

// forget makes selections, clients and zones and closes none.
func forget(t *testing.T, count int) {
	for i := 0; i < count; i++ {
		zone, err := ParseZone(zoneText)
		if err != nil {
			t.Fatal(err)
		}
		c, err := NewClient(nil, zone)
		if err != nil {
			t.Fatal(err)
		}
		s, err := c.Select(context.Background(), "two.example")
		if err != nil || !s.Next() {
			t.Fatal(err)
		}
		if i%50 == 0 {
			settle(t)
		}
	}
	settle(t)
}

// settle waits until finalizers have run: of selections, of clients, of zones,
// which each keep the next alive.
func settle(t *testing.T) {
	for i := 0; i < 3; i++ {
		ran := make(chan struct{})
		runtime.SetFinalizer(new([16]byte), func(*[16]byte) {
			close(ran)
		})
		runtime.GC()
		select {
		case <-ran:
		case <-time.After(10 * time.Second):
			t.Fatal("no finalizer runs")
		}
	}
}

// resident is memory in pages, 0 where nobody tells.
func resident(t *testing.T) (pages int) {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	fields := bytes.Fields(text)
	for _, digit := range fields[1] {
		pages = pages*10 + int(digit-'0')
	}
	return pages
}

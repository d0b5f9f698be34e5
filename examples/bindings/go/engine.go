// The engine of the library: the DNS for any number of selections at once.

package mxsel

// #include <poll.h>
// #include <mxsel/ldns.h>
//
// // Until the engine has something to do, somebody wakes its goroutine, or
// // the time is over. Without a descriptor the engine is looked at often.
// static void wait_for(int engine, int wake, int timeout)
// {
//	struct pollfd watched[2] = {
//		{ .fd = engine, .events = POLLIN },
//		{ .fd = wake, .events = POLLIN }
//	};
//
//	if (engine < 0 && (timeout < 0 || timeout > 10))
//		timeout = 10;
//	poll(watched, 2, timeout);
// }
import "C"

import (
	"context"
	"runtime"
	"sync"
	"syscall"
)

// An Engine asks name servers for any number of selections at once, each of
// which waits in a goroutine of its own. Canceling the context of one ends
// its questions and no other's. An engine has one goroutine and, while that
// waits, one thread of the system.
type Engine struct{ *engine }

// engine is what the goroutine has in its hands; an Engine that nobody knows
// any more can so be collected, and ends it.
type engine struct {
	mu      sync.Mutex // around every call of C but wait_for
	p       *C.mxsel_engine
	waiting map[*C.mxsel]chan struct{}
	wake    [2]int // a pipe
	closing bool
	done    chan struct{}
	err     error // why the goroutine ended by itself
}

// NewEngine asks the servers given ("192.0.2.53", "::1@5353"), or with none
// those of /etc/resolv.conf.
func NewEngine(servers ...string) (*Engine, error) {
	e := &engine{
		waiting: make(map[*C.mxsel]chan struct{}),
		done:    make(chan struct{}),
	}
	conf := resolvConf(servers)
	defer free(conf)
	if err := check(C.mxsel_engine_new(&e.p, conf)); err != nil {
		return nil, err
	}
	err := e.addServers(servers)
	if err == nil && syscall.Pipe(e.wake[:]) != nil {
		err = ErrSystem
	}
	if err != nil {
		C.mxsel_engine_free(e.p)
		return nil, err
	}
	for _, fd := range e.wake {
		syscall.CloseOnExec(fd)
		_ = syscall.SetNonblock(fd, true)
	}
	go e.run()
	handle := &Engine{e}
	runtime.SetFinalizer(handle, (*Engine).Close)
	return handle, nil
}

func (e *engine) addServers(servers []string) error {
	for _, server := range servers {
		c, err := cString(server)
		if err != nil {
			return err
		}
		err = check(C.mxsel_engine_add_server(e.p, c))
		free(c)
		if err != nil {
			return err
		}
	}
	return nil
}

// Close ends the engine. Selections that wait for it return ErrClosed.
func (e *Engine) Close() {
	e.mu.Lock()
	if !e.closing {
		e.closing = true
		e.poke()
	}
	e.mu.Unlock()
	<-e.done
	runtime.SetFinalizer(e, nil)
}

// poke wakes the goroutine; a full pipe does so already.
func (e *engine) poke() {
	_, _ = syscall.Write(e.wake[1], []byte{0})
}

func (e *engine) run() {
	e.mu.Lock()
	for !e.closing && e.err == nil {
		fd := C.mxsel_engine_fd(e.p)
		timeout := C.mxsel_engine_timeout(e.p)
		e.mu.Unlock()
		C.wait_for(fd, C.int(e.wake[0]), timeout)
		e.mu.Lock()
		e.turn()
	}
	e.end()
	e.mu.Unlock()
}

// turn does what can be done now, and tells those who wait.
func (e *engine) turn() {
	var pokes [64]byte
	_, _ = syscall.Read(e.wake[0], pokes[:])
	e.err = check(C.mxsel_engine_process(e.p))
	for {
		m := C.mxsel_engine_ready(e.p)
		if m == nil {
			return
		}
		if ready, ok := e.waiting[m]; ok {
			delete(e.waiting, m)
			close(ready)
		}
	}
}

func (e *engine) end() {
	C.mxsel_engine_free(e.p)
	e.p = nil
	e.closing = true
	syscall.Close(e.wake[0])
	syscall.Close(e.wake[1])
	close(e.done)
}

// closed is nil, or why nothing can be asked any more.
func (e *engine) closed() error {
	if e.err != nil {
		return e.err
	}
	if e.p == nil || e.closing {
		return ErrClosed
	}
	return nil
}

// The engine answers options without a resolver.
func (e *engine) prepare(p *C.mxsel_options) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.closed()
}

// Answers may come for a selection while its owner looks at it (prefetch), so
// that the lock of the engine is that of its selections.
func (e *engine) lock()   { e.mu.Lock() }
func (e *engine) unlock() { e.mu.Unlock() }

func (e *engine) forget(m *C.mxsel) {
	if e.p != nil {
		C.mxsel_engine_cancel(e.p, m)
	}
}

func (e *engine) step(ctx context.Context, m *C.mxsel,
	leave bool) (C.int, error) {
	if leave {
		// The host is left; what is asked now the engine takes.
		if r := next(m, leave); r != C.MXSEL_LOOKUP {
			return r, check(r)
		}
	}
	for {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		if err := e.closed(); err != nil {
			return 0, err
		}
		r := C.mxsel_engine_next(e.p, m)
		if r != C.MXSEL_LOOKUP {
			return r, check(r)
		}
		if err := e.wait(ctx, m); err != nil {
			return 0, err
		}
	}
}

func (e *engine) wait(ctx context.Context, m *C.mxsel) error {
	ready := make(chan struct{})
	e.waiting[m] = ready
	e.poke()
	e.mu.Unlock()
	select {
	case <-ready:
		e.mu.Lock()
		return nil
	case <-e.done:
		e.mu.Lock()
		return e.closed()
	case <-ctx.Done():
	}
	e.mu.Lock()
	delete(e.waiting, m)
	e.forget(m)
	return ctx.Err()
}

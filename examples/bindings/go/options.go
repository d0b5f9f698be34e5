// Settings, made once and copied into each client.

package mxsel

// #include <mxsel/mxsel.h>
// #include <mxsel/ldns.h>
import "C"

import (
	"runtime"
	"sync"
)

// Options are settings for clients. NewClient copies them: what is changed
// later concerns later clients only.
type Options struct {
	mu sync.Mutex
	p  *C.mxsel_options
}

// NewOptions makes a set of options with every default.
func NewOptions() (*Options, error) {
	o := new(Options)
	if err := check(C.mxsel_options_new(&o.p)); err != nil {
		return nil, err
	}
	runtime.SetFinalizer(o, (*Options).Close)
	return o, nil
}

// Close gives the memory back. Clients made of the options stay.
func (o *Options) Close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	C.mxsel_options_free(o.p)
	o.p = nil
	runtime.SetFinalizer(o, nil)
}

// change calls f while nobody else is in the options.
func (o *Options) change(f func(p *C.mxsel_options) C.int) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.p == nil {
		return ErrClosed
	}
	return check(f(o.p))
}

func optionNamed(name string) C.int {
	for i := C.int(1); ; i++ {
		n := C.mxsel_option_name(i)
		if n == nil {
			return 0
		}
		if C.GoString(n) == name {
			return i
		}
	}
}

// Set sets one integer setting by its name in the library, in small letters:
// "max_hosts", "port". ErrRange: there is none of that name, or its value is
// outside of its range.
func (o *Options) Set(name string, value int) error {
	option := optionNamed(name)
	return o.change(func(p *C.mxsel_options) C.int {
		return C.mxsel_options_set(p, option, number(value))
	})
}

// Get reads one integer setting.
func (o *Options) Get(name string) (int, error) {
	option, value := optionNamed(name), C.int(0)
	err := o.change(func(p *C.mxsel_options) C.int {
		value = C.mxsel_options_get(p, option)
		return value
	})
	return int(value), err
}

// SetSeed fixes the order among equals.
func (o *Options) SetSeed(seed uint64) error {
	return o.change(func(p *C.mxsel_options) C.int {
		return C.mxsel_options_set_seed(p, C.uint64_t(seed))
	})
}

// changeText is change with a text for C.
func (o *Options) changeText(text string,
	f func(p *C.mxsel_options, text *C.char) C.int) error {
	c, err := cString(text)
	if err != nil {
		return err
	}
	defer free(c)
	return o.change(func(p *C.mxsel_options) C.int { return f(p, c) })
}

// AddSelfName adds one of our own host names.
func (o *Options) AddSelfName(name string) error {
	return o.changeText(name, func(p *C.mxsel_options, c *C.char) C.int {
		return C.mxsel_options_add_self_name(p, c)
	})
}

// AddSelfAddress adds one of our own addresses.
func (o *Options) AddSelfAddress(address string) error {
	return o.changeText(address,
		func(p *C.mxsel_options, c *C.char) C.int {
			return C.mxsel_options_add_self_address(p, c)
		})
}

// AllowNetwork allows a network that the address filter would refuse:
// "192.0.2.0/24".
func (o *Options) AllowNetwork(network string) error {
	return o.changeText(network,
		func(p *C.mxsel_options, c *C.char) C.int {
			return C.mxsel_options_allow_network(p, c)
		})
}

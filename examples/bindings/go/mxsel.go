// Package mxsel chooses the hosts that take mail for a destination (RFC 5321,
// section 5.1), with libmxsel: which hosts to try, in which order, how
// securely, and what to do when there are none left.
//
//	zone, err := mxsel.OpenZone("example.zone")
//	...
//	client, err := mxsel.NewClient(nil, zone)
//	...
//	s, err := client.Select(ctx, "user@example.org")
//	...
//	defer s.Close()
//	for s.Next() {
//		outcome := deliver(s.Attempt())
//		err := s.Report(outcome, 0, "")
//		...
//	}
//	if err := s.Err(); err != nil { // of the call; keep the mail
//		...
//	}
//	v := s.Verdict() // what becomes of the mail
//
// Answers come from a Source: an Engine (the DNS, any number of selections at
// once), DNS (the same, blocking), a Zone (master files), or a Resolver
// written in Go.
//
// Everything here may be used from any number of goroutines. What C keeps is
// locked: one goroutine at a time is in a selection, and the selections of an
// Engine take turns with it. C never calls back into Go. Memory is given back
// by Close, or when the garbage collector finds the object.
package mxsel

// #cgo pkg-config: libmxsel-ldns libmxsel
// #include <stdlib.h>
// #include <mxsel/mxsel.h>
import "C"

import (
	"errors"
	"math"
	"strings"
	"unsafe"
)

// An Error is a call that failed; the fate of the mail is never one. Compare
// it with errors.Is.
type Error int

// What calls return.
const (
	ErrNoMemory  Error = C.MXSEL_ENOMEM
	ErrUsage     Error = C.MXSEL_EUSAGE
	ErrRange     Error = C.MXSEL_ERANGE
	ErrSyntax    Error = C.MXSEL_ESYNTAX
	ErrLimit     Error = C.MXSEL_ELIMIT
	ErrMismatch  Error = C.MXSEL_EMISMATCH
	ErrMalformed Error = C.MXSEL_EMALFORMED
	ErrSpace     Error = C.MXSEL_ESPACE
	ErrEntropy   Error = C.MXSEL_EENTROPY
	ErrSystem    Error = C.MXSEL_ESYSTEM
	ErrFile      Error = C.MXSEL_EFILE
	ErrCanceled  Error = C.MXSEL_ECANCELED
)

// ErrClosed is returned by methods of what was closed.
var ErrClosed = errors.New("mxsel: it is closed")

// A FileError is an ErrFile with what the system said of the file: errors.Is
// finds fs.ErrNotExist in it, errors.As a syscall.Errno.
type FileError struct {
	Path string
	Err  error
}

// Error is the sentence of libmxsel, the path, and that of the system.
func (e *FileError) Error() string {
	return ErrFile.Error() + ": " + e.Path + ": " + e.Err.Error()
}

// Unwrap is what the system said.
func (e *FileError) Unwrap() error { return e.Err }

// Is is true for ErrFile.
func (e *FileError) Is(target error) bool { return target == ErrFile }

// Error is the sentence of libmxsel for the number.
func (e Error) Error() string {
	return "mxsel: " + C.GoString(C.mxsel_strerror(C.int(e)))
}

func check(r C.int) error {
	if r < 0 {
		return Error(r)
	}
	return nil
}

// number is n for C. One that C's int cannot hold must not become another: it
// is none of the library's numbers.
func number(n int) C.int {
	if n < math.MinInt32 || n > math.MaxInt32 {
		return math.MinInt32
	}
	return C.int(n)
}

// Version is that of the library that runs, for example "0.1.0".
func Version() string {
	return C.GoString(C.mxsel_version())
}

// cString is a copy for C, to be given back with free. A name with a NUL
// inside would be another one there.
func cString(s string) (*C.char, error) {
	if strings.IndexByte(s, 0) >= 0 {
		return nil, ErrSyntax
	}
	return C.CString(s), nil
}

func free(s *C.char) {
	C.free(unsafe.Pointer(s))
}

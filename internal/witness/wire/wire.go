// Package wire reads and writes the memory that a recorded test binary shares with
// its supervisor: a header with one slot for requests, and the records after it. The
// recorder in package overlay has the same layout.
package wire

import (
	"encoding/binary"
	"sync/atomic"
	"unsafe"
)

// The layout of the header.
const (
	magic      = 0x746f63746f750001
	next       = 8
	overflow   = 24
	mode       = 28
	state      = 36
	answer     = 40
	kind       = 44
	errno      = 48
	nameLen    = 56
	name2Len   = 60
	checkNth   = 64
	useNth     = 68
	checkLine  = 80
	useLine    = 84
	refused    = 88
	strings    = 512
	stringSize = 504
	nameAt     = 8192
	nameSize   = 4096
	header     = 16384
)

// Size is how long the file is: sparse, and room for some 300,000 operations.
const Size = 48 << 20

// The moments at which a test binary has a request.
const (
	CheckEnter = 1 + iota
	CheckExit
	UseEnter
	UseExit
	TestEnd  // the test's function has returned
	Returned // a function with a finding has returned, after the use; it is the request's name
)

// FillDisk is the answer that has all writes to the file of the use fail.
const FillDisk = 1

// A Point is an operation of a test, by the line in whose call it is performed.
type Point struct {
	File      string // as the compiler has named it
	Line      int
	Operation string // os.Stat
	Nth       int    // of those operations in the test, from one; zero for none
}

// A Plan is what requests are about.
type Plan struct {
	Test       string
	Check, Use Point
}

// A Memory is the shared memory.
type Memory []byte

// Init writes the header. A nil plan means that operations are recorded only.
func (m Memory) Init(p *Plan) {
	binary.NativeEndian.PutUint64(m, magic)
	binary.NativeEndian.PutUint64(m[next:], header)
	if p == nil {
		return
	}
	for i, s := range []string{p.Test, p.Check.File, p.Check.Operation, p.Use.File, p.Use.Operation} {
		at := strings + i*stringSize
		s = s[:min(len(s), stringSize-4)]
		binary.NativeEndian.PutUint32(m[at:], uint32(len(s)))
		copy(m[at+4:], s)
	}
	*m.word(checkNth), *m.word(useNth) = uint32(p.Check.Nth), uint32(p.Use.Nth)
	*m.word(checkLine), *m.word(useLine) = uint32(p.Check.Line), uint32(p.Use.Line)
	*m.word(mode) = 1
}

func (m Memory) word(at int) *uint32 { return (*uint32)(unsafe.Pointer(&m[at])) }

// A Request is what a test binary is about to do, or has done, at the points of the
// plan. It waits for an answer.
type Request struct {
	Moment      int
	Name, Name2 string
	Errno       uint32
}

// Request returns the request that waits, if there is one.
func (m Memory) Request() (Request, bool) {
	if atomic.LoadUint32(m.word(state)) != 1 {
		return Request{}, false
	}
	text := func(length, at int) string {
		n := min(int(*m.word(length)), nameSize)
		return string(m[at : at+n])
	}
	return Request{
		Moment: int(*m.word(kind)),
		Name:   text(nameLen, nameAt),
		Name2:  text(name2Len, nameAt+nameSize),
		Errno:  *m.word(errno),
	}, true
}

// Refused reports whether a write has failed, since the disk is full.
func (m Memory) Refused() bool { return atomic.LoadUint32(m.word(refused)) != 0 }

// Answer answers the request.
func (m Memory) Answer(with uint32) {
	*m.word(answer) = with
	atomic.StoreUint32(m.word(state), 2)
}

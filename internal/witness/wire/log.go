package wire

import (
	"encoding/binary"
	"errors"
	gostrings "strings"
)

// A Log is what test binaries have recorded.
type Log struct {
	Events []Event
	Cut    bool // something had no room, or is damaged
}

// A Kind is the kind of an event.
type Kind uint32

// The kinds of events.
const (
	Site Kind = 1 + iota // a stack; read already, as Test and Call are
	Test
	Operation // a call of the standard library that takes a path
	End       // the function of a test returns
	Return    // a function with a finding returns
	Call      // one call of a stack
)

// An Event is one thing that a test binary did.
type Event struct {
	Kind        Kind
	Process     uint32
	Test        string  // for which it was done; empty if that is not known
	Operation   string  // os.Stat
	Frames      []Frame // of operations, the innermost first
	Name, Name2 string  // absolute paths
	Errno       uint32  // zero for success
	Flag        uint32  // of an opening
	Function    string  // of a return
	Error       string  // of a return
	Failed      bool    // of a return: the error is not nil
}

// A Frame is one call of the stack.
type Frame struct {
	Function, File string
	Line           int
}

var errDamaged = errors.New("damaged")

// Read reads the records. The test binary can write there, so nothing is trusted.
func Read(m []byte) *Log {
	l := newLinks()
	if len(m) < header || binary.NativeEndian.Uint64(m) != magic {
		l.log.Cut = true
		return l.log
	}
	end := min(binary.NativeEndian.Uint64(m[next:]), uint64(len(m)))
	l.log.Cut = binary.NativeEndian.Uint32(m[overflow:]) != 0
	for at := uint64(header); at+8 <= end; {
		n := uint64(binary.NativeEndian.Uint32(m[at:]))
		if n < 8 || n%8 != 0 || at+n > uint64(len(m)) {
			l.log.Cut = true
			break
		}
		l.record(Kind(binary.NativeEndian.Uint32(m[at+4:])), &reader{m[at : at+n], 8, nil})
		at += n
	}
	l.resolve()
	return l.log
}

// links are what records refer to by numbers, which each process has of its own. What
// is referred to may come later, where two threads record.
type links struct {
	log    *Log
	frames map[key]Frame
	sites  map[key][]key
	tests  map[key]string
	wait   []pending
}

type key struct{ process, id uint32 }

// pending is an event that has to be completed.
type pending struct {
	event      int
	site, test key
}

func newLinks() *links {
	return &links{new(Log), make(map[key]Frame), make(map[key][]key), make(map[key]string), nil}
}

// record reads one record.
func (l *links) record(kind Kind, r *reader) {
	switch kind {
	case Site:
		l.site(r)
	case Test, End, Return, Call:
		l.text(kind, r)
	case Operation:
		l.operation(r)
	case 0: // the process has died within
	default:
		l.log.Cut = true
	}
	if r.err != nil {
		l.log.Cut = true
	}
}

// site reads a stack: the numbers of its frames.
func (l *links) site(r *reader) {
	process, id, n := r.word(), r.word(), r.word()
	if r.err != nil || uint64(n)*4 > uint64(len(r.b)-r.at) {
		r.err = errDamaged
		return
	}
	list := make([]key, n)
	for i := range list {
		list[i] = key{process, r.word()}
	}
	l.sites[key{process, id}] = list
}

// text reads a record of two words and a text.
func (l *links) text(kind Kind, r *reader) {
	process, a, b := r.word(), r.word(), r.word()
	text := r.text(r.word())
	if r.err != nil {
		return
	}
	switch kind {
	case Call:
		function, file, _ := gostrings.Cut(text, "\x00")
		l.frames[key{process, a}] = Frame{function, file, int(b)}
	case Test:
		l.tests[key{process, a}] = text
	case End:
		l.add(Event{Kind: End, Process: process}, 0, a)
	case Return:
		function, message, _ := gostrings.Cut(text, "\x00")
		l.add(Event{Kind: Return, Process: process, Function: function, Error: message, Failed: b != 0}, 0, a)
	}
}

func (l *links) operation(r *reader) {
	process, site, test, errno, flag, n1, n2 := r.word(), r.word(), r.word(), r.word(), r.word(), r.word(), r.word()
	name, name2 := r.text(n1), r.text(n2)
	if r.err != nil {
		return
	}
	l.add(Event{Kind: Operation, Process: process, Errno: errno, Flag: flag, Name: name, Name2: name2}, site, test)
}

// add adds an event that refers to a stack and a test.
func (l *links) add(e Event, site, test uint32) {
	l.wait = append(l.wait, pending{len(l.log.Events), key{e.Process, site}, key{e.Process, test}})
	l.log.Events = append(l.log.Events, e)
}

// resolve completes the events.
func (l *links) resolve() {
	stacks := make(map[key][]Frame, len(l.sites))
	for site, list := range l.sites {
		frames := make([]Frame, len(list))
		for i, k := range list {
			frames[i] = l.frames[k]
		}
		stacks[site] = frames
	}
	for _, p := range l.wait {
		e := &l.log.Events[p.event]
		e.Test = l.tests[p.test]
		if e.Kind != Operation {
			continue
		}
		e.Frames = stacks[p.site]
		if len(e.Frames) > 0 {
			e.Operation = e.Frames[0].Function
		}
	}
}

type reader struct {
	b   []byte
	at  int
	err error
}

func (r *reader) word() uint32 {
	if r.at+4 > len(r.b) {
		r.err = errDamaged
		return 0
	}
	w := binary.NativeEndian.Uint32(r.b[r.at:])
	r.at += 4
	return w
}

func (r *reader) text(n uint32) string {
	if r.err != nil || uint64(r.at)+uint64(n) > uint64(len(r.b)) {
		r.err = errDamaged
		return ""
	}
	s := string(r.b[r.at : r.at+int(n)])
	r.at += int(n)
	return s
}

package wire

import (
	"encoding/binary"
	"errors"
	"strconv"
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
	Site Kind = 1 + iota // read already
	Test
	Operation // a call of the standard library that takes a path
	End       // the function of a test returns
	Return    // a function with a finding returns
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
func Read(m []byte) (log *Log) { //nolint:funlen // one record format, read from front to back
	log = new(Log)
	if len(m) < header || binary.NativeEndian.Uint64(m) != magic {
		log.Cut = true
		return log
	}
	end := min(binary.NativeEndian.Uint64(m[next:]), uint64(len(m)))
	log.Cut = binary.NativeEndian.Uint32(m[overflow:]) != 0
	type key struct{ process, id uint32 }
	sites, tests := make(map[key][]Frame), make(map[key]string)
	type pending struct {
		event      int
		site, test key
	}
	var wait []pending // names come after what refers to them, where two threads record
	for at := uint64(header); at+8 <= end; {
		n := uint64(binary.NativeEndian.Uint32(m[at:]))
		if n < 8 || n%8 != 0 || at+n > uint64(len(m)) {
			log.Cut = true
			break
		}
		r := reader{m[at : at+n], 8, nil}
		kind := Kind(binary.NativeEndian.Uint32(m[at+4:]))
		at += n
		switch kind {
		case Site, Test, End, Return:
			process, a, b := r.word(), r.word(), r.word()
			text := r.text(r.word())
			if r.err != nil {
				log.Cut = true
				continue
			}
			switch kind {
			case Site:
				sites[key{process, a}] = frames(text)
			case Test:
				tests[key{process, a}] = text
			case End:
				wait = append(wait, pending{len(log.Events), key{}, key{process, a}})
				log.Events = append(log.Events, Event{Kind: End, Process: process})
			case Return:
				function, message, _ := gostrings.Cut(text, "\x00")
				wait = append(wait, pending{len(log.Events), key{}, key{process, a}})
				log.Events = append(log.Events, Event{Kind: Return, Process: process, Function: function, Error: message, Failed: b != 0})
			}
		case Operation:
			process, site, test, errno, flag, n1, n2 := r.word(), r.word(), r.word(), r.word(), r.word(), r.word(), r.word()
			name, name2 := r.text(n1), r.text(n2)
			if r.err != nil {
				log.Cut = true
				continue
			}
			wait = append(wait, pending{len(log.Events), key{process, site}, key{process, test}})
			log.Events = append(log.Events, Event{Kind: Operation, Process: process, Errno: errno, Flag: flag, Name: name, Name2: name2})
		case 0: // the process has died within
		default:
			log.Cut = true
		}
	}
	for _, p := range wait {
		e := &log.Events[p.event]
		e.Test = tests[p.test]
		if e.Kind == Operation {
			e.Frames = sites[p.site]
			if len(e.Frames) > 0 {
				e.Operation = e.Frames[0].Function
			}
		}
	}
	return log
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

func frames(text string) []Frame {
	parts := gostrings.Split(text, "\x00")
	var list []Frame
	for i := 0; i+2 < len(parts); i += 3 {
		line, _ := strconv.Atoi(parts[i+2])
		list = append(list, Frame{parts[i], parts[i+1], line})
	}
	return list
}

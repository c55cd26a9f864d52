package wire

import (
	"encoding/binary"
	"math/rand/v2"
	"testing"
)

// put adds a record as the recorder does.
func put(m Memory, kind Kind, text string, words ...uint32) {
	at := binary.NativeEndian.Uint64(m[next:])
	n := (8 + 4*len(words) + len(text) + 15) &^ 7
	binary.NativeEndian.PutUint32(m[at:], uint32(n))
	binary.NativeEndian.PutUint32(m[at+4:], uint32(kind))
	for i, w := range words {
		binary.NativeEndian.PutUint32(m[int(at)+8+4*i:], w)
	}
	copy(m[int(at)+8+4*len(words):], text)
	binary.NativeEndian.PutUint64(m[next:], at+uint64(n))
}

// recorded returns a memory with one operation of one test.
func recorded() Memory {
	m := make(Memory, header+4096)
	m.Init(nil)
	put(m, Test, "TestA", 7, 1, 0, 5)
	put(m, Operation, "/a/b", 7, 2, 1, 13, 0, 2, 2) // its site is recorded later
	put(m, Call, "os.Stat\x00stat.go", 7, 3, 11, 15)
	put(m, Call, "p.F\x00p.go", 7, 4, 5, 8)
	put(m, Site, "", 7, 2, 2, 3, 4)
	put(m, Return, "F\x00denied", 7, 1, 1, 8)
	put(m, End, "TestA", 7, 1, 0, 5)
	return m
}

func TestRead(t *testing.T) {
	log := Read(recorded())
	if log.Cut || len(log.Events) != 3 {
		t.Fatalf("%+v", log)
	}
	op, ret := log.Events[0], log.Events[1]
	if op.Operation != "os.Stat" || op.Test != "TestA" || op.Name != "/a" || op.Name2 != "/b" || op.Errno != 13 || len(op.Frames) != 2 || op.Frames[1] != (Frame{"p.F", "p.go", 5}) {
		t.Errorf("%+v", op)
	}
	if ret.Function != "F" || ret.Error != "denied" || !ret.Failed {
		t.Errorf("%+v", ret)
	}
}

// TestDamaged reads what a test binary has written over: nothing may panic.
func TestDamaged(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 20000 {
		m := recorded()
		end := int(binary.NativeEndian.Uint64(m[next:]))
		for range 1 + r.IntN(8) {
			at := header + r.IntN(end-header)
			m[at] = byte(r.Uint32())
		}
		if r.IntN(4) == 0 {
			binary.NativeEndian.PutUint64(m[next:], r.Uint64())
		}
		Read(m[:r.IntN(len(m))])
		Read(m)
	}
}

func TestRequest(t *testing.T) {
	m := make(Memory, header)
	m.Init(&Plan{Test: "TestA", Use: Point{File: "p.go", Line: 5, Operation: "os.Stat", Nth: 1}})
	if _, ok := m.Request(); ok {
		t.Error("a request before there is one")
	}
	*m.word(kind), *m.word(nameLen) = UseEnter, 1<<31 // a length that is not true
	*m.word(state) = 1
	req, ok := m.Request()
	if !ok || req.Moment != UseEnter || len(req.Name) > nameSize {
		t.Errorf("%t %d", ok, req.Moment)
	}
	m.Answer(FillDisk)
	if *m.word(state) != 2 || *m.word(answer) != FillDisk {
		t.Error("no answer")
	}
}

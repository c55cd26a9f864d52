package fspath_test

import (
	"testing"

	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/fspath"
)

// TestForesee checks how well a path can be guessed, and whether it lies in the
// shared directory for temporaries.
func TestForesee(t *testing.T) {
	_, functions := build(t, "foresee.go")
	n := fspath.NewNumbering(functions, nil)
	want := map[string]struct {
		foresight fspath.Foresight
		shared    bool
	}{
		"constantName": {fspath.Foreseen, true},
		"otherName":    {fspath.Foreseen, false},
		"processName":  {fspath.Foreseen, true},
		"timeName":     {fspath.Foreseen, true},
		"givenName":    {fspath.Unsure, true},
		"randomName":   {fspath.Hidden, true},
		"ownName":      {fspath.Hidden, true},
		"besideName":   {fspath.Hidden, false},
		// A constant decides that the other way is not taken.
		"otherSystemName": {fspath.Foreseen, false},
	}
	for _, fn := range functions {
		w, ok := want[fn.Name()]
		if !ok {
			continue
		}
		delete(want, fn.Name())
		last := fn.Blocks[len(fn.Blocks)-1]
		v := n.Of(last.Instrs[len(last.Instrs)-1].(*ssa.Return).Results[0])
		if got := n.Foresee(v); got != w.foresight {
			t.Errorf("%s: foresight %d, want %d", fn.Name(), got, w.foresight)
		}
		if got := n.Origins(v).Has(fsapi.TempDir); got != w.shared {
			t.Errorf("%s: in the shared directory: %v", fn.Name(), got)
		}
	}
	for name := range want {
		t.Errorf("no function %s", name)
	}
}

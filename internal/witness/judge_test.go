package witness

import (
	"syscall"
	"testing"

	"github.com/edcacfbd/toctou/internal/finding"
	"github.com/edcacfbd/toctou/internal/witness/launch"
	"github.com/edcacfbd/toctou/internal/witness/plan"
	"github.com/edcacfbd/toctou/internal/witness/wire"
)

// checked and used are the stacks of the operations of a test of Load.
var (
	checked = []wire.Frame{{Function: "os.Stat", File: "stat.go", Line: 1}, {Function: "m.Load", File: "/m/m.go", Line: 5}, {Function: "m.TestLoad", File: "/m/m_test.go", Line: 9}}
	used    = []wire.Frame{{Function: "os.ReadFile", File: "file.go", Line: 1}, {Function: "m.Load", File: "/m/m.go", Line: 8}, {Function: "m.TestLoad", File: "/m/m_test.go", Line: 9}}
)

// ran returns the recording of one call of Load: with the error of the use, or without
// the use, and what Load returned.
func ran(withUse bool, errno syscall.Errno, returned string) *wire.Log {
	log := &wire.Log{Events: []wire.Event{{Kind: wire.Operation, Test: "TestLoad", Operation: "os.Stat", Frames: checked, Name: "/f"}}}
	if withUse {
		log.Events = append(log.Events, wire.Event{Kind: wire.Operation, Test: "TestLoad", Operation: "os.ReadFile", Frames: used, Name: "/f", Errno: uint32(errno)})
	}
	log.Events = append(log.Events, wire.Event{Kind: wire.Return, Test: "TestLoad", Function: "Load", Error: returned, Failed: returned != ""})
	return log
}

var vanished = &finding.Finding{
	Package: "m", Function: "Load", Reason: finding.Reason{ID: "opens-vanished"},
	Use:   finding.Place{Path: "/m/m.go", Start: finding.Position{Line: 8}, End: finding.Position{Line: 8}, Operation: "os.ReadFile"},
	Check: &finding.Place{Path: "/m/m.go", Start: finding.Position{Line: 5}, End: finding.Position{Line: 5}, Operation: "os.Stat"},
}

// recordedPair returns the pair of the finding in a recording without changes.
func recordedPair(t *testing.T) *pair {
	t.Helper()
	x := new(exercise)
	x.add(&Recorded{Log: ran(true, 0, ""), Tests: map[string]string{"TestLoad": "pass"}}, vanished)
	if len(x.pairs) != 1 || x.pairs[0].plan.Use.Nth != 1 || x.pairs[0].plan.Check.Line != 5 {
		t.Fatalf("%+v", x.pairs)
	}
	return &x.pairs[0]
}

// TestVanished judges outcomes of a file that vanishes: the harm is the error of the use
// at the caller, which the same change before the check does not lead to.
func TestVanished(t *testing.T) {
	const enoent = "open /f: no such file or directory"
	there := launch.State{Exists: true, Type: "file", Size: 3}
	for _, c := range []struct {
		name            string
		errno           syscall.Errno
		window, control string // what Load returns
		useInControl    bool
		want            finding.Verdict
	}{
		{"the error reaches the caller", syscall.ENOENT, enoent, "", false, finding.Confirmed},
		{"wrapped", syscall.ENOENT, "loading: " + enoent, "", false, finding.Confirmed},
		{"the error is handled", syscall.ENOENT, "", "", false, finding.Survived},
		{"the use succeeds", 0, "", "", false, finding.Survived},
		{"the check leads to the same error", syscall.ENOENT, enoent, "stat /f: no such file or directory", false, finding.Survived},
		{"the check leads to another error", syscall.ENOENT, enoent, "not configured", false, finding.Confirmed},
	} {
		p := recordedPair(t)
		window := &outcome{Result: &launch.Result{Moments: []launch.Moment{
			{Moment: wire.CheckEnter, Before: there}, {Moment: wire.CheckExit, Before: there},
			{Moment: wire.UseEnter, Before: there, Changed: true}, {Moment: wire.UseExit, Errno: uint32(c.errno)},
		}}, log: ran(true, c.errno, c.window)}
		control := &outcome{Result: &launch.Result{Moments: []launch.Moment{{Moment: wire.CheckEnter, Before: there, Changed: true}, {Moment: wire.CheckExit}}}, log: ran(c.useInControl, 0, c.control)}
		pl, _ := plan.Of(vanished.Reason.ID, "")
		j := &judge{finding: vanished, pair: p, plan: pl, window: window, control: control}
		verdict, text := j.window1()
		if verdict == "" {
			verdict, text = j.compare()
		}
		if verdict != c.want {
			t.Errorf("%s: %s: %s", c.name, verdict, text)
		}
	}
}

// TestPairs holds which events are a pair: on one path, and of one call.
func TestPairs(t *testing.T) {
	other := []wire.Frame{used[0], used[1], {Function: "m.TestLoad", File: "/m/m_test.go", Line: 12}}
	for name, c := range map[string]struct {
		change func(*wire.Event)
		want   int
	}{
		"as it is":         {func(*wire.Event) {}, 1},
		"another path":     {func(e *wire.Event) { e.Name = "/g" }, 0},
		"another call":     {func(e *wire.Event) { e.Frames = other }, 0},
		"another test":     {func(e *wire.Event) { e.Test = "TestOther" }, 0},
		"another process":  {func(e *wire.Event) { e.Process = 7 }, 0},
		"its second path":  {func(e *wire.Event) { e.Name, e.Name2 = "/g", "/f" }, 1},
		"the line is else": {func(e *wire.Event) { e.Frames = checked }, 0},
	} {
		log := ran(true, 0, "")
		c.change(&log.Events[1])
		x := new(exercise)
		x.add(&Recorded{Log: log}, vanished)
		if len(x.pairs) != c.want {
			t.Errorf("%s: %d pairs", name, len(x.pairs))
		}
	}
}

// TestCandidates lists a pair that no finding names, and not one that a finding names.
func TestCandidates(t *testing.T) {
	r := &Report{Recorded: []*Recorded{{Package: &Package{ImportPath: "m", Dir: "/m"}, Log: ran(true, 0, "")}}}
	list := r.Candidates(nil)
	if len(list) != 1 || list[0].Function != "m.Load" || list[0].First != (Step{5, "os.Stat"}) || list[0].Second != (Step{8, "os.ReadFile"}) || list[0].Times != 1 {
		t.Errorf("%+v", list)
	}
	if list := r.Candidates([]*finding.Finding{vanished}); len(list) != 0 {
		t.Errorf("%+v", list[0])
	}
}

package witness

import (
	"path/filepath"
	"strings"

	"github.com/edcacfbd/toctou/internal/finding"
	"github.com/edcacfbd/toctou/internal/witness/wire"
)

// A pair is a check and a use that a test has performed on one path.
type pair struct {
	recorded   *Recorded
	test       string
	check, use int // events of the recording; check is -1 where the use alone is the finding
	second     bool
	check2     bool
	plan       wire.Plan
}

// exercise is what the recordings show about a finding.
type exercise struct {
	pairs    []pair
	use      bool // the line of the use was run
	check    bool // the line of the check was run
	tests    []string
	problems []string // why packages could not be recorded
}

// pairsOf looks for tests that run check and use on one path, at most one for each
// test.
func (w *work) pairsOf(f *finding.Finding) *exercise {
	x := new(exercise)
	for _, r := range w.report.Recorded {
		if r.Log == nil {
			x.problems = append(x.problems, r.Problem)
			continue
		}
		x.add(r, f)
	}
	return x
}

// add adds the pairs of one package.
func (x *exercise) add(r *Recorded, f *finding.Finding) {
	type owner struct {
		process uint32
		test    string
	}
	checks := make(map[owner][]int) // those so far
	var pairs []pair
	at := make(map[string]int) // of the pairs, by test
	for i := range r.Log.Events {
		e := &r.Log.Events[i]
		if e.Kind != wire.Operation {
			continue
		}
		of := owner{e.Process, e.Test}
		use := lineOf(e, f.Use, f.Package)
		if use >= 0 {
			x.use = true
			if !contains(x.tests, e.Test) {
				x.tests = append(x.tests, e.Test)
			}
			p := pair{recorded: r, test: e.Test, check: -1, use: i}
			found := f.Check == nil
			for j := len(checks[of]) - 1; j >= 0 && !found; j-- {
				c := &r.Log.Events[checks[of][j]]
				if checks[of][j] != i && p.same(c, e) && oneCall(c, e, f) {
					p.check, found = checks[of][j], true
				}
			}
			if found {
				// A later pair replaces one whose use is not the operation that is meant.
				have, ok := at[e.Test]
				switch {
				case !ok:
					at[e.Test] = len(pairs)
					pairs = append(pairs, p)
				case better(r.Log, p, pairs[have], f):
					pairs[have] = p
				}
			}
		}
		if f.Check != nil && lineOf(e, *f.Check, f.Package) >= 0 {
			x.check = true
			checks[of] = append(checks[of], i)
		}
	}
	for _, p := range pairs {
		p.locate(r.Log, f)
		x.pairs = append(x.pairs, p)
	}
}

// same reports whether two operations are on one path, and notes which of their
// paths that is.
func (p *pair) same(check, use *wire.Event) bool {
	for _, second := range []bool{false, true} {
		for _, check2 := range []bool{false, true} {
			a, b := check.Name, use.Name
			if check2 {
				a = check.Name2
			}
			if second {
				b = use.Name2
			}
			if a != "" && a == b {
				p.second, p.check2 = second, check2
				return true
			}
		}
	}
	return false
}

// oneCall reports whether check and use can be of one invocation: the calls that lead
// to the function with the use lead to that with the check, too, where both are in
// one function.
func oneCall(check, use *wire.Event, f *finding.Finding) bool {
	c, u := lineOf(check, *f.Check, f.Package), lineOf(use, f.Use, f.Package)
	if c < 0 || u < 0 || check.Frames[c].Function != use.Frames[u].Function {
		return true
	}
	above, below := check.Frames[c+1:], use.Frames[u+1:]
	if len(above) != len(below) {
		return false
	}
	for i := range above {
		if above[i] != below[i] {
			return false
		}
	}
	return true
}

// better reports whether p shows the finding better than q, which came first: its use
// is the operation that the finding names, and succeeds; where the use alone is the
// finding, the path has been used before, so that there is something to lose.
func better(log *wire.Log, p, q pair, f *finding.Finding) bool {
	want := operationOf(f.Use)
	score := func(p pair) int {
		n, use := 0, log.Events[p.use]
		if named(use.Operation) == want {
			n += 4
		}
		if use.Errno == 0 {
			n += 2
		}
		if p.check < 0 && p.again() {
			n++
		}
		return n
	}
	return score(p) > score(q)
}

// lineOf returns the frame of an event that is within a place, or -1.
func lineOf(e *wire.Event, p finding.Place, pkg string) int {
	for i, frame := range e.Frames {
		if frame.Line < p.Start.Line || frame.Line > p.End.Line {
			continue
		}
		if frame.File == p.Path {
			return i
		}
		if filepath.Base(frame.File) == filepath.Base(p.Path) && packageOf(frame.Function) == pkg {
			return i
		}
	}
	return -1
}

// packageOf returns the import path of the package that a function is in.
func packageOf(function string) string {
	function, _, _ = strings.Cut(function, "[")
	slash := strings.LastIndex(function, "/") + 1
	dot := strings.Index(function[slash:], ".")
	if dot < 0 {
		return function
	}
	return function[:slash+dot]
}

// operationOf returns the operation that a finding names: os.Stat for
// "Exists (os.Stat)".
func operationOf(p finding.Place) string {
	name := p.Operation
	if open := strings.LastIndex(name, " ("); open >= 0 && strings.HasSuffix(name, ")") {
		name = name[open+2 : len(name)-1]
	}
	return name
}

// named returns the name of an operation as findings have it.
func named(function string) string {
	if rest, ok := strings.CutPrefix(function, "os.(*"); ok {
		return "(*os." + rest
	}
	return function
}

// locate fills in the plan: which of the operations of the test check and use are.
func (p *pair) locate(log *wire.Log, f *finding.Finding) {
	p.plan = wire.Plan{Test: p.test, Use: point(log, p.use, f.Use, f.Package)}
	if p.check >= 0 {
		p.plan.Check = point(log, p.check, *f.Check, f.Package)
	}
}

// point describes an event so that it is found again in another run of the test.
func point(log *wire.Log, event int, at finding.Place, pkg string) wire.Point {
	e := &log.Events[event]
	frame := e.Frames[lineOf(e, at, pkg)]
	p := wire.Point{File: frame.File, Line: frame.Line, Operation: e.Operation}
	for i := 0; i <= event; i++ {
		if isAt(&log.Events[i], &p, e.Test) {
			p.Nth++
		}
	}
	return p
}

// isAt reports whether an event is one of those that a point counts.
func isAt(e *wire.Event, p *wire.Point, test string) bool {
	if e.Kind != wire.Operation || e.Test != test || e.Operation != p.Operation {
		return false
	}
	for _, frame := range e.Frames {
		if frame.File == p.File && frame.Line == p.Line {
			return true
		}
	}
	return false
}

// find returns the event of a point in another recording, or -1.
func find(log *wire.Log, p *wire.Point, test string) int {
	n := 0
	for i := range log.Events {
		if p.Nth > 0 && isAt(&log.Events[i], p, test) {
			if n++; n == p.Nth {
				return i
			}
		}
	}
	return -1
}

func contains(list []string, s string) bool {
	for _, have := range list {
		if have == s {
			return true
		}
	}
	return false
}

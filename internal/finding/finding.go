// Package finding has the data of one finding that all output formats use: plain data,
// without syntax and types.
package finding

import (
	"cmp"
	"fmt"

	"github.com/edcacfbd/toctou/internal/severity"
)

// Finding is one thing that a pass found.
type Finding struct {
	Rule        string // the pass: statopen
	Message     string // one clause; it names lines, so it changes when code moves
	Reason      Reason // the zero value for what is no race, such as a stale comment
	Severity    severity.Level
	Aspect      string // which property the check restricts, such as type; empty if that is existence
	Package     string // import path of the package
	Function    string // the function that contains it: Load or Store.Save; empty outside of functions
	Use         Place
	Check       *Place   // nil where one operation alone is the finding
	Notes       []Note   // places that explain it, other than check and use
	Fixes       []Fix    // the best first
	Unfixed     string   // why there is no fix, a clause; empty if there is one, or fixes were not requested
	Missing     string   // the package without which a fix cannot be offered; empty mostly
	Fingerprint string   // see package fingerprint
	Platforms   []string // those that have it, if the run was about several
	Witness     *Witness // what the program's own tests say; nil if they were not run
}

// Reason says why something is a race.
type Reason struct {
	ID     string // never changed: opens-vanished
	Text   string // one clause about the use
	Strict bool   // it is reported in strict mode alone
}

// Place is a part of a source file.
type Place struct {
	File       string // as seen from the directory of the run, where it lies below that
	Path       string // absolute
	Start, End Position
	Expr       string // the expression there, as package fingerprint writes it
	Operation  string // what it does, as messages name it: Exists (os.Stat)
	Says       string // one clause for those who look there
}

// Position is a place between two bytes.
type Position struct {
	Line, Column int // from one, in bytes
	Offset       int // from zero
}

// Note is a place with what there is to say of it.
type Note struct {
	Place
	Message string
}

// Fix is one way to fix a finding.
type Fix struct {
	Message string // a capitalised verb phrase
	Edits   []Edit
}

// Edit replaces a part of a file.
type Edit struct {
	Place
	New string
}

// Compare orders findings by place, then by pass.
func Compare(f, g *Finding) int {
	return cmp.Or(
		cmp.Compare(f.Use.File, g.Use.File),
		cmp.Compare(f.Use.Start.Line, g.Use.Start.Line),
		cmp.Compare(f.Use.Start.Column, g.Use.Start.Column),
		cmp.Compare(f.Rule, g.Rule),
		cmp.Compare(f.Message, g.Message),
	)
}

// Witness is what the program's own tests say of a finding, when another process
// makes the change in the window that it is about.
type Witness struct {
	Verdict Verdict
	Test    string // which has shown it; empty if none runs it
	Text    string // one sentence of evidence, or why there is none
}

// String returns the verdict and the evidence, in one sentence.
func (w *Witness) String() string {
	switch w.Verdict {
	case Confirmed:
		return fmt.Sprintf("confirmed by %s: %s", w.Test, w.Text)
	case Survived:
		return fmt.Sprintf("survived in %s: %s", w.Test, w.Text)
	}
	return fmt.Sprintf("%s: %s", w.Verdict, w.Text)
}

// Verdict is what came of a finding in the program's own tests.
type Verdict string

// The verdicts. None but the second one says anything in favor of the code.
const (
	Confirmed     Verdict = "confirmed"              // the harm was done
	Survived      Verdict = "survived"               // the change was made in the window, and did no harm
	OutsideWindow Verdict = "run, not in the window" // tests run the line, but not check and use on one path
	NotExercised  Verdict = "not exercised"          // no test runs the line
	NotComparable Verdict = "not comparable"         // the change could not be made or judged
)

// Package finding holds what the program tells of one finding, whatever the
// format: plain data, without the syntax and types that it was found in.
package finding

import (
	"cmp"

	"github.com/edcacfbd/toctou/internal/severity"
)

// Finding is one thing that a pass found.
type Finding struct {
	Rule        string // the pass: statopen
	Message     string // one clause; it names lines, so it changes when code moves
	Reason      Reason // the zero value for what is no race, such as a stale comment
	Severity    severity.Level
	Package     string // import path of the package
	Function    string // what it stands in: Load or Store.Save; empty outside of functions
	Use         Place
	Check       *Place   // nil where one operation alone is the finding
	Notes       []Note   // places that explain it, besides check and use
	Fixes       []Fix    // the best first
	Unfixed     string   // why there is no fix, a clause; empty if there is one, or none was asked for
	Missing     string   // the package without which a fix cannot be offered; empty mostly
	Fingerprint string   // see package fingerprint
	Platforms   []string // those that have it, if the run was about several
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
	Expr       string // what stands there, as package fingerprint writes expressions
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

// Fix is one way to mend what was found.
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

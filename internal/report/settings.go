// Package report says what was found: which findings a user sees, in which
// words, and where.
package report

import (
	"errors"
	"go/token"
	"go/types"
	"runtime/debug"
	"strings"
	"sync/atomic"

	"golang.org/x/mod/module"
	"golang.org/x/tools/go/analysis"

	"github.com/edcacfbd/toctou/internal/fsapi"
)

// Settings are what a user decides for all passes at once. The zero value is
// the default.
type Settings struct {
	Strict    bool   // report also what depends on circumstances
	Tests     bool   // look at the functions of test files, and report there, too
	Generated bool   // report in generated files, too
	Helper    string // whether fixes may import atomicfix: "", "auto", "always", "never" or the import path of a copy
	NoFacts   bool   // do not look through the functions of other packages

	Table   *fsapi.Table               // the rows of functions; nil for those that toctou knows
	Exclude func(filename string) bool // which files are left out of the report; may be nil

	// Elsewhere returns what is known of a function whose package is not
	// analysed, and that has no facts therefore, or nil. It may be nil itself.
	Elsewhere func(*types.Func) analysis.Fact

	// Await returns when Elsewhere can be asked about the functions that a package
	// names. Hold runs what may look into packages that are known in part, while
	// none is read. Both are nil where packages are analysed when all is known.
	Await func(*types.Package)
	Hold  func(func())

	// Overlay is the content of files that are not analysed as they stand on
	// disk, by name.
	Overlay map[string][]byte

	// Advise has those findings say so that have a fix only where the helper can
	// be imported, which it cannot.
	Advise bool

	// NoFixes says that nobody is shown the fixes, so that they need not be
	// made. Of the findings that Advise asks for, that there is one is noted in
	// Lacking instead.
	NoFixes bool
	Lacking atomic.Bool

	Debug func(format string, args ...any) // told of what went wrong within; may be nil
	Fatal bool                             // let a panic of ours through instead of recovering: for our tests

	Stats Stats // what the run cost, counted as it goes
}

// LeavesOut reports whether the functions of the file at pos are not looked at:
// those of test files, unless they are reported on.
func (s *Settings) LeavesOut(fset *token.FileSet, pos token.Pos) bool {
	return !s.Tests && InTest(fset, pos)
}

// InTest reports whether the file at pos is a test file.
func InTest(fset *token.FileSet, pos token.Pos) bool {
	return strings.HasSuffix(fset.File(pos).Name(), "_test.go")
}

// SetHelper sets Helper, if it can be that.
func (s *Settings) SetHelper(helper string) error {
	switch helper {
	case "", "auto", "always", "never":
	default:
		// A copy lies in some module, so its path has a slash: what has none
		// is one of the words, misspelt.
		if !strings.Contains(helper, "/") || module.CheckImportPath(helper) != nil {
			return errors.New("want auto, always, never or an import path")
		}
	}
	s.Helper = helper
	return nil
}

// Stats counts what a run did. Counts, unlike times, do not wobble.
type Stats struct {
	Packages  atomic.Int64 // packages seen
	SSA       atomic.Int64 // packages whose SSA form was built
	Functions atomic.Int64 // functions searched for operations on paths
	Steps     atomic.Int64 // blocks of functions entered by walks
	Partly    atomic.Int64 // functions looked at in part: there is too much in them
	Facts     atomic.Int64 // facts exported
	Parsed    atomic.Int64 // dependencies that may touch files and have functions that are called, by names
	Checked   atomic.Int64 // those of them that were type-checked, too
	Recovered atomic.Int64 // packages given up because of an error of ours
}

// Recover ends, where it is deferred, a panic of ours in silence: one that
// escaped would take down the analysis of everything that depends on the
// package. what names the work that is given up, and silence leaves the
// results of none.
func (s *Settings) Recover(what string, silence func()) {
	if s.Fatal {
		return
	}
	r := recover()
	if r == nil {
		return
	}
	s.Stats.Recovered.Add(1)
	s.Debugf("%s: given up: %v\n%s", what, r, debug.Stack())
	silence()
}

// Look runs f, which may look into packages that are known in part; see Hold.
func (s *Settings) Look(f func()) {
	if s.Hold == nil {
		f()
		return
	}
	s.Hold(f)
}

// Debugf tells of what went wrong within, if anybody wants to know.
func (s *Settings) Debugf(format string, args ...any) {
	if s.Debug != nil {
		s.Debug(format, args...)
	}
}

// Package settings has what a user decides for all passes at once, by flags or
// in the settings file.
package settings

import (
	"errors"
	"go/token"
	"strings"

	"golang.org/x/mod/module"

	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/severity"
)

// Settings are what a user decides for all passes at once. The zero value is
// the default.
type Settings struct {
	Strict    bool   // report also what depends on circumstances
	Tests     bool   // analyze the functions of test files, and report there, too
	Generated bool   // report in generated files, too
	Helper    string // whether fixes may import atomicfix: "", "auto", "always", "never" or the import path of a copy
	NoFacts   bool   // do not look through the functions of other packages

	Severity severity.Level // leave out what is less severe

	Table   *fsapi.Table               // the rows of functions; nil for those that toctou knows
	Exclude func(filename string) bool // which files are left out of the report; may be nil

	// ChoiceIn returns what is said about a pass in a file, "" if nothing is. It may be
	// nil.
	ChoiceIn func(filename, pass string) Choice
}

// Choice is what a settings file says about one pass.
type Choice string

// The choices.
const (
	On     Choice = "on" // as by default
	Off    Choice = "off"
	Strict Choice = "strict"
)

// LeavesOut reports whether the functions of the file at pos are not analyzed:
// those of test files, unless they are reported on.
func (s *Settings) LeavesOut(fset *token.FileSet, pos token.Pos) bool {
	return !s.Tests && InTest(fset, pos)
}

// InTest reports whether the file at pos is a test file.
func InTest(fset *token.FileSet, pos token.Pos) bool {
	return strings.HasSuffix(fset.File(pos).Name(), "_test.go")
}

// SetHelper sets Helper, if the value is valid.
func (s *Settings) SetHelper(helper string) error {
	switch helper {
	case "", "auto", "always", "never":
	default:
		// A copy is in some module, so its path has a slash: a value without one is
		// a misspelled word.
		if !strings.Contains(helper, "/") || module.CheckImportPath(helper) != nil {
			return errors.New("want auto, always, never or an import path")
		}
	}
	s.Helper = helper
	return nil
}

// Package gopls puts toctou's passes into a gopls that imports it.
//
// Its init function appends them to the suite of go vet's analyzers, which
// gopls takes when its own packages are initialised. A program that imports it
// has to check that this came in time: `toctou gopls` builds one that does.
package gopls

import (
	"golang.org/x/tools/go/analysis/suite/vet"

	"github.com/edcacfbd/toctou/passes"
)

// What the linker sets.
var (
	strict string // "true": report also what depends on circumstances
	helper string // whether fixes may import the helper package, as in the settings
)

// Suite is what gopls is given.
var Suite = passes.New(settings())

func init() { vet.Suite = append(vet.Suite, Suite...) }

func settings() *passes.Settings {
	s := &passes.Settings{Strict: strict == "true", Helper: helper}
	if s.Helper == "" {
		// In an editor an import that cannot be resolved does not go unnoticed:
		// gopls offers the go get. It also remembers findings while go.mod
		// changes, so that what depends on go.mod would go stale.
		s.Helper = "always"
	}
	return s
}

package pathreuse

import (
	"go/ast"

	"golang.org/x/tools/go/analysis"

	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/race"
	"github.com/edcacfbd/toctou/internal/rewrite"
)

// methods are the methods of an open file that do what a function does by
// path. There is none for os.Chtimes.
var methods = map[string]string{
	"os.Stat":     "Stat",
	"os.Chmod":    "Chmod",
	"os.Chown":    "Chown",
	"os.Truncate": "Truncate",
}

// fixes offers the method of the open file.
func fixes(p *analysis.Pass, e *race.Engine, f *race.Finding) []analysis.SuggestedFix {
	if f.Check == nil || f.Check.Call.Parent() != f.Use.Call.Parent() {
		return nil // the handle is not at hand by a name of this function
	}
	s := rewrite.New(p, e, f)
	if s == nil || f.Aspect == race.Closed {
		return nil // there is no open file to ask
	}
	c := s.Direct(f.Use)
	if c == nil || methods[c.Name] == "" || c.Ellipsis.IsValid() || !useful(f, c) {
		return nil
	}
	return s.ByHandle(f.Check, c, methods[c.Name])
}

// useful reports whether the method does for the program what the function
// does.
func useful(f *race.Finding, c *rewrite.Call) bool {
	if c.Name != "os.Stat" {
		// What a file opened for reading allows differs from what its path
		// allows, and by system.
		return f.Check.Effect != fsapi.Open
	}
	assign, ok := c.Stmt.(*ast.AssignStmt)
	if !ok || len(assign.Rhs) != 1 {
		return true
	}
	// Where only the error is looked at, the program asks whether the path is
	// still there, which an open file cannot tell.
	id, ok := assign.Lhs[0].(*ast.Ident)
	return !ok || id.Name != "_"
}

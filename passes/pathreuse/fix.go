package pathreuse

import (
	"go/ast"

	"golang.org/x/tools/go/analysis"

	"github.com/edcacfbd/toctou/internal/fix"
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
func fixes(p *analysis.Pass, e *race.Engine, f *race.Finding) ([]analysis.SuggestedFix, fix.Refusal) {
	if f.Check == nil || f.Check.Call.Parent() != f.Use.Call.Parent() {
		return nil, "the open file is not in a variable of this function"
	}
	s := rewrite.New(p, e, f)
	if s == nil {
		return nil, rewrite.NoSource
	}
	switch f.Aspect {
	case race.Closed:
		return nil, "the file is already closed, so there is no open file to use instead of the path"
	case race.Late, race.Digest:
		return nil, "the check must come before the use, or be made on the open file, and only the author can decide which"
	}
	c := s.Direct(f.Use)
	switch {
	case c == nil && f.Use.Via != nil:
		return throughHelper(s, f)
	case c == nil:
		return nil, s.Within(f.Use)
	case methods[c.Name] == "" || c.Ellipsis.IsValid():
		return nil, "os.File has no method that does the same"
	case !useful(f, c):
		return nil, "the method of the open file does not do the same: it cannot report whether the path still exists, or it needs a file open for writing"
	}
	plan, name, why := s.MethodOfHandle(f.Check, c, methods[c.Name])
	if why != "" {
		return nil, why
	}
	return plan.Offer("Replace " + s.Text(c.Fun) + " with " + name)
}

// throughHelper queries the open file instead of a function of the package that queries
// the path.
func throughHelper(s *rewrite.Site, f *race.Finding) ([]analysis.SuggestedFix, fix.Refusal) {
	plan, title, why := s.MetadataOfHandle(f.Check, f.Use)
	if why != "" {
		return nil, why
	}
	return plan.Offer(title)
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
	// If only the error is used, the program checks whether the path still exists,
	// which an open file cannot report.
	id, ok := assign.Lhs[0].(*ast.Ident)
	return !ok || id.Name != "_"
}

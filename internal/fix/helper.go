package fix

import (
	"path/filepath"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/edcacfbd/toctou/internal/reach"
)

// Helper returns the import path of the helper package for the fixes of a
// package, or "" if none of them may import it. The setting is "auto" or "",
// "always", "never" or the import path of a copy. This is the one place that
// decides it, and once for a package.
func Helper(p *analysis.Pass, setting string) string {
	all := sourcesOf(p)
	all.mu.Lock()
	defer all.mu.Unlock()
	helper, ok := all.helpers[setting]
	if !ok {
		helper = helperOf(p, setting)
		all.helpers[setting] = helper
	}
	return helper
}

func helperOf(p *analysis.Pass, setting string) string {
	helper := setting
	switch setting {
	case "never":
		return ""
	case "always":
		helper = reach.Helper
	case "", "auto":
		helper = reach.Helper
		if !imports(p, helper) && !providedTo(p) {
			return ""
		}
	}
	if self := packagePath(p); self == helper || !allowed(helper, self) {
		return ""
	}
	return helper
}

// packagePath returns the path of the package under analysis, that of a test
// variant without the name of the test.
func packagePath(p *analysis.Pass) string {
	self, _, _ := strings.Cut(p.Pkg.Path(), " ")
	return strings.TrimSuffix(self, "_test")
}

// imports reports whether some file of the package imports path.
func imports(p *analysis.Pass, path string) bool {
	for _, imp := range p.Pkg.Imports() {
		if imp.Path() == path {
			return true
		}
	}
	return false
}

// providedTo reports whether the module of the package provides the helper.
func providedTo(p *analysis.Pass) bool {
	if len(p.Files) == 0 {
		return false
	}
	return reach.InReach(filepath.Dir(p.Fset.File(p.Files[0].FileStart).Name()))
}

// allowed reports whether a package may import one that may be internal.
func allowed(helper, self string) bool {
	i := strings.LastIndex("/"+helper+"/", "/internal/")
	if i <= 0 {
		return i < 0
	}
	root := helper[:i-1]
	return self == root || strings.HasPrefix(self, root+"/")
}

package depfacts

import (
	"bytes"
	"go/parser"
	"go/token"
	"os"
	"strconv"

	"golang.org/x/tools/go/packages"

	"github.com/edcacfbd/toctou/internal/fsapi"
)

// scan reports whether the text of a package names a function of the table
// that touches files. Most packages that import one of its packages do not:
// they look at an environment variable.
func scan(pkg *packages.Package, table *fsapi.Table) bool {
	known := table.Packages()
	touches := false
	for path := range pkg.Imports {
		touches = touches || known[path]
	}
	if !touches {
		return false
	}
	for _, name := range pkg.CompiledGoFiles {
		src, err := os.ReadFile(name)
		if err != nil {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, src, parser.ImportsOnly)
		if err != nil {
			continue
		}
		for _, spec := range file.Imports {
			path, err := strconv.Unquote(spec.Path.Value)
			if err != nil || !known[path] {
				continue
			}
			local := baseName(pkg, path)
			if spec.Name != nil {
				local = spec.Name.Name
			}
			if local == "." || names(src, local, path, table) {
				return true
			}
		}
	}
	return false
}

// baseName is the name by which an imported package is known where it is
// given no other.
func baseName(pkg *packages.Package, path string) string {
	if imp := pkg.Imports[path]; imp != nil && imp.Name != "" {
		return imp.Name
	}
	return path[bytes.LastIndexByte([]byte(path), '/')+1:]
}

// names reports whether src has local.F for a function F of the package that
// touches files.
func names(src []byte, local, path string, table *fsapi.Table) bool {
	prefix := []byte(local + ".")
	for {
		i := bytes.Index(src, prefix)
		if i < 0 {
			return false
		}
		src = src[i+len(prefix):]
		end := 0
		for end < len(src) && isLetter(src[end]) {
			end++
		}
		if table.Lookup(path + "." + string(src[:end])).Touches() {
			return true
		}
	}
}

func isLetter(b byte) bool {
	return b == '_' || 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z' || '0' <= b && b <= '9' || b >= 0x80
}

package depfacts

import (
	"bytes"
	"slices"

	"golang.org/x/tools/go/packages"

	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/load"
)

// Touches reports whether the text of a package names a function of the table
// that touches files. Most packages that import one of its packages do not:
// they look at an environment variable. Of the package, the files are looked at,
// and the paths and names of what it imports.
func Touches(pkg *packages.Package, table *fsapi.Table) bool {
	known := table.Packages()
	touches := false
	for path := range pkg.Imports {
		touches = touches || known[path]
	}
	if !touches {
		return false
	}
	return slices.ContainsFunc(pkg.CompiledGoFiles, func(name string) bool {
		found := false
		err := load.Text(name, func(text []byte) error {
			found = touchesFiles(pkg, name, text, table)
			return nil
		})
		return err == nil && found
	})
}

// touchesFiles is Touches for one file.
func touchesFiles(pkg *packages.Package, name string, text []byte, table *fsapi.Table) bool {
	imports, err := readImports(pkg, name, text)
	if err != nil {
		return false
	}
	for local, path := range imports.paths {
		if table.Packages()[path] && (local == "." || names(text, local, path, table)) {
			return true
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

// Package p claims which paths name one file, however they are spelled.
package p

import (
	"path"
	"path/filepath"
	"strings"
)

func same(a, b string)   {}
func differ(a, b string) {}

func spellings(p, dir, name string) {
	same(p, filepath.Clean(p))
	same(p, filepath.FromSlash(filepath.ToSlash(p)))
	same(path.Clean(p), filepath.Clean(p))
	same(filepath.Join(dir, name), filepath.Join(filepath.Clean(dir), name))
	same(filepath.Join(dir, name), path.Join(dir, name))
	same(filepath.Join(filepath.Join(filepath.Clean(dir), name), "a"), filepath.Join(dir, name, "a"))
	differ(p, strings.ToLower(p))
	differ(p, strings.TrimSuffix(p, "/"))
	differ(filepath.Join(dir, "/"+name), filepath.Join(dir, filepath.Clean("/"+name))) // "../x" stays below dir
}

func parents(dir, name string) {
	same(dir, filepath.Dir(filepath.Join(dir, "a")))
	same(filepath.Join(dir, name), filepath.Dir(filepath.Join(dir, name, "a")))
	same(filepath.Dir(dir), filepath.Dir(filepath.Clean(dir)))
	differ(dir, filepath.Dir(filepath.Join(dir, name))) // name may be "a/b"
	differ(dir, filepath.Dir(filepath.Join(dir, "..")))
}

func absolute(p, q string) {
	abs, err := filepath.Abs(p)
	if err != nil {
		return
	}
	same(p, abs)
	differ(q, abs)
	either, err := filepath.Abs(filepath.Clean(p))
	if err != nil {
		either = p
	}
	same(p, either)
	other, err := filepath.Abs(p)
	if err != nil {
		other = q
	}
	differ(p, other)
}

func rounds(p string, n int) {
	at := p
	for range n {
		at = filepath.Dir(at)
	}
	differ(p, at)
}

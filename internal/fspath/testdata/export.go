// Package p has functions that yield paths.
package p

import "path/filepath"

func same(a, b string)   {}
func differ(a, b string) {}

type file struct{ dir, path string }

var base = "/var/lib"

func unknown() string

func param(p string) string               { return p }
func second(p, q string) string           { return q }
func join(p string) string                { return filepath.Join(p, "x") }
func concat(p string) string              { return p + ".lock" }
func field(f *file) string                { return f.path }
func (f *file) joinField(n string) string { return filepath.Join(f.dir, n) }
func global() string                      { return base }
func constant() string                    { return "/etc/x" }
func local() string                       { return unknown() }

func assigned(f *file, to string) string {
	f.path = to + unknown()
	return f.path
}

func caller(p string, f *file) {
	same(join(p), filepath.Join(p, "x"))
	same(second("", p), p)
	same(concat(p), p+".lock")
	same(f.joinField("a"), filepath.Join(f.dir, "a"))
	differ(f.joinField("a"), f.joinField("b"))
	same(global(), base)
	same(field(f), f.path)
	before := field(f)
	f.path = p
	differ(before, field(f))
	same(field(f), p)
	differ(local(), local())
}

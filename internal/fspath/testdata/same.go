// Package p claims which paths are the same: same and differ are held against
// the numbering.
package p

import (
	"fmt"
	"log"
	"os"
	"path"
	"path/filepath"
	"strings"
)

func same(a, b string)   {}
func differ(a, b string) {}

// Pure expressions over equal parts.

func pure(dir, name, other string, n int) {
	same(dir, dir)
	differ(dir, name)
	same("a", "a")
	differ("a", "b")
	same(filepath.Join(dir, name), filepath.Join(dir, name))
	differ(filepath.Join(dir, name), filepath.Join(dir, other))
	differ(filepath.Join(dir, name), filepath.Join(name, dir))
	same(filepath.Join(filepath.Join(dir, "a"), "b"), filepath.Join(dir, "a", "b"))
	same(filepath.Join(dir, "a", "b"), filepath.Join(dir, "a/b"))
	same(filepath.Join(dir, "", name), filepath.Join(dir, name))
	same(filepath.Clean(filepath.Join(dir, "a")), filepath.Join(dir, "a"))
	same(filepath.Clean(filepath.Join(dir, "."+name)), filepath.Join(dir, "."+name))
	same(filepath.Clean(filepath.Join(filepath.Dir(dir), name)), filepath.Join(filepath.Dir(dir), name))
	same(filepath.Clean(filepath.Join(dir, name)), filepath.Clean(filepath.Join(dir, name)))
	differ(filepath.Clean(filepath.Join(dir, name)), filepath.Join(dir, name)) // "." and "" if both are empty
	same(path.Join(dir, name), path.Join(dir, name))
	same(dir+"/"+name, dir+("/"+name))
	same(dir+"a"+"b", dir+"ab")
	differ(dir+name, name+dir)
	differ(dir+"a", dir+"b")
	same(fmt.Sprintf("%s-%d", dir, n), fmt.Sprintf("%s-%d", dir, n))
	differ(fmt.Sprintf("%s-%d", dir, n), fmt.Sprintf("%s-%d", dir, n+1))
	differ(fmt.Sprintf("%s-%d", dir, n), fmt.Sprintf("%s.%d", dir, n))
	same(string([]byte(dir)), string([]byte(dir)))
	same(filepath.Dir(dir), filepath.Dir(dir))
	same(strings.TrimSuffix(dir, ".gz"), strings.TrimSuffix(dir, ".gz"))
}

// Variables.

func variables(p string, long bool) {
	q := p
	same(p, q)
	q = p + "x"
	differ(p, q)

	var r string
	if long {
		r = p + "x"
	} else {
		r = p + "x"
	}
	same(r, q)
	if long {
		r = p
	}
	differ(r, p)
	differ(r, q)

	{
		p := q
		same(p, q)
	}
	differ(p, q)
}

func loops(paths []string, p string) {
	last := p
	for _, q := range paths {
		same(q, q)
		differ(q, last)
		last = q
	}
	for range paths {
		p += "x"
		same(p, p)
	}
	differ(p, last)
}

func unknown(f func() string) {
	differ(f(), f())
	s := f()
	same(s, s)
	same(filepath.Join(s, "a"), filepath.Join(s, "a"))
}

// Fields and variables of the package.

type file struct {
	path  string
	count int
	next  *file
}

var base = "/var/lib"

func (f *file) rename(to string) { f.path = to }
func (f *file) log()             { f.count++ }
func setBase(to string)          { base = to }
func escape(f *file)

func fields(f, g *file, to string) {
	same(f.path, f.path)
	differ(f.path, g.path)
	same(f.next.path, f.next.path)

	before := f.path
	f.count++
	f.log()
	log.Print(before)
	same(before, f.path)
	f.rename(to)
	differ(before, f.path)

	before = f.path
	f.path = to
	differ(before, f.path)
	same(f.path, to)

	before = f.path
	g.path = to + "x" // g may be f
	differ(before, f.path)

	before = g.path
	g.log()
	same(before, g.path)
}

func escaping(f *file) {
	before := f.path
	escape(f) // of which nothing is known
	differ(before, f.path)
}

func branches(f *file, to string, move bool) {
	before := f.path
	if move {
		f.path = to
	}
	differ(before, f.path)
	after := f.path
	same(after, f.path)
}

func whole(to string) {
	var f file
	f.path = to
	same(f.path, to)
	f = file{path: "x"}
	differ(f.path, to)
}

func values(f file) {
	same(f.path, f.path)
	g := f
	same(g.path, f.path)
}

func globals(to string) {
	before := base
	same(before, base)
	same(filepath.Join(base, "x"), filepath.Join(base, "x"))
	setBase(to)
	differ(before, base)
}

func elements(paths []string, i int) {
	same(paths[0], paths[0])
	differ(paths[0], paths[1])
	same(paths[i], paths[i])
	before := paths[i]
	paths[i] = "x"
	differ(before, paths[i])
}

// Captured variables.

func captured(p string) {
	func() {
		same(p, p)
		same(filepath.Join(p, "x"), filepath.Join(p, "x"))
	}()
	q := p
	f := func() { q += "x" }
	before := q
	f()
	differ(before, q)
}

func constantCapture(dir string) {
	p := filepath.Join(dir, "x")
	func() { same(p, filepath.Join(dir, "x")) }()
}

// What a handle was opened by.

func handles(p, other string) {
	f, err := os.Open(p)
	if err != nil {
		return
	}
	same(f.Name(), p)
	differ(f.Name(), other)
	g, err := os.CreateTemp("", "")
	if err != nil {
		return
	}
	same(g.Name(), g.Name())
	differ(g.Name(), f.Name())
}

// Writes through other names.

func fill(p *string) { *p = "x" }

func byAddress(p string) {
	before := p
	fill(&p)
	differ(before, p)
}

func byPointer(p, q *string) {
	before := *p
	same(before, *p)
	*q = "x" // q may be p
	differ(before, *p)
}

func copied(f *file) {
	g := *f
	same(g.path, f.path)
	f.path = "x"
	differ(g.path, f.path)
}

func original(f file) {
	g := f
	f.path = "x"
	differ(g.path, f.path)
	same(f.path, "x")
}

type wrapper struct {
	*file
	inner file
}

func promoted(w *wrapper, to string) {
	same(w.path, w.file.path)
	before := w.path
	w.file.rename(to)
	differ(before, w.path)
	before = w.inner.path
	same(before, w.inner.path)
	w.inner.rename(to)
	differ(before, w.inner.path)
}

func swapped(w *wrapper, other *file) {
	before := w.path
	w.file = other
	differ(before, w.path)
}

type renamer interface{ rename(to string) }

func byInterface(f *file, r renamer, to string) {
	before := f.path
	r.rename(to) // r may be f
	differ(before, f.path)
}

func byCallback(f *file, do func(func())) {
	before := f.path
	do(func() { f.path = "x" })
	differ(before, f.path)
}

func byCaptured(p string, do func(func())) {
	before := p
	do(func() { p = "x" })
	differ(before, p)
}

func inTheOtherRound(f *file, names []string) {
	for _, name := range names {
		before := f.path
		f.rename(name)
		differ(before, f.path)
	}
}

func untilTheRoundAfter(f *file, names []string) {
	before := f.path
	for _, name := range names {
		differ(before, f.path)
		f.path = name
	}
}

func maps(m map[string]string, k string) {
	before := m[k]
	m[k] = "x"
	differ(before, m[k])
}

func arrays(i, j int) {
	var a [2]string
	a[i] = "x"
	before := a[i]
	a[j] = "y"
	differ(before, a[i])
}

func received(c chan string) {
	differ(<-c, <-c)
}

func asserted(v any) {
	s, _ := v.(string)
	same(s, s)
}

func recursive(f *file, n int) {
	before := f.path
	if n > 0 {
		f.path = "x"
		recursive(f, n-1)
	}
	differ(before, f.path)
}

func across(f *file, n int) {
	before := f.path
	recursive(f, n)
	differ(before, f.path)
}

type option func(*file)

func byOptions(f *file, opts ...option) {
	before := f.path
	for _, o := range opts {
		o(f)
	}
	differ(before, f.path)
}

func withPath(p string) option { return func(f *file) { f.path = p } }

func decoded(f *file, into func(any)) {
	before := f.path
	into(f) // may be any function of this package
	differ(before, f.path)
}

func scanned(p string) {
	before := p
	fmt.Sscan("x", &p)
	differ(before, p)
}

func deferring(f *file) {
	before := f.path
	defer f.rename("x") // after all of this
	same(before, f.path)
}

func selected(f, g *file, first bool) {
	h := f
	if first {
		h = g
	}
	before := f.path
	h.path = "x"
	differ(before, f.path)
}

func made() {
	f, g := &file{path: "x"}, &file{path: "y"}
	before := f.path
	g.path = "z" // not f
	same(before, f.path)
}

func list(f *file) {
	before := f.next.path
	f.next = f.next.next
	differ(before, f.next.path)
}

// A field whose address, or whose setter as a value, is handed over.

type renamed struct{ path string }

func (f *renamed) rename(to string) { f.path = to }

func fillName(p *string) { *p = "x" }

func byFieldAddress(f *renamed) {
	before := f.path
	fillName(&f.path)
	differ(before, f.path)
}

func byValue(f *renamed, to string) {
	before := f.path
	set := f.rename
	set(to)
	differ(before, f.path)
}

func formatted(f *renamed) {
	before := f.path
	if _, err := fmt.Sscan("x", &f.path); err != nil {
		return
	}
	differ(before, f.path)
}

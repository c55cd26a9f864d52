// Package p claims what the numbering is known to get wrong.
package p

import "fmt"

func same(a, b string)   {}
func differ(a, b string) {}

type file struct{ path string }

func (f *file) rename(to string) { f.path = to }

func fill(p *string) { *p = "x" }

func byFieldAddress(f *file) {
	before := f.path
	fill(&f.path)
	differ(before, f.path)
}

func byValue(f *file, to string) {
	before := f.path
	set := f.rename
	set(to)
	differ(before, f.path)
}

func formatted(f *file) {
	before := f.path
	if _, err := fmt.Sscan("x", &f.path); err != nil {
		return
	}
	differ(before, f.path)
}

package fspath

import (
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fsapi"
)

// File returns the number that the spellings of one path have in common:
//
//	filepath.Clean(p), filepath.FromSlash(p)          // p
//	abs, err := filepath.Abs(p)                       // p
//	filepath.Join(filepath.Clean(dir), "a")           // filepath.Join(dir, "a")
//	filepath.Dir(filepath.Join(dir, "a"))             // dir
//	filepath.Join(filepath.Dir(p), filepath.Base(p))  // p
//
// but not where a spelling cuts off what leads out of a directory:
//
//	filepath.Join(root, filepath.Clean("/"+name))     // not filepath.Join(root, "/"+name)
//
// moves is set if the function changes its working directory: then an absolute path and
// the relative path that it was computed from may name two files.
func (n *Numbering) File(v *Value, moves bool) *Value {
	key := fileOf{v, moves}
	if f, ok := n.files[key]; ok {
		return f
	}
	n.files[key] = v // for a phi that a loop leads back to
	f := n.file(v, moves)
	n.files[key] = f
	return f
}

type fileOf struct {
	v     *Value
	moves bool
}

func (n *Numbering) file(v *Value, moves bool) *Value {
	switch {
	case v.Kind == Unique:
		if phi, ok := v.Src.(*ssa.Phi); ok {
			return n.fileOfPhi(v, phi, moves)
		}
		return v
	case v.Kind != Pure || len(v.Args) == 0:
		return v
	case v.Name == beneath:
		return n.pure(beneath, v.Args[0], n.File(v.Args[1], moves))
	}
	row := fsapi.Lookup(v.Name)
	if row.Has(fsapi.ReadsDir) && moves {
		return v
	}
	switch {
	case row.Has(fsapi.Renames):
		return n.File(v.Args[0], moves)
	case row.Has(fsapi.Joins):
		if whole := n.rejoined(v, moves); whole != nil {
			return whole
		}
		first := n.File(v.Args[0], moves)
		switch {
		case len(v.Args) == 1:
			return first
		case first == v.Args[0] && v.Name == "path/filepath.Join":
			return v
		}
		return n.join("path/filepath.Join", append([]*Value{first}, v.Args[1:]...))
	case row.Has(fsapi.Ascends):
		return n.directory(n.File(v.Args[0], moves))
	}
	return v
}

// rejoined returns the path whose directory and last element a join puts together again,
// or nil.
//
//	filepath.Join(filepath.Dir(p), filepath.Base(p)) // p
//
// Not the directory of one path and the last element of another:
//
//	filepath.Join(filepath.Dir(p), filepath.Base(q))
func (n *Numbering) rejoined(join *Value, moves bool) *Value {
	if len(join.Args) != 2 {
		return nil
	}
	dir, name := join.Args[0], join.Args[1]
	if dir.Kind != Pure || name.Kind != Pure || !fsapi.Lookup(dir.Name).Has(fsapi.Ascends) || !fsapi.Lookup(name.Name).Has(fsapi.LastElement) {
		return nil
	}
	if whole := n.File(dir.Args[0], moves); whole == n.File(name.Args[0], moves) {
		return whole
	}
	return nil
}

// directory returns the directory of a path.
func (n *Numbering) directory(path *Value) *Value {
	if elems := path.Joined(); len(elems) > 1 {
		if last, ok := elems[len(elems)-1].Text(); ok && isElement(last) {
			if len(elems) == 2 {
				return elems[0]
			}
			return n.join("path/filepath.Join", elems[:len(elems)-1])
		}
	}
	return n.pure("path/filepath.Dir", path)
}

// isElement reports whether a text is one element of a path: "a.json", not "..", "a/b"
// or the empty string.
func isElement(text string) bool {
	switch text {
	case "", ".", "..":
		return false
	}
	return !strings.Contains(text, "/")
}

// fileOfPhi returns the one file that all inputs of a phi are spellings of, or v.
//
//	abs, err := filepath.Abs(p)
//	if err != nil {
//		abs = p
//	}
func (n *Numbering) fileOfPhi(v *Value, phi *ssa.Phi, moves bool) *Value {
	var same *Value
	for _, e := range n.inputs(phi) {
		f := n.File(n.Of(e), moves)
		if f == v || same != nil && f != same {
			return v
		}
		same = f
	}
	if same == nil {
		return v
	}
	return same
}

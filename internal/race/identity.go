package race

import (
	"go/types"
	"path"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/fspath"
)

// identities are what a path can be known by in another function.
func identities(num *fspath.Numbering, v *fspath.Value) []string {
	var list []string
	if t := tail(v); t != "" {
		list = append(list, t)
	}
	if s := shape(num, v); s != "" {
		list = append(list, s)
	}
	return list
}

// SharesIdentity reports whether two paths, of different functions, may well be one: the
// same field or variable holds them, the same function returns them, or they end alike.
func SharesIdentity(num *fspath.Numbering, v, w *fspath.Value) bool {
	others := identities(num, w)
	return slices.ContainsFunc(identities(num, v), func(id string) bool { return slices.Contains(others, id) })
}

// shape writes a path with its parameters left open: the methods of a store that
// keep an entry by its key, and get it back, compute the same path from their
// own.
//
//	filepath.Join(s.dir, key+".json")     // s.dir is the store, ".json" the kind of entry
//	filepath.Join(s.dir, fileOf(key))     // so is what a function makes of a key
//	filepath.Join(dir, fileOf(key))       // a function of the package names the store as well
//
// It is "" unless the path contains a field, a variable or a function of the package,
// which identifies the store, and a text or a function, which identifies the entries:
// an arbitrary name below a directory can be any file.
//
//	filepath.Join(s.dir, name)            // see form
func shape(num *fspath.Numbering, v *fspath.Value) string {
	s := shaping{num: num}
	if text := s.text(v); !s.unknown && s.store && s.entry {
		return text
	}
	return ""
}

// form is shape for a path below a store's directory whose name is the key itself,
// which is weaker evidence: any file there has such a path.
func form(num *fspath.Numbering, v *fspath.Value) string {
	s := shaping{num: num}
	if text := s.text(v); !s.unknown && s.store && s.key {
		return text
	}
	return ""
}

// shaping is what was met while a shape was written.
type shaping struct {
	num   *fspath.Numbering
	depth int // of calls within arguments of calls
	parts int // written

	store, entry, key, unknown bool

	across *need // records what the path is computed from, for other packages; nil for this one alone
}

// from records a package that the path is known by.
func (s *shaping) from(pkg string) {
	if s.across != nil {
		s.across.packages = append(s.across.packages, pkg)
	}
}

// Bounds on what is written: how deep calls are, and how many parts. A path that is
// put together of more is no entry of a store.
const (
	maxShapeDepth = 3
	maxShapeParts = 32
)

func (s *shaping) text(v *fspath.Value) string {
	if s.parts++; s.parts > maxShapeParts {
		s.unknown = true
	}
	if s.unknown {
		return ""
	}
	name, args := v.Name, v.Args
	switch v.Kind {
	case fspath.Const:
		s.entry = true
		return strconv.Quote(v.Name)
	case fspath.Param:
		s.key = true
		return v.Src.Type().String()
	case fspath.Global:
		s.store = true
		s.from(packageOf(v.Name))
		return v.Name
	case fspath.Field:
		s.store = true
		s.from(packageOf(v.Owner))
		if s.across != nil {
			s.across.fields = append(s.across.fields, v.Owner+"."+v.Name)
		}
		return v.Owner + "." + v.Name // whatever object it is of
	case fspath.Pure:
	case fspath.Unique, fspath.Chosen:
		s.entry = s.entry || s.across == nil
		return s.call(callOf(v))
	default:
		s.unknown = true
	}
	parts := []string{name}
	for _, a := range args {
		parts = append(parts, s.text(a))
	}
	return "(" + strings.Join(parts, " ") + ")"
}

// call writes a call whose arguments have a shape, such as one that cleans a key,
// computes its digest or names the file of an entry.
//
//	cleanName(key)                // of a parameter
//	fileOf(it.name)               // of a field: the key that another function has as a parameter
//	it.store.fileOf(it.name)      // of an object
func (s *shaping) call(call *ssa.Call) string {
	if call == nil || fspath.Callee(call.Common()) == nil || s.depth == maxShapeDepth {
		s.unknown = true
		return ""
	}
	parts := []string{fspath.Callee(call.Common()).FullName()}
	s.depth++
	for _, arg := range fspath.Arguments(call.Common()) {
		switch c, constant := arg.(*ssa.Const); {
		case constant:
			parts = append(parts, c.String())
		case isString(arg.Type()):
			s.key = true
			s.entry = true
			parts = append(parts, arg.Type().String())
		case s.across != nil && isStructValue(arg):
			s.key = true
			s.entry = true
			parts = append(parts, arg.Type().String()) // a key of several parts
		default:
			parts = append(parts, s.text(s.num.Of(arg)))
		}
	}
	s.depth--
	switch callee := call.Common().StaticCallee(); {
	case callee == nil:
	case s.across != nil && s.num.Row(call) == nil && fspath.Callee(call.Common()).Pkg() != nil:
		fn := fspath.Callee(call.Common())
		s.store = true
		s.from(fn.Pkg().Path())
		s.across.funcs = append(s.across.funcs, fn.FullName())
	case len(callee.Blocks) > 0:
		s.store = true
	}
	return strings.Join(parts, " ")
}

// isStructValue reports whether a value is a struct, and no pointer to one: what it is made
// of is a key, and no object that keeps files.
func isStructValue(v ssa.Value) bool {
	_, ok := v.Type().Underlying().(*types.Struct)
	return ok
}

// tail identifies a path across functions as well as can be: by the field or
// the variable that holds it, by the function that returns it, or by its
// constant last element. A name that is computed in another way is another name.
func tail(v *fspath.Value) string {
	switch v.Kind {
	case fspath.Field:
		return v.Owner + "." + v.Name
	case fspath.Global:
		return v.Name
	case fspath.Const:
		return path.Base(v.Name)
	case fspath.Unique, fspath.Chosen:
		return yieldedBy(v.Src)
	case fspath.Pure:
		return tailOfCall(v)
	}
	return ""
}

// tailOfCall is tail for what a function or an operator has computed.
//
//	filepath.Join(dir, "state.json")  // state.json
//	s.path + ".tmp"                   // p.Store.path.tmp
//	fmt.Sprintf("%s/%d.json", dir, n) // nothing: the name differs by n
func tailOfCall(v *fspath.Value) string {
	if len(v.Args) == 0 {
		return ""
	}
	row := fsapi.Lookup(v.Name)
	first, last := v.Args[0], v.Args[len(v.Args)-1]
	t := ""
	switch {
	case v.Appended() != nil:
		if t = lastElement(last); t == "" && len(v.Args) == 2 && last.Kind == fspath.Const && tail(first) != "" {
			t = tail(first) + last.Name
		}
	case row.Has(fsapi.Formats):
		if t = lastElement(first); strings.Contains(t, "%") {
			return ""
		}
	case v.Joined() != nil:
		t = tail(last)
	case row.Has(fsapi.Respells), row.Has(fsapi.LastElement):
		t = tail(first)
	}
	if t == "." {
		return ""
	}
	return t
}

// dirTail identifies the directory of a path, where that is joined to its name.
func dirTail(v *fspath.Value) string {
	if n := len(v.Joined()); n > 1 {
		return tail(v.Args[n-2])
	}
	return ""
}

// lastElement returns the part of a constant text after the last slash.
func lastElement(v *fspath.Value) string {
	i := strings.LastIndexByte(v.Name, '/')
	if v.Kind != fspath.Const || i < 0 {
		return ""
	}
	return v.Name[i+1:]
}

// yieldedBy names the function of the package that returns a path, if the path does
// not depend on its parameters.
//
//	os.ReadFile(configPath()) // p.configPath()
//	os.ReadFile(cached(key))  // nothing: it depends on key
func yieldedBy(src ssa.Value) string {
	if x, ok := src.(*ssa.Extract); ok {
		src = x.Tuple
	}
	call, ok := src.(*ssa.Call)
	if !ok {
		return ""
	}
	callee := call.Common().StaticCallee()
	if callee == nil || len(callee.Blocks) == 0 || callee.Signature.Params().Len() > 0 || len(callee.FreeVars) > 0 {
		return "" // the result of a function literal depends on the captured variables
	}
	return callee.String() + "()"
}

// alternatives are the paths that a path can be: those of a variable that was
// set on several ways.
func alternatives(num *fspath.Numbering, v *fspath.Value) []*fspath.Value {
	list := []*fspath.Value{v}
	if phi, ok := v.Src.(*ssa.Phi); ok && v.Kind == fspath.Unique {
		for _, e := range phi.Edges {
			if a := num.Of(e); a != v {
				list = append(list, a)
			}
		}
	}
	return list
}

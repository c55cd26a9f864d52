package race

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/fspath"
)

// identities are what a path can be known by in another function.
func identities(v *fspath.Value) []string {
	var list []string
	if t := tail(v); t != "" {
		list = append(list, t)
	}
	if s := shape(v); s != "" {
		list = append(list, s)
	}
	return list
}

// SharesIdentity reports whether two paths, of different functions, may well be one: the
// same field or variable holds them, the same function returns them, or they end alike.
func SharesIdentity(v, w *fspath.Value) bool {
	others := identities(w)
	return slices.ContainsFunc(identities(v), func(id string) bool { return slices.Contains(others, id) })
}

// shape writes a path with its parameters left open: the methods of a store that
// keep an entry by its key, and get it back, compute the same path from their
// own. It is "" unless it has a field or a variable in it, to tell what store,
// and a text or a function, to tell what entries: any name below a directory is
// any file.
func shape(v *fspath.Value) string {
	var s shaping
	if text := s.text(v); !s.unknown && s.store && s.entry {
		return text
	}
	return ""
}

// shaping is what was met while a shape was written.
type shaping struct{ store, entry, unknown bool }

func (s *shaping) text(v *fspath.Value) string {
	name, args := v.Name, v.Args
	switch v.Kind {
	case fspath.Const:
		s.entry = true
		return strconv.Quote(v.Name)
	case fspath.Param:
		return v.Src.Type().String()
	case fspath.Global:
		s.store = true
		return v.Name
	case fspath.Field:
		s.store = true
		return v.Owner + "." + v.Name // whatever object it is of
	case fspath.Pure:
	case fspath.Unique:
		s.entry = true
		return s.call(v.Src)
	default:
		s.unknown = true
	}
	parts := []string{name}
	for _, a := range args {
		parts = append(parts, s.text(a))
	}
	return "(" + strings.Join(parts, " ") + ")"
}

// call writes a call of a function of strings alone, such as one that cleans a
// key.
func (s *shaping) call(src ssa.Value) string {
	call, ok := src.(*ssa.Call)
	if !ok || fspath.Callee(call.Common()) == nil {
		s.unknown = true
		return ""
	}
	text := fspath.Callee(call.Common()).FullName()
	for _, arg := range fspath.Arguments(call.Common()) {
		switch arg := arg.(type) {
		case *ssa.Parameter:
			s.unknown = s.unknown || !isString(arg.Type())
		case *ssa.Const:
			text += " " + arg.String()
		default:
			s.unknown = true
		}
	}
	return text
}

// tail identifies a path across functions as well as can be: by the field or
// the variable that holds it, by the function that yields it, or by its
// constant last element. What is made of a name otherwise is another name.
func tail(v *fspath.Value) string {
	switch v.Kind {
	case fspath.Field:
		return v.Owner + "." + v.Name
	case fspath.Global:
		return v.Name
	case fspath.Const:
		return path.Base(v.Name)
	case fspath.Unique:
		return yieldedBy(v.Src)
	case fspath.Pure:
		return tailOfCall(v)
	}
	return ""
}

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

// lastElement returns what stands behind the last slash of a constant text.
func lastElement(v *fspath.Value) string {
	i := strings.LastIndexByte(v.Name, '/')
	if v.Kind != fspath.Const || i < 0 {
		return ""
	}
	return v.Name[i+1:]
}

// yieldedBy names the function of the package that yields a path, if it always
// yields the same one, as far as its parameters go.
func yieldedBy(src ssa.Value) string {
	if x, ok := src.(*ssa.Extract); ok {
		src = x.Tuple
	}
	call, ok := src.(*ssa.Call)
	if !ok {
		return ""
	}
	callee, obj := call.Common().StaticCallee(), fspath.Callee(call.Common())
	if callee == nil || obj == nil || len(callee.Blocks) == 0 || callee.Signature.Params().Len() > 0 {
		return "" // a function literal yields what the variables around it lead to
	}
	return obj.FullName() + "()"
}

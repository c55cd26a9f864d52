package race

import (
	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fspath"
	"github.com/edcacfbd/toctou/internal/pathops"
)

// pathOrContent reports whether the path itself takes the place of what use reads where
// there is no such file: the program takes a name or the content.
//
//	if _, err := os.Stat(value); err == nil {
//		return os.ReadFile(value) // use
//	}
//	return []byte(value), nil
//
// The twin takes a default for it:
//
//	return []byte("none"), nil
func (w *window) pathOrContent(use *pathops.Op) bool {
	call, ok := use.Call.(*ssa.Call)
	if !ok || firstResult(call) == nil {
		return false
	}
	content := places(firstResult(call))
	if len(content) == 0 {
		return false
	}
	for _, text := range w.textsOfPath() {
		for at := range places(text) {
			if content[at] {
				return true
			}
		}
	}
	return false
}

// textsOfPath lists the values that are the path itself, as a text or as bytes, or that
// read from it: []byte(path), strings.NewReader(path).
//
//	text := []byte(path) // the operand of the conversion
//	return text, nil
//
// Not a text that is made from the path: "no file " + path.
func (w *window) textsOfPath() (texts []ssa.Value) {
	seen := make(map[ssa.Value]bool)
	for _, b := range w.f.Fn.Blocks {
		for _, instr := range b.Instrs {
			for _, operand := range instr.Operands(nil) {
				v := *operand
				if v == nil || seen[v] || !isString(v.Type()) || w.ops.Numbers.Of(v) != w.path {
					continue
				}
				seen[v] = true
				texts = append(texts, v)
			}
		}
	}
	return texts
}

// landing is where a value ends up: a variable that is set on several ways, or a result.
type landing struct {
	variable ssa.Value
	result   int
}

// places lists where a value ends up, converted or wrapped at most.
func places(v ssa.Value) map[landing]bool {
	found := make(map[landing]bool)
	seen := map[ssa.Value]bool{v: true}
	for work := []ssa.Value{v}; len(work) > 0 && len(seen) < maxFollowed; {
		x := work[len(work)-1]
		work = work[:len(work)-1]
		if x.Referrers() == nil {
			continue
		}
		for _, ref := range *x.Referrers() {
			var next ssa.Value
			switch ref := ref.(type) {
			case *ssa.Return:
				for i, r := range ref.Results {
					if r == x {
						found[landing{result: i}] = true
					}
				}
			case *ssa.Store:
				if local, ok := ref.Addr.(*ssa.Alloc); ok && ref.Val == x {
					found[landing{variable: local}] = true
				}
			case *ssa.Phi:
				found[landing{variable: ref}] = true
				next = ref
			case *ssa.Convert, *ssa.ChangeType, *ssa.MakeInterface, *ssa.ChangeInterface:
				next = ref.(ssa.Value)
			case *ssa.Call:
				if readsText(ref) {
					next = ref
				}
			}
			if next != nil && !seen[next] {
				seen[next] = true
				work = append(work, next)
			}
		}
	}
	return found
}

// readsText reports whether a call only puts a text into another form, or makes a reader
// of it: strings.TrimSpace(s), strings.NewReader(s), bytes.NewBufferString(s).
//
//	text := strings.TrimSpace(path)
//	return io.ReadAll(strings.NewReader(text))
//
// Not a call that finds something out about the text:
//
//	strings.HasPrefix(s, "-----BEGIN")
func readsText(call *ssa.Call) bool {
	fn := fspath.Callee(call.Common())
	return fn != nil && fn.Pkg() != nil && (fn.Pkg().Path() == "strings" || fn.Pkg().Path() == "bytes") && !isBool(call.Type())
}

package race

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fspath"
	"github.com/edcacfbd/toctou/internal/pathops"
)

// heldFile is a field that holds files which were opened by the path in another
// field of the same object.
type heldFile struct {
	field string
	open  *pathops.Op // one that opens it
}

// heldFiles returns, by type and field of a path, the fields with the files opened by
// that path, if nothing else is ever stored to them.
func heldFiles(ops *pathops.Result) map[string][]heldFile {
	type holder struct {
		owner, field string
	}
	pathOf := make(map[holder]string) // the field of the path, "" for none or several
	opens := make(map[holder]*pathops.Op)
	for _, f := range ops.Funcs {
		for _, s := range ops.Numbers.StoredFields(f.Fn) {
			if !isHandle(s.Value.Type()) {
				continue
			}
			if c, ok := s.Value.(*ssa.Const); ok && c.IsNil() {
				continue
			}
			h := holder{s.Owner, s.Name}
			opened := ops.Numbers.Opened(ops.Numbers.Of(s.Value))
			field := pathField(ops, f, s, opened)
			if have, ok := pathOf[h]; ok && have != field {
				field = ""
			}
			pathOf[h] = field
			for _, op := range f.Ops {
				if op.Opens && op.Path == opened && opens[h] == nil {
					opens[h] = op
				}
			}
		}
	}
	held := make(map[string][]heldFile)
	for h, field := range pathOf {
		if field != "" && opens[h] != nil {
			key := h.owner + "." + field
			held[key] = append(held[key], heldFile{h.field, opens[h]})
		}
	}
	return held
}

// pathField returns the field, of the object that a file is stored in, with the
// path that the file was opened by; "" if there is none.
func pathField(ops *pathops.Result, f *pathops.Func, file fspath.StoredField, opened *fspath.Value) string {
	if opened == nil {
		return ""
	}
	if opened.Kind == fspath.Field && opened.Args[0] == file.Base {
		return opened.Name
	}
	for _, s := range ops.Numbers.StoredFields(f.Fn) {
		if s.Base == file.Base && isString(s.Value.Type()) && ops.Numbers.File(ops.Numbers.Of(s.Value), false) == opened {
			return s.Name
		}
	}
	return ""
}

// isHandle reports whether values of a type are open files, as os returns them.
func isHandle(t types.Type) bool { return t.String() == "*os.File" }

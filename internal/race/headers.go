package race

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/fspath"
	"github.com/edcacfbd/toctou/internal/pathops"
)

// describes reports whether the metadata that a check returns becomes a header for what use
// opens: its size and its mode must be those of the content that follows.
//
//	fi, err := os.Lstat(path)              // check
//	h, err := tar.FileInfoHeader(fi, "")
//	err = tw.WriteHeader(h)
//	f, err := os.Open(path)                // use
//
// The twin only shows how much there is to do:
//
//	progress.Start(fi.Size())
//	f, err := os.Open(path)
func (w *window) describes(check, use *pathops.Op) bool {
	info := infoOf(check)
	if info == nil {
		info = check.Answer(fsapi.Info)
	}
	return info != nil && !w.comparesFiles() && w.headerFrom(info, use, maxThrough)
}

// headerFrom reports whether a header is made from metadata before use, or by a function
// of the package that is given them.
func (w *window) headerFrom(info ssa.Value, use *pathops.Op, depth int) bool {
	for _, ref := range *info.Referrers() {
		call, ok := ref.(*ssa.Call)
		if !ok {
			continue
		}
		switch {
		case use != nil && !leadsTo(call.Block(), use.Call, nil):
		case w.ops.Row(call).Has(fsapi.Describes):
			return true
		case property(call) == Size && sizesHeader(call):
			return true
		case depth > 0:
			callee := call.Common().StaticCallee()
			if callee == nil || len(callee.Blocks) == 0 || !w.ops.Ours(fspath.Callee(call.Common())) {
				continue
			}
			if i := slices.Index(call.Call.Args, info); i >= 0 && w.headerFrom(callee.Params[i], nil, depth-1) {
				return true
			}
		}
	}
	return false
}

// sizesHeader reports whether a size is stored to the header of an entry of an archive.
//
//	h := &tar.Header{Name: name, Size: fi.Size()}
func sizesHeader(size *ssa.Call) bool {
	for v := range sameNumber(size) {
		for _, ref := range *v.Referrers() {
			store, ok := ref.(*ssa.Store)
			if !ok {
				continue
			}
			if field, ok := store.Addr.(*ssa.FieldAddr); ok && isHeader(field.X.Type()) {
				return true
			}
		}
	}
	return false
}

// isHeader reports whether a type is the header of an entry of an archive, or a pointer
// to one.
func isHeader(t types.Type) bool {
	if ptr, ok := t.Underlying().(*types.Pointer); ok {
		t = ptr.Elem()
	}
	return fsapi.IsHeader(types.TypeString(types.Unalias(t), nil))
}

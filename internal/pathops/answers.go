package pathops

import (
	"fmt"
	"go/token"
	"io/fs"

	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/fspath"
)

// An Answer is a result of a call that contains metadata of the object at a path. The
// call may be that of a helper:
//
//	fi, err := os.Lstat(path)    // result 0: Info
//	at, err := changed(path)     // result 0: ModTime, where changed returns fi.ModTime()
//	isLink(path)                 // result 0: IsRegular, where it returns fi.Mode()&fs.ModeSymlink != 0
//
// A helper that only reports whether the object exists has none:
//
//	_, err := os.Stat(path); return err == nil
type Answer struct {
	Result int
	// Which metadata: Info, Mode, Size, ModTime, Sys, IsDir, or IsRegular for the type.
	What fsapi.Result
}

// Answer returns the value that contains metadata of the object of a check, or nil.
func (op *Op) Answer(what fsapi.Result) ssa.Value {
	for _, a := range op.Answers {
		if a.What == what {
			if v := result(op.Call, a.Result); v != nil {
				return v
			}
		}
	}
	return nil
}

// ofRow returns the answers of a function of the table.
func ofRow(row *fsapi.Func) []Answer {
	switch row.Gives {
	case fsapi.Info, fsapi.IsDir, fsapi.IsRegular, fsapi.Mode, fsapi.Size, fsapi.ModTime:
		return []Answer{{0, row.Gives}}
	}
	return nil
}

// answers returns which results of fn contain what a check in it found, for callers.
func (p *packageOps) answers(fn *ssa.Function, check *Op) []Answer {
	call, ok := check.Call.(*ssa.Call)
	if !ok || check.Effect != fsapi.Check {
		return nil
	}
	var list []Answer
	for _, from := range check.Answers {
		source := result(call, from.Result)
		if source == nil {
			continue
		}
		t := &tracing{source: source, what: from.What, p: p}
		for i := range fn.Signature.Results().Len() {
			for _, ret := range returns(fn) {
				if what := t.of(ret.Results[i], 0); what != 0 {
					list = append(list, Answer{i, what})
					break
				}
			}
		}
	}
	return list
}

// tracing follows a value back to the result of a check.
type tracing struct {
	source ssa.Value
	what   fsapi.Result // which object the source describes
	p      *packageOps
}

// maxTrace bounds the steps from a result back to the metadata.
const maxTrace = 8

// of returns which metadata of the source's object v contains, 0 if v is not computed
// from the source.
func (t *tracing) of(v ssa.Value, depth int) fsapi.Result {
	if v == t.source {
		return t.what
	}
	if depth == maxTrace {
		return 0
	}
	switch v := v.(type) {
	case *ssa.Call:
		return t.ofCall(v, depth)
	case *ssa.BinOp:
		what := t.either(depth, v.X, v.Y)
		if what == fsapi.Mode && selectsType(v) {
			return fsapi.IsRegular
		}
		if what == fsapi.Info {
			return 0 // info != nil: whether it is there
		}
		return what
	case *ssa.UnOp:
		return t.of(v.X, depth+1)
	case *ssa.Convert:
		return t.of(v.X, depth+1)
	case *ssa.ChangeType:
		return t.of(v.X, depth+1)
	case *ssa.ChangeInterface:
		return t.of(v.X, depth+1)
	case *ssa.MakeInterface:
		return t.of(v.X, depth+1)
	case *ssa.TypeAssert:
		return t.of(v.X, depth+1)
	case *ssa.Extract:
		return t.of(v.Tuple, depth+1)
	case *ssa.Field:
		return t.of(v.X, depth+1)
	case *ssa.FieldAddr:
		return t.of(v.X, depth+1)
	case *ssa.Phi:
		return t.either(depth, v.Edges...)
	}
	return 0
}

// either returns the metadata of the first of several values that contains any.
func (t *tracing) either(depth int, values ...ssa.Value) fsapi.Result {
	for _, v := range values {
		if what := t.of(v, depth+1); what != 0 {
			return what
		}
	}
	return 0
}

// ofCall is of for the result of a call: a method of metadata, or of its
// result.
func (t *tracing) ofCall(call *ssa.Call, depth int) fsapi.Result {
	args := fspath.Arguments(call.Common())
	row := t.p.num.Row(call)
	if fn := fspath.Callee(call.Common()); fn != nil && fn.Pkg() != nil && fn.Pkg().Path() == "time" {
		return t.either(depth, args...) // a comparison of times: what its operands say
	}
	if row == nil || len(args) == 0 {
		return 0
	}
	switch row.Gives {
	case fsapi.Size, fsapi.ModTime, fsapi.Sys, fsapi.IsDir, fsapi.IsRegular:
		if t.of(args[0], depth+1) != 0 {
			return row.Gives
		}
	case fsapi.Mode:
		switch what := t.of(args[0], depth+1); {
		case row.Has(fsapi.TypeBits) && (what == fsapi.Info || what == fsapi.Mode):
			return fsapi.IsRegular
		case what == fsapi.Info:
			return fsapi.Mode
		default:
			return what
		}
	case fsapi.Pure: // (time.Time).UnixNano
		return t.either(depth, args...)
	}
	return 0
}

// selectsType reports whether an operation leaves the type of a mode.
//
//	info.Mode() & fs.ModeType
//	info.Mode() & 0o022 // leaves permissions
func selectsType(v *ssa.BinOp) bool {
	return v.Op == token.AND && (isTypeMask(v.X) || isTypeMask(v.Y))
}

func isTypeMask(v ssa.Value) bool {
	mask := integer(v)
	return mask > 0 && mask&int64(fs.ModeType) != 0
}

// answerText writes answers as facts show them: "=mode(0)".
func answerText(list []Answer) string {
	names := map[fsapi.Result]string{
		fsapi.Info: "info", fsapi.Mode: "mode", fsapi.Size: "size", fsapi.ModTime: "modTime",
		fsapi.Sys: "sys", fsapi.IsDir: "isDir", fsapi.IsRegular: "type",
	}
	text := ""
	for _, a := range list {
		text += fmt.Sprintf("=%s(%d)", names[a.What], a.Result)
	}
	return text
}

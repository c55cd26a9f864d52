package race

import (
	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/fspath"
	"github.com/edcacfbd/toctou/internal/pathops"
)

// payload is what an operation writes, as far as one function shows it.
type payload uint8

const (
	unknownContent  payload = iota
	nothing                 // the file is made empty
	constantContent         // a text of the program's own
	publicHalf              // of a key pair: its private half has it as well
)

// payloadOf classifies what op writes.
//
//	f, err := os.Create(done)              // nothing: a marker
//	if err != nil { return err }
//	return f.Close()
//
//	os.WriteFile(name, []byte("yes"), 0o644) // constantContent
//
//	os.WriteFile(name+".pub", ssh.MarshalAuthorizedKey(pub), 0o644) // publicHalf
//
// A handle that goes anywhere but into Close and its like may be written to.
func payloadOf(ops *pathops.Result, op *pathops.Op) payload {
	call, ok := op.Call.(*ssa.Call)
	if !ok || !op.Direct() || op.Handle {
		return unknownContent
	}
	if data := op.Content(); data != nil {
		return constancy(data)
	}
	if op.Opens && neverWritten(ops, firstResult(call)) {
		return nothing
	}
	return unknownContent
}

// constancy classifies bytes that are written at once.
func constancy(data ssa.Value) payload {
	switch v := data.(type) {
	case *ssa.Const:
		if v.Value == nil || v.Value.ExactString() == `""` {
			return nothing
		}
		return constantContent
	case *ssa.Convert:
		return constancy(v.X)
	case *ssa.Call:
		if fspath.Known(v).Has(fsapi.PublicHalf) {
			return publicHalf
		}
	case *ssa.Slice:
		if elems, ok := fspath.Elements(v); ok && len(elems) == 0 {
			return nothing
		}
	}
	return unknownContent
}

// writesConstant reports whether an operation writes what every run of the
// program would: two that race write the same.
func writesConstant(op *pathops.Op) bool {
	data := op.Content()
	if data == nil {
		return false
	}
	switch constancy(data) {
	case nothing, constantContent:
		return true
	}
	return false
}

// neverWritten reports whether an open file is closed, flushed or described,
// and nothing else.
//
//	f, err := os.Create(path)
//	if err == nil { f.Close() }
//
// It may be written by another function:
//
//	f, err := os.Create(path)
//	fill(f)
func neverWritten(ops *pathops.Result, handle ssa.Value) bool {
	if handle == nil {
		return true // the handle is dropped
	}
	for _, ref := range *handle.Referrers() {
		switch ref := ref.(type) {
		case *ssa.DebugRef, *ssa.BinOp: // f == nil
		case ssa.CallInstruction:
			row := ops.Row(ref)
			flushes := row.Has(fsapi.Closes) || row.Has(fsapi.Syncs)
			describes := row != nil && (row.Gives == fsapi.Name || row.Gives == fsapi.Info)
			if ref.Common().IsInvoke() || !(flushes || describes || setsMetadata(row)) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// setsMetadata reports whether a function changes a mode, an owner or times,
// and no content.
func setsMetadata(row *fsapi.Func) bool {
	if row == nil || len(row.Ops) == 0 {
		return false
	}
	switch row.Ops[0].Effect {
	case fsapi.SetMode, fsapi.SetOwner, fsapi.SetTimes:
		return true
	}
	return false
}

package race

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fate"
	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/pathops"
)

// The reasons of twoReads.
var (
	digestOfAnother = Reason{"digest-of-another", "the digest and the content may come from two different files", Strict, low}
	executesOther   = Reason{"executes-unverified", "a different program than the verified one may be at the path", Strict, medium}
)

// twoReads finds where a file is read twice by its path, and what was found out from
// one reading is taken for true of the other:
//
//	data, err := os.ReadFile(path)
//	sum, err := digest(path) // opens it, and hashes what it reads
//	return entry{data, sum}
//
// A digest of the data, or of the open file, is of one file.
func (w *window) twoReads() []*Finding {
	if w.special() {
		return nil
	}
	var found []*Finding
	for _, use := range w.group {
		if !readsWhole(use) {
			continue
		}
		for _, first := range w.group {
			if first.Effect != fsapi.Open || !readsWhole(first) || first.Call == use.Call || w.digests(first) == w.digests(use) {
				continue
			}
			if !w.mayPair() {
				return found
			}
			if !w.reachesAfterSuccess(first, use, fate.File) {
				continue
			}
			f := &Finding{Kind: PathReuse, Use: use, Check: first, Aspect: Digest, Reason: digestOfAnother}
			if use.Effect == fsapi.Exec {
				f.Reason = executesOther
			}
			found = append(found, f)
			break
		}
	}
	return found
}

// readsWhole reports whether an operation reads what is at the path, or runs it.
func readsWhole(op *pathops.Op) bool {
	return !op.Handle && !op.Deferred && effect(fsapi.Open, fsapi.Exec)(op)
}

// digests reports whether an operation is that of a function which hashes what it
// reads, or verifies it.
//
//	sum, err := digest(path)  // opens path, and copies the file into a hash
//	sum := sha256.Sum256(data) // hashes what was read by another operation
//	io.Copy(h, f)              // hashes what another operation has opened, if h is a hash
func (w *window) digests(op *pathops.Op) bool {
	call, ok := op.Call.(*ssa.Call)
	if !ok || op.Effect != fsapi.Open {
		return false
	}
	if op.Via != nil {
		return w.ops.Digests(call)
	}
	file := firstResult(call)
	return op.Direct() && file != nil && op.Row.Gives == fsapi.Handle && w.hashed(file)
}

// hashed reports whether what is read from a file goes into a hash, and nowhere else.
//
//	h := sha256.New()
//	io.Copy(h, f)
func (w *window) hashed(file ssa.Value) bool {
	into := false
	for _, use := range sinks(file) {
		call, ok := use.(ssa.CallInstruction)
		switch {
		case !ok || w.ops.Row(call).Has(fsapi.Closes):
		case len(call.Common().Args) == 2 && isHash(call.Common().Args[0]):
			into = true
		default:
			return false
		}
	}
	return into
}

// sinks lists the instructions that use a value, as another type at most.
func sinks(v ssa.Value) (list []ssa.Instruction) {
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.MakeInterface:
			list = append(list, sinks(ref)...)
		case *ssa.ChangeInterface:
			list = append(list, sinks(ref)...)
		default:
			list = append(list, ref)
		}
	}
	return list
}

// isHash reports whether a writer is a hash: it has the methods of hash.Hash.
func isHash(v ssa.Value) bool {
	if c, ok := v.(*ssa.ChangeInterface); ok {
		v = c.X
	}
	for _, name := range []string{"Sum", "BlockSize", "Reset"} {
		if m, _, _ := types.LookupFieldOrMethod(v.Type(), false, nil, name); m == nil {
			return false
		}
	}
	return true
}

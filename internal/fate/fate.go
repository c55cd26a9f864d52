// Package fate interprets a program from a call on, under an assumption about the result
// of that call. It determines which instructions are reachable, and whether the function
// ends in success, in an error, or with the end of the process.
//
// It replaces control dependence by post-dominators. A branch that tests the result is
// decided, any other is taken both ways. So a check guards a use exactly if some results
// of the check lead to the use and others do not.
package fate

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// State is what a path names at some moment.
type State uint8

// The states.
const (
	Absent State = iota
	File
	Dir
	Denied // the object cannot be inspected or reached
	// Special is a File that is no regular one, but a link, a socket, a pipe or a
	// device. What calls do to it they do to a File; only metadata differ.
	Special
	States // how many there are
)

// String returns the state's name.
func (s State) String() string {
	return [...]string{"absent", "file", "directory", "denied", "special file"}[s]
}

// Abs is what is known of a value: of an error, a bool, a handle, metadata.
type Abs uint8

// The abstract values.
const (
	Unknown     Abs = iota
	Nil             // nil
	NonNil          // not nil; for an error, of a class that is not known
	ErrNotExist     // an error that is fs.ErrNotExist
	ErrExist        // an error that is fs.ErrExist
	ErrOther        // an error that is neither
	True
	False
	InfoFile // metadata of a regular file, or its mode
	InfoDir  // metadata of a directory, or its mode
	InfoOdd  // metadata of a special file, or its mode
	Filled   // contents that are not empty
)

// IsNil reports whether a is nil, if that is known.
func (a Abs) IsNil() (isNil, known bool) {
	switch a {
	case Nil:
		return true, true
	case Unknown, True, False:
		return false, false
	}
	return false, true
}

// Bool returns True or False.
func Bool(b bool) Abs {
	if b {
		return True
	}
	return False
}

// isBool reports whether a is True or False.
func (a Abs) isBool() bool { return a == True || a == False }

// Tuple is what is known of the results of a call.
type Tuple []Abs

// Outcome is one way in which a call can end.
type Outcome struct {
	Results Tuple
	State   State // what the path names then
	Exits   bool  // the process, or the goroutine, ends
}

// Equal reports whether two outcomes are the same.
func (o Outcome) Equal(p Outcome) bool {
	return o.State == p.State && o.Exits == p.Exits && slices.Equal(o.Results, p.Results)
}

// Knowledge is what a walk needs from the floors above it.
type Knowledge interface {
	// Outcomes returns the ways in which a call with the given operands, those
	// of fspath.Operands, can end when the path in question is in the given
	// state: none if it never returns. If known is false, nothing is known of
	// the call.
	Outcomes(call ssa.CallInstruction, args Tuple, state State) (outcomes []Outcome, known bool)
	// Sentinel returns the class of the error that v, a load of a package-level
	// variable, has as its value, or Unknown.
	Sentinel(v ssa.Value) Abs
	// Effort bounds what walks cost; nil for no bound but that of each.
	Effort() *Effort
}

// End is one way in which a function can end.
type End struct {
	Return    *ssa.Return // nil if the process, or the goroutine, ends instead
	Results   Tuple
	State     State
	Disturbed bool // whether the walk passed its disturbance

	// Raised is the error that the body of a range over a function leaves to
	// the function around it.
	Raised Abs
}

// Fails reports whether the end is a failure: the end of the process, or an
// error as the last result. It is known unless the error may be nil.
func (e *End) Fails() (fails, known bool) {
	if e.Return == nil {
		return true, true
	}
	fn := e.Return.Parent()
	if rangesOverFunc(fn) {
		isNil, known := e.Raised.IsNil()
		if e.Results[0] == True || !known {
			return false, true // the next round, or a break
		}
		return !isNil, true
	}
	if !ReturnsError(fn.Signature.Results()) {
		return false, true
	}
	isNil, known := e.Results[len(e.Results)-1].IsNil()
	return !isNil, known
}

// rangesOverFunc reports whether fn is the body of a range over a function,
// which SSA has as a function of its own.
func rangesOverFunc(fn *ssa.Function) bool { return fn.Synthetic == "range-over-func yield" }

// IsError reports whether t is the type error.
func IsError(t types.Type) bool {
	// Not types.Identical, which panics at the types that package ssa has of its
	// own, such as that of an iterator over a map.
	return t != nil && types.Unalias(t) == types.Universe.Lookup("error").Type()
}

// ReturnsError reports whether the last of the results of a function is an error.
func ReturnsError(results *types.Tuple) bool {
	return results.Len() > 0 && IsError(results.At(results.Len()-1).Type())
}

// IsNamed reports whether t is the type of that name in a package, by the path of the
// package.
//
//	fs.FileInfo, os.FileInfo // ("io/fs", "FileInfo"): the second is an alias of the first
//	*os.File                 // not ("os", "File"), which it points to
func IsNamed(t types.Type, pkg, name string) bool {
	n, ok := types.Unalias(t).(*types.Named)
	return ok && n.Obj().Name() == name && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == pkg
}

// Ends are the ways in which a function can end.
type Ends struct {
	All      []End
	Overflow bool // the walk was given up: there may be other ways
}

// AllFail reports whether there is an end, and each is certainly a failure.
func (e Ends) AllFail() bool {
	for _, end := range e.All {
		if fails, known := end.Fails(); !fails || !known {
			return false
		}
	}
	return len(e.All) > 0 && !e.Overflow
}

// CanSucceed reports whether some end is certainly not a failure.
func (e Ends) CanSucceed() bool {
	for _, end := range e.All {
		if fails, known := end.Fails(); !fails && known {
			return true
		}
	}
	return false
}

// MayFail reports whether some end is a failure, or may be one.
func (e Ends) MayFail() bool {
	for _, end := range e.All {
		if fails, known := end.Fails(); fails || !known {
			return true
		}
	}
	return false
}

// Disturbed returns those of the ends that come after the disturbance.
func (e Ends) Disturbed() Ends {
	d := Ends{Overflow: e.Overflow}
	for _, end := range e.All {
		if end.Disturbed {
			d.All = append(d.All, end)
		}
	}
	return d
}

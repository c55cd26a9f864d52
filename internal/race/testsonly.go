package race

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// testsOnly reports whether only tests call a function, in directories of their own: no
// function of the program does, and a test file of the package names it.
//
//	func copyFile(from, to string) error // in aid.go, called in aid_test.go alone
//
// The twin is called by the program, or can be from elsewhere:
//
//	func Publish(from, to string) error { return copyFile(from, to) }
func (ev *evidence) testsOnly(fn *ssa.Function) bool {
	for fn.Parent() != nil {
		fn = fn.Parent()
	}
	return ev.unusedBut(fn, maxCallers) && ev.namedInTests(fn, maxCallers)
}

// unusedBut reports whether no function of the program uses fn, but for those that none
// uses either.
//
//	func copyFile(from, to string) error { … } // called by copyTree alone
//	func copyTree(from, to string) error       // called by no function
//
// Not a function that the program calls, or one that is called by way of its value, a method,
// main or init:
//
//	func main() { copyTree(os.Args[1], os.Args[2]) }
func (ev *evidence) unusedBut(fn *ssa.Function, depth int) bool {
	calls, all := ev.callsOf(fn)
	if !all || fn.Name() == "main" || fn.Name() == "init" || fn.Signature.Recv() != nil || depth == 0 {
		return false
	}
	for _, call := range calls {
		caller := call.Parent()
		for caller.Parent() != nil {
			caller = caller.Parent()
		}
		if caller != fn && !ev.unusedBut(caller, depth-1) {
			return false
		}
	}
	return true
}

// namedInTests reports whether a test names a function, or a function that calls it.
//
//	func copyFile(from, to string) error { … }
//	func copyTree(from, to string) error { … copyFile(…) } // TestCopy calls copyTree
//
// Not a function that no test names, which other packages may yet call.
func (ev *evidence) namedInTests(fn *ssa.Function, depth int) bool {
	if obj, ok := fn.Object().(*types.Func); ok && ev.ops.InTests(obj) {
		return true
	}
	for _, call := range ev.calls[fn] {
		if caller := call.Parent(); caller != fn && caller.Parent() == nil && depth > 0 && ev.namedInTests(caller, depth-1) {
			return true
		}
	}
	return false
}

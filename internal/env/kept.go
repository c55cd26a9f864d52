package env

import (
	"sync"

	"golang.org/x/tools/go/analysis"
)

// Kept holds the fixes of operations that functions of analyzed packages perform, for
// findings at calls of these functions in other packages:
//
//	// package disk
//	func Save(p string, text []byte) error { return os.WriteFile(p, text, 0o600) } // is fixed here
//
//	// package app
//	disk.Save(s.path, text) // has the finding
//
// It is for a driver that analyzes all packages in one process, imported ones first. If
// each package has a process of its own, as under go vet, no driver can make such a fix.
type Kept struct {
	mu sync.Mutex
	in map[string]map[performed]KeptFix // by the path of the package
}

// performed is an operation within a declared function.
type performed struct{ in, operation string }

// KeptFix is a fix, or the reason why there is none.
type KeptFix struct {
	Fixes   []analysis.SuggestedFix
	Refusal string
}

// Keep stores the fix of an operation that a function of a package performs, the two by
// their full names.
func (k *Kept) Keep(pkg, in, operation string, fix KeptFix) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.in == nil {
		k.in = make(map[string]map[performed]KeptFix)
	}
	if k.in[pkg] == nil {
		k.in[pkg] = make(map[performed]KeptFix)
	}
	key := performed{in, operation}
	if _, twice := k.in[pkg][key]; twice {
		fix = KeptFix{Refusal: "the function that performs it does so at several places"}
	}
	k.in[pkg][key] = fix
}

// Forget drops the fixes in a package, which is to be analyzed again.
func (k *Kept) Forget(pkg string) {
	if k == nil {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.in, pkg)
}

// Of returns the fix of an operation that a function performs, and reports whether the
// function was analyzed. There is none in a nil Kept.
func (k *Kept) Of(in, operation string) (KeptFix, bool) {
	if k == nil {
		return KeptFix{}, false
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, fixes := range k.in {
		if fix, ok := fixes[performed{in, operation}]; ok {
			return fix, true
		}
	}
	return KeptFix{}, false
}

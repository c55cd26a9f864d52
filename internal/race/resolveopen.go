package race

import (
	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fate"
	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/fspath"
	"github.com/edcacfbd/toctou/internal/pathops"
)

// ResolveOpen is a use by name of a path that was found to lie within a directory.
const ResolveOpen Kind = "resolveopen"

// The reasons of resolveOpen.
var (
	// if err := guard(root, name); err != nil { return err } // resolves links, or walks through the directories
	// return os.MkdirAll(filepath.Join(root, name), 0o755)
	linkLeadsOutside = Reason{"link-leads-outside", "a symbolic link created in between leads out of the directory", Report, high}
	// if !strings.HasPrefix(path, root+"/") { return errOutside }
	// return os.WriteFile(path, data, 0o644)
	textLeadsOutside = Reason{"text-leads-outside", "only the text of the path was checked: a symbolic link can lead out of the directory at any time", Strict, low}
	// if err := onlyOurs(socket); err != nil { return err } // owner or permission
	// return net.Dial("unix", socket)
	objectReplaced = Reason{"checked-object-replaced", "the path may name an object that the check would have rejected", Report, medium}
	// if err := onlyOurs(dir); err != nil { return err }
	// return os.ReadFile(filepath.Join(dir, "key"))
	directoryReplaced = Reason{"checked-directory-replaced", "the checked path may name another directory by then, or a link to one", Strict, low}
	// if !ordinary(path) { return errType }
	// return os.ReadFile(path)
	kindReplaced = Reason{"checked-type-replaced", "the path may name an object of another type by then", Strict, low}
	// if err := onlyOurs(dir); err != nil { return err }
	// return os.RemoveAll(dir)
	objectRemoved = Reason{"checked-object-removed", "it may remove a different object than the checked one", Strict, low}
	// if isLink(path) { return errLink }
	// return os.WriteFile(path, data, 0o644)
	helperLinkFollowed = Reason{"refused-link-followed", "it follows a symbolic link created in between, which the check would have rejected", Report, medium}
	// if fi, err := os.Lstat(path); err == nil && fi.Mode()&fs.ModeSymlink != 0 { return errLink }
	// return os.WriteFile(path, data, 0o644)
	linkFollowed      = Reason{"link-followed", "it follows a symbolic link created in between", Strict, low}
	insideCompared    = Reason{"inside-compared", "the opened file is compared with the checked one, or links are not followed", Silent, none}
	textLastNoFollow  = Reason{"text-last-not-followed", "only the text of the path was checked, but a link in the last element is not followed", Silent, none}
	textOnlyRead      = Reason{"text-only-read", "only the text of the path was checked, but the file is only read", Silent, none}
	directoryUnshared = Reason{"directory-unshared", "the directory is a temporary directory of this program", Silent, none}
)

// resolveOpen finds uses by name of a path that was found to lie within a
// directory, or to be no link.
//
//	real, err := filepath.EvalSymlinks(path)
//	if err != nil || !strings.HasPrefix(real, root+"/") {
//		return errOutside
//	}
//	data, err := os.ReadFile(real) // a directory in real may be a link by then
//
//	data, err := root.ReadFile(name) // an os.Root follows no link out of it
func resolveOpen(w *window) []*Finding {
	placeholders := w.placeholders()
	if w.special() {
		return placeholders
	}
	var found []*Finding
	for _, use := range w.group {
		if use.Handle || use.Deferred || keptBelow(use) || !followsLinks(use) {
			continue
		}
		if s := w.scopeOf(use); s != nil {
			f := &Finding{Kind: ResolveOpen, Use: use, Check: s.Check, Aspect: s.aspect()}
			f.Reason = w.outside(s, use)
			found = append(found, f)
		}
	}
	found = append(perCall(append(found, w.foreignTree()...)), w.unlinked()...)
	return append(found, placeholders...)
}

// aspect is what a question restricts.
func (s *rest) aspect() Aspect {
	switch {
	case s.About == pathops.Place:
		return Place
	case s.About == pathops.Components:
		return Components
	case s.About == pathops.Text:
		return Spelling
	case s.above:
		return Directory
	case s.Property == pathops.NoLink:
		return Type
	case s.Property == pathops.Ownership:
		return Owner
	}
	return Mode
}

// rest is a question that a use depends on, and what both are about.
type rest struct {
	*pathops.Scope
	above bool // the question is about a directory, and the use about what lies in it
}

// scopeOf returns the question that use depends on: the one that has looked at the
// most, and the last of those; nil if there is none.
func (w *window) scopeOf(use *pathops.Op) *rest {
	var best *rest
	for _, s := range w.f.Scopes {
		if s.About == pathops.Object && !restrictedByHelper(s, use) {
			continue
		}
		match := w.ops.Covers(s, use.Path)
		if best != nil && best.About > s.About || match.Value == nil {
			continue
		}
		if s.Check.Call == use.Call {
			if s.About >= pathops.Components {
				return nil // the callee checks again: the race is there
			}
			continue
		}
		if w.restsOn(s, use) && w.stillIs(match.Value, s.Check.Call, use.Call) {
			best = &rest{s, match.Above}
		}
	}
	return best
}

// restrictedByHelper reports whether another function restricts the object that use is
// done to. What the function itself restricts is for other rules.
//
//	if err := refuseLink(path); err != nil {
//		return err
//	}
//	os.ReadFile(path) // follows a link that exists by then
//
// A use that acts on the link does not depend on its type:
//
//	os.Remove(path)
func restrictedByHelper(s *pathops.Scope, use *pathops.Op) bool {
	if s.Check.Via == nil {
		return false
	}
	ofType := s.Property == pathops.NoLink || s.Property == pathops.Kind
	return FollowsLast(use) || !ofType
}

// stillIs reports whether a call can run after another one with a value, which both
// are about, as it was: in another round of a loop it is another one.
func (w *window) stillIs(v *fspath.Value, first, then ssa.CallInstruction) bool {
	anew := make(map[ssa.Instruction]bool)
	for _, leaf := range v.Leaves() {
		instr := leaf.Instr
		if instr == nil {
			instr = leaf.Block.Instrs[0]
		}
		if x, ok := instr.(*ssa.Extract); !ok || x.Tuple != first.Value() {
			anew[instr] = true
		}
	}
	return leads(first, then, anew)
}

// outside judges a use of a path that may lead outside by then.
func (w *window) outside(s *rest, use *pathops.Op) Reason {
	switch {
	case use.NoFollow && use.Row.Gives == fsapi.Handle, w.comparesFiles():
		return insideCompared
	case s.Root != nil && w.ops.Numbers.Origins(s.Root).Fresh():
		return directoryUnshared
	case s.About == pathops.Object && s.above:
		return directoryReplaced
	case s.About == pathops.Object && s.Property == pathops.NoLink:
		return helperLinkFollowed
	case s.About == pathops.Object && !FollowsLast(use):
		return objectRemoved
	case s.About == pathops.Object && s.Property == pathops.Kind:
		return kindReplaced
	case s.About == pathops.Object:
		return objectReplaced
	case s.About == pathops.Components, s.About == pathops.Place:
		return linkLeadsOutside
	case effect(fsapi.CreateExclusive, fsapi.CreateAtomic)(use):
		return textLastNoFollow
	case writesTo(use), effect(fsapi.Remove, fsapi.RemoveAll, fsapi.Move, fsapi.MakeDirAll, fsapi.Mount)(use):
		return textLeadsOutside
	}
	return textOnlyRead
}

// restsOn reports whether use does not run if the path lies outside.
func (w *window) restsOn(s *pathops.Scope, use *pathops.Op) bool {
	if len(s.Branches) == 0 {
		// Without a test of its error there is nothing that a safe path could
		// be but the empty one.
		return s.Safe != nil && comesAfter(use.Call, s.Check.Call)
	}
	for _, branch := range s.Branches {
		if w.turnsAway(branch, s, use) {
			return true
		}
	}
	return false
}

// turnsAway reports whether one arm of a branch leads to use, and the other
// one to a refusal.
func (w *window) turnsAway(branch *ssa.If, s *pathops.Scope, use *pathops.Op) bool {
	b := branch.Block()
	for i, arm := range b.Succs {
		if leadsTo(b.Succs[1-i], use.Call, b) && w.refusal(arm, b, s, use, 0) {
			return true
		}
	}
	return false
}

// refusal reports whether what comes after the edge from a branch ends without
// use, in a failure where the function has one to return. Where the tree was
// looked at, it is enough that nothing else is done to the path: an HTTP handler
// answers, a loop goes on with the next one. Another question about the text may
// come first: in a || b the answer to a alone is none.
func (w *window) refusal(arm, from *ssa.BasicBlock, s *pathops.Scope, use *pathops.Op, depth int) bool {
	const maxQuestions = 4
	if depth > maxQuestions {
		return false
	}
	if !leadsTo(arm, use.Call, from) {
		looked := s.Error || s.About >= pathops.Components
		return w.ends(arm, from) || looked && !w.actsWithout(arm, from, s)
	}
	if branch, ok := arm.Instrs[len(arm.Instrs)-1].(*ssa.If); ok && comparesText(branch.Cond) {
		for _, next := range arm.Succs {
			if w.refusal(next, arm, s, use, depth+1) {
				return true
			}
		}
	}
	return false
}

// actsWithout reports whether anything is done to the path in question from an
// edge on, without a new question.
//
//	real, err := filepath.EvalSymlinks(path)
//	if err != nil {
//		os.Remove(path) // it acts: no refusal
//	}
//
//	if err != nil {
//		http.Error(w, "no such file", http.StatusNotFound) // a refusal
//	}
func (w *window) actsWithout(arm, from *ssa.BasicBlock, s *pathops.Scope) bool {
	for _, op := range w.f.Ops {
		if followsLinks(op) && op.Call != s.Check.Call && leadsTo(arm, op.Call, from) && w.ops.Covers(s, op.Path).Value != nil {
			return true
		}
	}
	return false
}

// ends reports whether the function ends in a failure from an edge on; or ends
// at all, and does not go on with the next round of a loop, where it has no
// error to return.
func (w *window) ends(arm, from *ssa.BasicBlock) bool {
	if fate.ReturnsError(w.f.Fn.Signature.Results()) {
		return w.endsFrom(arm, from, fate.File).AllFail() && w.endsFrom(arm, from, fate.Dir).AllFail()
	}
	return !leadsBack(arm, from) && len(w.endsFrom(arm, from, fate.File).All) > 0
}

// comparesText reports whether a condition compares strings.
func comparesText(cond ssa.Value) bool {
	switch cond := cond.(type) {
	case *ssa.UnOp:
		return comparesText(cond.X)
	case *ssa.BinOp:
		return isString(cond.X.Type())
	case *ssa.Call:
		return fspath.Known(cond).Has(fsapi.TestsWithin)
	}
	return false
}

// unlinked finds writes to a path that was found to be no link. Opens of one
// are statopen's: a check of the type that the use trusts.
func (w *window) unlinked() []*Finding {
	var found []*Finding
	notLinks := func(op *pathops.Op) bool { return op.Effect == fsapi.Check && op.Row.Has(fsapi.NoFollow) }
	writes := effect(fsapi.Create, fsapi.CreateKeep, fsapi.Write, fsapi.ByFlags, fsapi.SetMode, fsapi.SetOwner)
	w.pairs(notLinks, writes, func(check, use *pathops.Op) {
		if use.NoFollow || w.comparesFiles() || w.restricts(check, use) != Type {
			return
		}
		found = append(found, &Finding{Kind: ResolveOpen, Use: use, Check: check, Aspect: Type,
			Reason: linkFollowed})
	})
	return found
}

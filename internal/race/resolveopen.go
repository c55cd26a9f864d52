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

// The reasons of resolveOpen. Few places have been read in real code so far, so
// no level is above Strict.
var (
	linkLeadsOutside = Reason{"link-leads-outside", "a link that is made in between leads outside of the directory", Strict, low}
	textLeadsOutside = Reason{"text-leads-outside", "only the text of the path was checked: a link leads outside of the directory at any time", Strict, low}
	objectReplaced   = Reason{"checked-object-replaced", "another object may be at the path that was checked", Strict, low}
	linkFollowed     = Reason{"link-followed", "a link that is made in between is followed", Strict, low}
	insideCompared   = Reason{"inside-compared", "the opened file is compared with the checked one, or links are not followed", Silent, none}
	textLastNoFollow = Reason{"text-last-not-followed", "only the text was checked, and the last element is not followed", Silent, none}
	textOnlyRead     = Reason{"text-only-read", "only the text was checked, and the file is only read", Silent, none}
)

// resolveOpen finds uses by name of a path that was found to lie within a
// directory, or to be no link.
//
//	real, err := filepath.EvalSymlinks(path)
//	if err != nil || !strings.HasPrefix(real, root+"/") {
//		return errOutside
//	}
//	data, err := os.ReadFile(real) // a directory in real may be a link by now
//
//	data, err := root.ReadFile(name) // an os.Root follows no link out of it
func resolveOpen(w *window) []*Finding {
	if w.special() || w.path.Confined() {
		return nil
	}
	var found []*Finding
	for _, use := range w.group {
		if use.Handle || use.Deferred || use.Row.Has(fsapi.Beneath) || !follows(use) {
			continue
		}
		if s := w.scopeOf(use); s != nil {
			f := &Finding{Kind: ResolveOpen, Use: use, Check: s.Check, Aspect: Spelling}
			switch {
			case s.Object:
				f.Aspect = Mode
			case s.Resolved:
				f.Aspect = Place
			}
			f.Reason = w.outside(s, use)
			found = append(found, f)
		}
	}
	return append(perCall(found), w.unlinked()...)
}

// follows reports whether an operation, by name, reads or changes what the
// path leads to, so that it matters where that is.
func follows(op *pathops.Op) bool {
	switch op.Effect {
	case fsapi.Open, fsapi.List, fsapi.Walk, fsapi.Exec, fsapi.Connect, fsapi.Remove, fsapi.RemoveAll, fsapi.MakeDir:
		return true
	}
	return writesTo(op)
}

// actsOn reports whether an operation hands something to the object that the
// path names, or runs it.
func actsOn(op *pathops.Op) bool {
	return op.Effect == fsapi.Connect || op.Effect == fsapi.Exec || changesEntry(op)
}

// scopeOf returns the question that use depends on: one after which links were
// resolved rather than one about the text, and the last of them.
//
//	if strings.Contains(name, "..") {       // a question about the text
//		return errOutside
//	}
//	path, err := securejoin.SecureJoin(root, name) // links are resolved: this one counts
//	os.WriteFile(path, data, 0o600)                // use
func (w *window) scopeOf(use *pathops.Op) *pathops.Scope {
	var best *pathops.Scope
	for _, s := range w.f.Scopes {
		if s.Object && (s.Check.Via == nil || !actsOn(use)) {
			continue // other passes follow what the function itself has asked, and see to opens
		}
		if s.Check.Call == use.Call || best != nil && best.Resolved && !s.Resolved {
			continue
		}
		if w.ops.Covers(s, use.Path) && w.restsOn(s, use) {
			best = s
		}
	}
	return best
}

// outside judges a use of a path that may lead outside by now.
func (w *window) outside(s *pathops.Scope, use *pathops.Op) Reason {
	switch {
	case use.NoFollow && use.Row.Gives == fsapi.Handle, w.comparesFiles():
		return insideCompared
	case s.Object:
		return objectReplaced
	case s.Resolved:
		return linkLeadsOutside
	case effect(fsapi.CreateExclusive, fsapi.CreateAtomic, fsapi.Replace)(use):
		return textLastNoFollow
	case writesTo(use):
		return textLeadsOutside
	}
	return textOnlyRead
}

// restsOn reports whether use does not run if the path lies outside.
func (w *window) restsOn(s *pathops.Scope, use *pathops.Op) bool {
	if len(s.Branches) == 0 {
		// Without a test of its error there is nothing that a safe path could
		// be but the empty one.
		return s.Safe != nil && s.Check.Call.Block().Dominates(use.Call.Block())
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
// use, in a failure where the function has one to return. Another question
// about the text may come first: in a || b the answer to a alone is none.
func (w *window) refusal(arm, from *ssa.BasicBlock, s *pathops.Scope, use *pathops.Op, depth int) bool {
	const maxQuestions = 4
	if depth > maxQuestions {
		return false
	}
	if !leadsTo(arm, use.Call, from) {
		return s.Error || w.ends(arm, from)
	}
	if branch, ok := arm.Instrs[len(arm.Instrs)-1].(*ssa.If); ok && asksText(branch.Cond) {
		for _, next := range arm.Succs {
			if w.refusal(next, arm, s, use, depth+1) {
				return true
			}
		}
	}
	return false
}

// ends reports whether the function ends in a failure from an edge on; or ends
// at all, and does not go on with the next round of a loop, where it has no
// error to return.
func (w *window) ends(arm, from *ssa.BasicBlock) bool {
	results := w.f.Fn.Signature.Results()
	if n := results.Len(); n > 0 && fate.IsError(results.At(n-1).Type()) {
		return w.endsFrom(arm, from).AllFail()
	}
	return !leadsBack(arm, from) && len(w.endsFrom(arm, from).All) > 0
}

// asksText reports whether a condition compares strings.
func asksText(cond ssa.Value) bool {
	switch cond := cond.(type) {
	case *ssa.UnOp:
		return asksText(cond.X)
	case *ssa.BinOp:
		return isString(cond.X.Type())
	case *ssa.Call:
		return fspath.Known(cond).Has(fsapi.AsksWithin)
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
		found = append(found, &Finding{Kind: ResolveOpen, Use: use, Check: check, Aspect: Type, Reason: linkFollowed})
	})
	return found
}

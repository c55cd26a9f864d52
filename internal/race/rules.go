package race

import (
	"cmp"
	"fmt"
	"go/token"
	"reflect"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/env"
	"github.com/edcacfbd/toctou/internal/pathops"
	"github.com/edcacfbd/toctou/internal/settings"
)

// rule finds one kind of race.
type rule struct {
	kind    Kind
	reasons []Reason // that its findings may have, in addition to those of common

	// What the rule looks at: the operations on one path in one function, a
	// function, a package. The others are nil.
	inWindow   func(*window) []*Finding
	inFunction func(*pathops.Result, *pathops.Func) []*Finding
	inPackage  func(*evidence, []*Finding) []*Finding // also gets the findings of the other rules
}

// rules lists all rules by precedence: a call at which several find something
// belongs to the one that is first, unless the finding of another one has a
// higher level. An absence check beats the plain overwrite, for example, so that
// the fix of existscreate has to do for tornwrite, too.
//
// A rule is one row here, in a file of its name, which declares its reasons. A
// reason is declared above its rule, and listed here:
//
//	var besideOpenFile = Reason{"beside-open-file", "the file is open, but the path may name a different file by then", Report, low}
var rules = []rule{
	{kind: ExistsCreate, inWindow: existsCreate, inPackage: overwrittenLater, reasons: []Reason{
		truncatesAppeared,
		underMutex(truncatesAppeared),
		overwritesUnasked,
		underMutex(overwritesUnasked),
		truncatesRefused,
		overwritesUnread,
		underMutex(overwritesUnread),
		failsOverAppeared,
		underMutex(failsOverAppeared),
		replacesRefused,
		underMutex(replacesRefused),
		truncatesToConstant,
		truncatesBegun,
		replacesAppeared,
		replacesAppearedWhole,
		replacesByHelper,
		underMutex(replacesByHelper),
		writesIntoAppeared,
		acceptsRefused,
		sizeDecidesOverwrite,
		overwrittenEitherWay,
		assertedAfter,
		presenceFailsAnyway,
		appearanceTolerated,
		removedBeforeReplacing,
		appearanceAccepted,
	}},
	{kind: ResolveOpen, inWindow: resolveOpen, reasons: []Reason{
		linkLeadsOutside,
		textLeadsOutside,
		objectReplaced,
		objectRemoved,
		directoryReplaced,
		kindReplaced,
		helperLinkFollowed,
		linkFollowed,
		directoryUnshared,
		processRootChanged,
		processRootRead,
		homeGivenAway,
		homeChanged,
		systemTreeChanged,
		devLinkFollowed,
		mountsOnAnother,
		insideCompared,
		textLastNoFollow,
		textOnlyRead,
	}},
	{kind: WriteChmod, inWindow: writeChmod, reasons: []Reason{
		wrongModeBetween,
		readableBefore,
		openedBefore,
		enterableBefore,
		ownerSetLate,
		ownerOfFound,
		publicGivenAway,
		ownerSetLateOnLink,
		ownerSetByInterface,
		modeWidened,
		modeSetAgain,
		ownerBitsSet,
		privateAgain,
		protectedAside,
		protectedUnderUmask,
		protectedTemporary,
		createdByCallee,
	}},
	{kind: CheckAct, inWindow: checkAct, reasons: []Reason{
		removesVanished,
		underMutex(removesVanished),
		executesAnother,
		underMutex(executesAnother),
		removesNewLock,
		underMutex(removesNewLock),
		removesWritten,
		underMutex(removesWritten),
		removesFilled,
		underMutex(removesFilled),
		removesJudged,
		underMutex(removesJudged),
		removesListening,
		underMutex(removesListening),
		removesClaimed,
		underMutex(removesClaimed),
		appliesOldMode,
		underMutex(appliesOldMode),
		newOwnerLinks,
		underMutex(newOwnerLinks),
		actsOnVanished,
		makesRoom,
		actForwarded,
		executesVanished,
		removesNonDirectory,
		removesNewer,
		listensOver,
		gapBeforeReplacing,
		lockUnnamed,
		refusalExpected,
	}},
	{kind: StatOpen, inWindow: statOpen, inPackage: madeLater, reasons: []Reason{
		opensVanished,
		underMutex(opensVanished),
		opensVanishedChecked,
		opensVanishedToWrite,
		opensForwarded,
		opensOptional,
		opensElsewhere,
		opensOther,
		headerOfAnother,
		makesOtherType,
		opensPathOrContent,
		opensOtherExit,
		opensUnrestricted,
		opensUnrestrictedType,
		opensCompared,
		opensCheckedAgain,
	}},
	{kind: PathReuse, inWindow: pathReuse, reasons: []Reason{
		digestOfAnother,
		executesOther,
		trustedTooSoon,
		trustedTypeTooSoon,
		besideOpenFile,
		besideTemporary,
		besideGivenFile,
		besideFileTimes,
		besideInterface,
		afterReading,
		afterListing,
		afterWriting,
		nameChecked,
		besideCompared,
	}},
	{kind: WalkRace, inWindow: walkRace, inFunction: vanishedInfos, reasons: []Reason{
		changesSwapped,
		changesGivenAway,
		failsOverEntry,
		failsOverOldEntry,
		removesSwapped,
		opensFiltered,
		writesBackEntry,
		ownTree,
		userTree,
		entryCompared,
		entryOnlyOpened,
		entryLinkRemoved,
		entryOnlyRead,
	}},
	{kind: LostUpdate, inWindow: lostUpdate, inPackage: keptUpdates, reasons: []Reason{
		updateLost,
		updateLostUnderMutex,
		updateKept,
		updateByUser,
	}},
	{kind: TempName, inWindow: tempName, reasons: []Reason{
		nameForeseen,
		nameMaybe,
		nameFallback,
		directoryShared,
		nameBesideTarget,
		otherFileSystem,
		otherDirectory,
		renamedUnsynced,
		syncUnchecked,
		nameFreed,
		nameFreedFails,
	}},
	{kind: TornWrite, inWindow: tornWrite, reasons: []Reason{
		tornLoaded,
		tornEdited,
		tornFallback,
		tornExecuted,
		tornRead,
		tornLoadedElsewhere,
		tornReadElsewhere,
		tornState,
		tornMaybe,
		tornByHelper,
		tornUnderLock,
		tornGap,
		tornGapUnread,
		tornRemade,
		tornUnread,
		tornNothing,
		tornWriteAside,
	}},
	{kind: FDLife, inFunction: fdLife, inPackage: numberOwners, reasons: []Reason{
		fdSharedNumber,
		fdClosedAgain,
		fdUnowned,
		fdHandedOut,
		fdClosedFirst,
		fdAdopted,
		fdClosedTwice,
	}},
}

// common lists the reasons that several rules have.
var common = []Reason{fileLocked, checkedByCallee, absenceFailsAnyway, vanishingTolerated, calledByTests, unshared}

// precedence returns the place of a kind among the rules.
func precedence(k Kind) int {
	return slices.IndexFunc(rules, func(r rule) bool { return r.kind == k })
}

// Known reports whether there is a rule, and so a pass, of that name.
func Known(name string) bool { return precedence(Kind(name)) >= 0 }

// Names returns the names of the kinds, which are those of their passes, by precedence.
func Names() []string {
	names := make([]string, len(rules))
	for i, r := range rules {
		names[i] = string(r.kind)
	}
	return names
}

// StrictOnly reports whether all findings of a kind are left to strict mode.
func StrictOnly(k Kind) bool {
	i := precedence(k)
	return i >= 0 && !slices.ContainsFunc(rules[i].reasons, func(r Reason) bool { return r.Level == Report })
}

// ReasonByID returns the reason of that ID and the kind of the rule that has it, "" if
// several rules do. It reports whether there is one.
func ReasonByID(id string) (Kind, Reason, bool) {
	with := func(r Reason) bool { return r.ID == id }
	if i := slices.IndexFunc(common, with); i >= 0 {
		return "", common[i], true
	}
	for _, rule := range rules {
		if i := slices.IndexFunc(rule.reasons, with); i >= 0 {
			return rule.kind, rule.reasons[i], true
		}
	}
	return "", Reason{}, false
}

// listed reports whether the reason of a finding is one of its rule's.
func listed(f *Finding) bool {
	return slices.Contains(common, f.Reason) || slices.Contains(rules[precedence(f.Kind)].reasons, f.Reason)
}

// Engine is what the passes of one suite share: one analyzer that computes
// the findings of all kinds, the settings and the environment.
type Engine struct {
	Analyzer *analysis.Analyzer // its result is a *Result
	Settings *settings.Settings
	Env      *env.Env

	// Program joins what packages show of their files, where one program analyzes all
	// of them; nil for go vet, which runs once for each. It may change until the
	// engine runs.
	Program *Program
}

// New returns an engine with settings s in the environment e. Both may change
// until it runs.
func New(s *settings.Settings, e *env.Env) *Engine {
	paths := pathops.New(s, e)
	engine := &Engine{
		Settings: s,
		Env:      e,
		Analyzer: &analysis.Analyzer{
			Name:       "toctouraces",
			Doc:        "pair the operations of each function on paths",
			ResultType: reflect.TypeFor[*Result](),
			Requires:   []*analysis.Analyzer{paths},
		},
	}
	engine.Analyzer.Run = func(pass *analysis.Pass) (res any, err error) {
		defer e.Recover(pass.Pkg.Path(), func() { res, err = &Result{Ops: &pathops.Result{}}, nil })
		ops := pass.ResultOf[paths].(*pathops.Result)
		var unlisted error
		ev := newEvidence(ops)
		showing := engine.Program.meet(pass, s.Table, ev)
		findings := find(ev, func(f *Finding) {
			if !listed(f) {
				unlisted = fmt.Errorf("%s: %s: the table of rules does not list the reason %q", pass.Fset.Position(f.Pos()), f.Kind, f.Reason.ID)
			}
			e.Debugf("%s: %s: %s: %s (%s)", pass.Fset.Position(f.Pos()), f.Kind, f.Level(), f.Use.Path, f.why())
		})
		if e.Fatal && unlisted != nil {
			return nil, unlisted
		}
		if showing != nil {
			engine.Program.note(showing, ev)
		}
		return &Result{Findings: findings, Ops: ops}, nil
	}
	return engine
}

// find returns the findings of a package, in the order of their positions: of one
// call the best of each kind, the one that it is called by default first. It shows
// consider all others, too.
func find(ev *evidence, consider func(*Finding)) []*Finding {
	ops := ev.ops
	type use struct {
		at   token.Pos
		kind Kind
	}
	best := make(map[use]*Finding)
	note := func(f *Finding) {
		consider(f)
		of := use{f.Pos(), f.Kind}
		if have := best[of]; have == nil || f.beats(have) {
			best[of] = f
		}
	}
	var all []*Finding // shown or not
	known := make(map[*ssa.Function]bool)
	tests := func(fn *ssa.Function) bool {
		is, ok := known[fn]
		if !ok {
			is = ev.testsOnly(fn)
			known[fn] = is
		}
		return is
	}
	for _, f := range ops.Funcs {
		for _, finding := range function(ops, f, ev) {
			finding.Fn = f.Fn
			if finding.Level() > Silent && !ops.InTest(f.Fn) && tests(f.Fn) {
				finding.Reason = calledByTests
			}
			note(finding)
			all = append(all, finding)
		}
	}
	for _, r := range rules {
		if r.inPackage == nil {
			continue
		}
		for _, finding := range r.inPackage(ev, all) {
			note(finding)
		}
	}
	list := make([]*Finding, 0, len(best))
	for _, f := range best {
		list = append(list, f)
	}
	slices.SortFunc(list, func(f, g *Finding) int {
		switch {
		case f.Pos() != g.Pos():
			return cmp.Compare(f.Pos(), g.Pos())
		case f.beats(g):
			return -1
		}
		return 1
	})
	return list
}

// function returns what there is to say of the uses in one function. The rules
// run from the last to the first, so that one can see what those of lower
// precedence have found in the window.
func function(ops *pathops.Result, f *pathops.Func, ev *evidence) []*Finding {
	var found []*Finding
	for _, r := range rules {
		if r.inFunction != nil {
			found = append(found, r.inFunction(ops, f)...)
		}
	}
	if len(f.Ops) == 0 {
		return found
	}
	for _, w := range ev.view(f).windows {
		for _, r := range slices.Backward(rules) {
			if r.inWindow != nil {
				w.found = append(w.found, r.inWindow(w)...)
			}
		}
		found = append(found, w.found...)
	}
	return found
}

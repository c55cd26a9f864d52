package race

import (
	"strings"
	"unicode"

	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fate"
	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/fspath"
	"github.com/edcacfbd/toctou/internal/pathops"
)

// TornWrite is a write in place of a file that is read back.
const TornWrite Kind = "tornwrite"

// The reasons of tornWrite. Which of them it is, the weight of the signs decides.
var (
	tornRead       = Reason{"torn-write", "the signs say that the file is read back, so that half of it does harm", Report, medium}
	tornMaybeRead  = Reason{"torn-write-maybe", "some signs say that the file is read back", Strict, low}
	tornUnread     = Reason{"torn-write-unread", "no signs, or too few, say that the file is read back", Silent, none}
	tornUnderLock  = Reason{"torn-write-under-lock", "a lock keeps readers out, so that only a crash leaves half of the file", Strict, low}
	tornGap        = Reason{"replaced-with-gap", "nothing is at the path in between, and the signs say that it is read", Report, low}
	tornGapUnread  = Reason{"replaced-with-gap-unread", "nothing is at the path in between, and too few signs say that it is read", Silent, none}
	tornWriteAside = Reason{"written-aside", "it is written under another name and then renamed", Silent, none}
)

// tornWrite finds files that somebody will read back, truncated and rewritten
// in place.
func tornWrite(w *window) []*Finding {
	var found []*Finding
	if w.special() {
		return nil
	}
	weigh := func(f *Finding, o *overwrite) {
		for _, path := range alternatives(w.ops.Numbers, w.path) {
			o.follow(handed{path, w.f.Fn})
		}
		for _, h := range w.ev.callers[o.op.Deep] {
			o.follow(h)
		}
		var sum int
		switch sum, f.Signs = o.weigh(); {
		case sum >= ReportAt:
			f.Reason = tornRead
		case sum >= StrictAt:
			f.Reason = tornMaybeRead
		default:
			f.Reason = tornUnread
		}
		found = append(found, f)
	}
	for _, op := range w.group {
		// What a wrapper of this module does is a finding in the wrapper.
		if op.Effect != fsapi.Create || op.Handle || op.Deferred || w.ops.Ours(op.Via) {
			continue
		}
		f := &Finding{Kind: TornWrite, Use: op}
		if w.movedAfter() {
			f.Reason = tornWriteAside
			found = append(found, f)
			continue
		}
		weigh(f, &overwrite{ev: w.ev, op: op, marshalled: w.marshals, rewrites: w.readsBefore(op)})
	}
	for _, op := range w.group {
		switch {
		case op.Deferred || w.ops.Ours(op.Via):
		case w.empties(op) && w.marshals:
			// A file that is opened with its content kept, and emptied later, is
			// read in between, or else it would have been truncated at once.
			f := &Finding{Kind: TornWrite, Use: op}
			weigh(f, &overwrite{ev: w.ev, op: op, marshalled: true, rewrites: true})
			if f.Reason == tornRead && w.lockedAround() {
				f.Reason = tornUnderLock
			}
		case op.Effect == fsapi.Replace:
			if away := w.movedAwayBefore(op); away != nil {
				f := &Finding{Kind: TornWrite, Use: op, Check: away, Aspect: Gap}
				weigh(f, &overwrite{ev: w.ev, op: op, marshalled: w.marshals})
				if f.Reason == tornRead {
					f.Reason = tornGap
				} else {
					f.Reason = tornGapUnread // a matter of what comes after what: checkact's
				}
			}
		}
	}
	return found
}

// alternatives are the paths that a path can be: those of a variable that was
// set on several ways.
func alternatives(num *fspath.Numbering, v *fspath.Value) []*fspath.Value {
	list := []*fspath.Value{v}
	if phi, ok := v.Src.(*ssa.Phi); ok && v.Kind == fspath.Unique {
		for _, e := range phi.Edges {
			if a := num.Of(e); a != v {
				list = append(list, a)
			}
		}
	}
	return list
}

// empties reports whether an operation truncates an open file to nothing.
func (w *window) empties(op *pathops.Op) bool {
	if !op.Handle || op.Effect != fsapi.Write || !op.Direct() || !op.Row.Has(fsapi.Truncates) {
		return false
	}
	args := op.Call.Common().Args
	size, ok := args[len(args)-1].(*ssa.Const)
	return ok && size.Value != nil && size.Int64() == 0
}

// lockedAround reports whether the function, or one that it is a literal of,
// takes a lock that other processes honour.
func (w *window) lockedAround() bool {
	for fn := w.f.Fn; fn != nil; fn = fn.Parent() {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				if call, ok := instr.(*ssa.Call); ok && w.ops.LocksFile(call) {
					return true
				}
			}
		}
	}
	return false
}

// movedAwayBefore returns the operation that moves away what is at the path
// before use puts something else there, or nil.
func (w *window) movedAwayBefore(use *pathops.Op) *pathops.Op {
	for _, op := range w.group {
		if op.Effect == fsapi.Move && op.Call != use.Call && !op.Deferred && w.reachesAfterSuccess(op, use, fate.File) && !w.restores(op, use) && !ignored(use) {
			return op
		}
	}
	return nil
}

// readsBefore reports whether the same function opens the path before op.
func (w *window) readsBefore(op *pathops.Op) bool {
	for _, other := range w.group {
		if other.Effect == fsapi.Open && !other.Handle && w.reaches(other, op, fate.File) {
			return true
		}
	}
	return false
}

// overwrite is one operation that truncates a file in place.
type overwrite struct {
	ev         *evidence
	op         *pathops.Op
	origins    fspath.Origins
	words      []string
	readBack   bool
	rewrites   bool
	heals      bool
	staged     bool
	marshalled bool
}

// follow takes in what is known of the path in one function.
func (o *overwrite) follow(h handed) {
	o.origins |= o.ev.ops.Numbers.Origins(h.path)
	o.words = append(o.words, nameWords(h.path, h.by)...)
	for _, t := range identities(h.path) {
		o.heals = o.heals || o.ev.read[t] && !o.ev.strict[t]
		o.readBack = o.readBack || o.ev.read[t]
	}
	o.staged = o.staged || o.ev.moved[dirTail(h.path)]
}

// weigh returns the sum of the signs' weights, and the names of those that there
// are.
func (o *overwrite) weigh() (sum int, signs []string) {
	signs = []string{}
	for _, s := range Signs {
		if s.holds(o) {
			sum += s.Weight
			signs = append(signs, s.Name)
		}
	}
	return sum, signs
}

// Sign is one piece of evidence for or against the claim that somebody will
// read a file back, so that a torn one does harm.
type Sign struct {
	Name   string
	Weight int
	Reason string // why it is one
	Words  bool   // it goes by names alone
	holds  func(*overwrite) bool
}

// Signs weigh an overwrite in place. A sum of ReportAt or more is reported,
// one of StrictAt or more in strict mode.
var Signs = []Sign{
	{"read back", 3, "the same path is read in the package", false, func(o *overwrite) bool { return o.readBack }},
	{"read, changed, written", 2, "the function reads the file before it writes it", false, func(o *overwrite) bool { return o.rewrites && !o.readBack }},
	{"user directory", 2, "configuration, state and caches live there", false, func(o *overwrite) bool { return o.origins.Has(fsapi.UserDir) }},
	{"persistent name", 2, "it is called what lasting files are called", true, func(o *overwrite) bool { return named(o.words, lasting) }},
	{"marshalled", 1, "a loader will parse it, and half a value does not parse", false, func(o *overwrite) bool { return o.marshalled }},
	{"private mode", 1, "0600 is for credentials and state", false, func(o *overwrite) bool { return o.op.Perm == 0o600 }},
	{"atomic writer at hand", 1, "the package knows that such files must be replaced whole", false, func(o *overwrite) bool { return o.ev.atomic }},
	{"healing cache", -4, "whoever reads it takes a damaged one for none, and it is called a cache", false, func(o *overwrite) bool { return o.heals && named(o.words, caches) }},
	{"directory moved", -4, "its directory is moved into place afterwards, whole", false, func(o *overwrite) bool { return o.staged }},
	{"argument", -3, "a file that the user asked for can be asked for again", false, func(o *overwrite) bool { return o.origins.Has(fsapi.Argument) }},
	{"passing name", -3, "it is called what outputs and temporaries are called", true, func(o *overwrite) bool { return named(o.words, passing) }},
	{"working directory", -3, "a tool that works on the user's files writes there", false, func(o *overwrite) bool { return o.origins.Has(fsapi.WorkDir) }},
	{"temporary directory", -3, "nothing lasting lives there", false, func(o *overwrite) bool { return o.origins.Has(fsapi.TempDir) }},
}

// The sums at which an overwrite is reported, by default and in strict mode.
const (
	ReportAt = 4
	StrictAt = 2
)

// lasting, caches and passing are words in the names of files, fields and functions.
// They are for tornwrite alone; no other pass goes by names.
var (
	lasting = words("config cfg conf settings preferences prefs state token tokens credential credentials cred secret secrets key keys cache lock history index session sessions account accounts db database store metadata meta manifest registry profile profiles cert certificate identity auth password keyring")
	caches  = words("cache caches cached")
	passing = words("out output report dump tmp temp log logs test tests example doc docs gen generated build dist export download target dest dst profile pprof trace coverage html readme md pub")
)

func words(list string) map[string]bool {
	m := make(map[string]bool)
	for w := range strings.FieldsSeq(list) {
		m[w] = true
	}
	return m
}

func named(words []string, among map[string]bool) bool {
	for _, w := range words {
		if among[w] {
			return true
		}
	}
	return false
}

// nameWords splits the names in a path, and of the function that writes it,
// into lower-case words.
func nameWords(v *fspath.Value, fn *ssa.Function) []string {
	var list []string
	v.Walk(func(w *fspath.Value) bool {
		switch w.Kind {
		case fspath.Const, fspath.Field, fspath.Global:
			list = append(list, split(w.Name)...)
			list = append(list, split(w.Owner[strings.LastIndexAny(w.Owner, "./")+1:])...)
		case fspath.Param:
			list = append(list, split(w.Src.Name())...)
		case fspath.Unique:
			if call, ok := w.Src.(*ssa.Call); ok {
				if fn := fspath.Callee(call.Common()); fn != nil {
					list = append(list, split(fn.Name())...)
				}
			}
		}
		return true
	})
	return append(list, split(fn.Name())...)
}

// split cuts an identifier or a file name into words: configFile, config_file
// and config.file are each two.
func split(s string) []string {
	var list []string
	var word []rune
	flush := func() {
		if len(word) > 0 {
			list = append(list, strings.ToLower(string(word)))
			word = nil
		}
	}
	lower := false
	for _, r := range s {
		switch {
		case !unicode.IsLetter(r):
			flush()
			lower = false
			continue
		case unicode.IsUpper(r) && lower:
			flush()
		}
		lower = unicode.IsLower(r)
		word = append(word, r)
	}
	flush()
	return list
}

package race

import (
	"go/token"
	"path"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fate"
	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/fspath"
	"github.com/edcacfbd/toctou/internal/pathops"
)

// Sign is one piece of evidence for or against the claim that somebody will
// read a file back, so that a torn one does harm.
type Sign struct {
	Name   string
	Weight int
	Reason string // as findings give it
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

// evidence is what a whole package tells about its files.
type evidence struct {
	ops    *pathops.Result
	read   map[string]bool // the tails of paths that are opened
	strict map[string]bool // those of which some reader fails over what it cannot parse, or hands it on
	moved  map[string]bool // the tails of paths that are renamed to others
	atomic bool            // some file is replaced whole

	// callers are, by the place of an operation on a parameter, the paths that
	// callers in the package hand to it.
	callers map[token.Pos][]handed

	funcs map[*ssa.Function]*pathops.Func
	calls map[*ssa.Function][]*ssa.CallCommon // the calls of a function by name, in the package
	held  map[string][]heldFile               // by type and field of a path, the fields with the files opened by it
}

// handed is a path that a function hands to another one.
type handed struct {
	path *fspath.Value
	by   *ssa.Function
}

func newEvidence(ops *pathops.Result) *evidence {
	ev := &evidence{ops: ops, read: make(map[string]bool), moved: make(map[string]bool), strict: make(map[string]bool), callers: make(map[token.Pos][]handed), funcs: make(map[*ssa.Function]*pathops.Func), calls: make(map[*ssa.Function][]*ssa.CallCommon), held: heldFiles(ops)}
	for _, f := range ops.Funcs {
		ev.funcs[f.Fn] = f
		if ops.InTest(f.Fn) {
			continue // tests are there under go vet, and not on the command line
		}
		ev.noteCalls(f.Fn)
		for _, op := range f.Ops {
			switch op.Effect {
			case fsapi.Open:
				for _, t := range identities(op.Path) {
					ev.read[t] = true
					ev.strict[t] = ev.strict[t] || !heals(ops, op)
				}
			case fsapi.Move:
				if t := tail(op.Path); t != "" {
					ev.moved[t] = true
				}
			case fsapi.CreateAtomic, fsapi.Replace:
				ev.atomic = true
			case fsapi.Create:
				if op.Via != nil {
					ev.callers[op.Deep] = append(ev.callers[op.Deep], handed{op.Path, f.Fn})
				}
			}
		}
	}
	return ev
}

// noteCalls records which functions fn calls by their names.
func (ev *evidence) noteCalls(fn *ssa.Function) {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if call, ok := instr.(ssa.CallInstruction); ok {
				if callee := call.Common().StaticCallee(); callee != nil && ev.ops.Ours(fspath.Callee(call.Common())) {
					ev.calls[callee] = append(ev.calls[callee], call.Common())
				}
			}
		}
	}
}

// heals reports whether a function that reads a file parses it, and succeeds
// even if it cannot: a cache that is made again.
func heals(ops *pathops.Result, open *pathops.Op) bool {
	call, ok := open.Call.(*ssa.Call)
	if !ok || !open.Direct() {
		return false
	}
	damaged := &unparsable{Knowledge: ops.Knowledge(open.Path), ops: ops}
	walk := fate.Walk{Know: damaged}
	ends := walk.FromCall(call, fate.File)
	return damaged.met && len(ends.All) > 0 && !ends.Overflow && !ends.MayFail()
}

// unparsable is knowledge of a run in which what is read does not parse.
type unparsable struct {
	fate.Knowledge
	ops *pathops.Result
	met bool
}

func (k *unparsable) Outcomes(call ssa.CallInstruction, args fate.Tuple, s fate.State) ([]fate.Outcome, bool) {
	c, ok := call.(*ssa.Call)
	if results := call.Common().Signature().Results(); ok && k.ops.Row(c).Has(fsapi.Loads) && results.Len() > 0 && fate.IsError(results.At(results.Len()-1).Type()) {
		k.met = true
		tuple := make(fate.Tuple, results.Len())
		tuple[len(tuple)-1] = fate.ErrOther
		return []fate.Outcome{{Results: tuple, State: s}}, true
	}
	return k.Knowledge.Outcomes(call, args, s)
}

// identities are what a path can be known by in another function.
func identities(v *fspath.Value) []string {
	var list []string
	if t := tail(v); t != "" {
		list = append(list, t)
	}
	if s := shape(v); s != "" {
		list = append(list, s)
	}
	return list
}

// shape writes a path with its parameters left open: the methods of a store that
// keep an entry by its key, and get it back, compute the same path from their
// own. It is "" unless it has a field or a variable in it, to tell what store,
// and a text or a function, to tell what entries: any name below a directory is
// any file.
func shape(v *fspath.Value) string {
	var s shaping
	if text := s.text(v); !s.unknown && s.store && s.entry {
		return text
	}
	return ""
}

// shaping is what was met while a shape was written.
type shaping struct{ store, entry, unknown bool }

func (s *shaping) text(v *fspath.Value) string {
	name, args := v.Name, v.Args
	switch v.Kind {
	case fspath.Const:
		s.entry = true
		return strconv.Quote(v.Name)
	case fspath.Param:
		return v.Src.Type().String()
	case fspath.Global:
		s.store = true
		return v.Name
	case fspath.Field:
		s.store = true
		return v.Owner + "." + v.Name // whatever object it is of
	case fspath.Pure:
	case fspath.Unique:
		s.entry = true
		return s.call(v.Src)
	default:
		s.unknown = true
	}
	parts := []string{name}
	for _, a := range args {
		parts = append(parts, s.text(a))
	}
	return "(" + strings.Join(parts, " ") + ")"
}

// call writes a call of a function of strings alone, such as one that cleans a
// key.
func (s *shaping) call(src ssa.Value) string {
	call, ok := src.(*ssa.Call)
	if !ok || fspath.Callee(call.Common()) == nil {
		s.unknown = true
		return ""
	}
	text := fspath.Callee(call.Common()).FullName()
	for _, arg := range fspath.Arguments(call.Common()) {
		switch arg := arg.(type) {
		case *ssa.Parameter:
			s.unknown = s.unknown || !isString(arg.Type())
		case *ssa.Const:
			text += " " + arg.String()
		default:
			s.unknown = true
		}
	}
	return text
}

// tail identifies a path across functions as well as can be: by the field or
// the variable that holds it, by the function that yields it, or by its
// constant last element. What is made of a name otherwise is another name.
func tail(v *fspath.Value) string {
	switch v.Kind {
	case fspath.Field:
		return v.Owner + "." + v.Name
	case fspath.Global:
		return v.Name
	case fspath.Const:
		return path.Base(v.Name)
	case fspath.Unique:
		return yieldedBy(v.Src)
	case fspath.Pure:
		return tailOfCall(v)
	}
	return ""
}

func tailOfCall(v *fspath.Value) string {
	if len(v.Args) == 0 {
		return ""
	}
	row := fsapi.Lookup(v.Name)
	first, last := v.Args[0], v.Args[len(v.Args)-1]
	t := ""
	switch {
	case v.Appended() != nil:
		if t = lastElement(last); t == "" && len(v.Args) == 2 && last.Kind == fspath.Const && tail(first) != "" {
			t = tail(first) + last.Name
		}
	case row.Has(fsapi.Formats):
		if t = lastElement(first); strings.Contains(t, "%") {
			return ""
		}
	case v.Joined() != nil:
		t = tail(last)
	case row.Has(fsapi.Respells), row.Has(fsapi.LastElement):
		t = tail(first)
	}
	if t == "." {
		return ""
	}
	return t
}

// dirTail identifies the directory of a path, where that is joined to its name.
func dirTail(v *fspath.Value) string {
	if n := len(v.Joined()); n > 1 {
		return tail(v.Args[n-2])
	}
	return ""
}

// lastElement returns what stands behind the last slash of a constant text.
func lastElement(v *fspath.Value) string {
	i := strings.LastIndexByte(v.Name, '/')
	if v.Kind != fspath.Const || i < 0 {
		return ""
	}
	return v.Name[i+1:]
}

// yieldedBy names the function of the package that yields a path, if it always
// yields the same one, as far as its parameters go.
func yieldedBy(src ssa.Value) string {
	if x, ok := src.(*ssa.Extract); ok {
		src = x.Tuple
	}
	call, ok := src.(*ssa.Call)
	if !ok {
		return ""
	}
	callee, obj := call.Common().StaticCallee(), fspath.Callee(call.Common())
	if callee == nil || obj == nil || len(callee.Blocks) == 0 || callee.Signature.Params().Len() > 0 {
		return "" // a function literal yields what the variables around it lead to
	}
	return obj.FullName() + "()"
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

// weigh returns the sum of the signs, and what they are.
func (o *overwrite) weigh() (sum int, reasons []string) {
	for _, s := range Signs {
		if s.holds(o) {
			sum += s.Weight
			reasons = append(reasons, s.Reason)
		}
	}
	return sum, reasons
}

// tornWrite finds files that somebody will read back, truncated and rewritten
// in place.
func tornWrite(w *window, ev *evidence) []*Finding {
	var found []*Finding
	if w.special() {
		return nil
	}
	weigh := func(f *Finding, o *overwrite) {
		for _, path := range alternatives(w.ops.Numbers, w.path) {
			o.follow(handed{path, w.f.Fn})
		}
		for _, h := range ev.callers[o.op.Deep] {
			o.follow(h)
		}
		sum, reasons := o.weigh()
		f.Reason = strings.Join(reasons, "; ")
		switch {
		case sum >= ReportAt:
			f.Verdict = Report
		case sum >= StrictAt:
			f.Verdict = Strict
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
			f.Reason = "written aside and then renamed"
			found = append(found, f)
			continue
		}
		weigh(f, &overwrite{ev: ev, op: op, marshalled: w.marshals, rewrites: w.readsBefore(op)})
	}
	for _, op := range w.group {
		switch {
		case op.Deferred || w.ops.Ours(op.Via):
		case w.empties(op) && w.marshals:
			// A file that is opened with its content kept, and emptied later, is
			// read in between, or else it would have been truncated at once.
			f := &Finding{Kind: TornWrite, Use: op}
			weigh(f, &overwrite{ev: ev, op: op, marshalled: true, rewrites: true})
			if w.lockedAround() {
				f.Verdict = min(f.Verdict, Strict) // nobody reads half of it, but for a crash
			}
		case op.Effect == fsapi.Replace:
			if away := w.movedAwayBefore(op); away != nil {
				f := &Finding{Kind: TornWrite, Use: op, Check: away, Aspect: Gap}
				weigh(f, &overwrite{ev: ev, op: op, marshalled: w.marshals})
				if f.Verdict == Strict {
					f.Verdict = Silent // a matter of what comes after what: checkact's
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

// movedAfter reports whether what is written is renamed afterwards.
func (w *window) movedAfter() bool {
	for _, other := range w.group {
		if other.Effect == fsapi.Move {
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

// marshals reports whether a function marshals something, or encodes it into a
// file.
func marshals(fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok {
				continue
			}
			if row := fspath.Known(call); row != nil && (row.Gives == fsapi.Marshalled || row.Has(fsapi.Encodes)) {
				return true
			}
		}
	}
	return false
}

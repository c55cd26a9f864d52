package race

import (
	"path"
	"strings"
	"unicode"

	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/fspath"
	"github.com/edcacfbd/toctou/internal/pathops"
)

// sign is one piece of evidence for or against the claim that somebody will
// read a file back, so that a torn one does harm.
type sign struct {
	name   string
	weight int
	reason string
	holds  func(*overwrite) bool
}

// signs weigh an overwrite in place. A sum of reportAt or more is reported,
// one of strictAt or more in strict mode.
var signs = []sign{
	{"read back", 3, "the same path is read in the package", func(o *overwrite) bool { return o.readBack }},
	{"user directory", 2, "configuration, state and caches live there", func(o *overwrite) bool { return o.origins[fsapi.UserDir] }},
	{"persistent name", 2, "it is called what lasting files are called", func(o *overwrite) bool { return named(o.words, lasting) }},
	{"marshalled", 1, "a loader will parse it, and half a value does not parse", func(o *overwrite) bool { return o.marshalled }},
	{"private mode", 1, "0600 is for credentials and state", func(o *overwrite) bool { return o.op.Perm == 0o600 }},
	{"atomic writer at hand", 1, "the package knows that such files must be replaced whole", func(o *overwrite) bool { return o.ev.atomic }},
	{"argument", -3, "a file that the user asked for can be asked for again", func(o *overwrite) bool { return o.origins[fsapi.Argument] }},
	{"passing name", -3, "it is called what outputs and temporaries are called", func(o *overwrite) bool { return named(o.words, passing) }},
	{"relative name", -3, "a tool that works on a source tree names files so", func(o *overwrite) bool { return o.relative }},
	{"temporary directory", -3, "nothing lasting lives there", func(o *overwrite) bool { return o.origins[fsapi.TempDir] }},
}

const (
	reportAt = 4
	strictAt = 2
)

// lasting and passing are words in the names of files, fields and functions.
// They are for tornwrite alone; no other pass goes by names.
var (
	lasting = words("config cfg conf settings preferences prefs state token tokens credential credentials cred secret secrets key keys cache lock history index session sessions account accounts db database store metadata meta manifest registry profile profiles cert certificate identity auth password keyring")
	passing = words("out output report dump tmp temp log logs test tests example doc docs gen generated build dist export download target dest dst profile pprof trace coverage html readme")
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
	atomic bool            // some file is replaced whole
}

func newEvidence(ops *pathops.Result) *evidence {
	ev := &evidence{ops: ops, read: make(map[string]bool)}
	for _, f := range ops.Funcs {
		for _, op := range f.Ops {
			switch op.Effect {
			case fsapi.Open:
				if t := tail(op.Path); t != "" {
					ev.read[t] = true
				}
			case fsapi.CreateAtomic, fsapi.Replace:
				ev.atomic = true
			}
		}
	}
	return ev
}

// tail identifies a path across functions as well as can be: by the field or
// the variable that holds it, or by its constant last element.
func tail(v *fspath.Value) string {
	switch v.Kind {
	case fspath.Field:
		return v.Owner + "." + v.Name
	case fspath.Global:
		return v.Name
	case fspath.Const:
		return path.Base(v.Name)
	case fspath.Pure:
		if n := len(v.Args); n > 0 {
			if t := tail(v.Args[n-1]); t != "" && t != "." {
				return t
			}
		}
	}
	return ""
}

// overwrite is one operation that truncates a file in place.
type overwrite struct {
	ev         *evidence
	op         *pathops.Op
	origins    map[fsapi.Origin]bool
	words      []string
	readBack   bool
	relative   bool
	marshalled bool
}

// weigh returns the sum of the signs, and what they are.
func (o *overwrite) weigh() (sum int, reasons []string) {
	for _, s := range signs {
		if s.holds(o) {
			sum += s.weight
			reasons = append(reasons, s.reason)
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
	for _, op := range w.group {
		if op.Effect != fsapi.Create || op.Handle || op.Deferred || op.Via != nil {
			continue
		}
		f := &Finding{Kind: TornWrite, Use: op}
		if w.movedAfter(op) {
			f.Reason = "written aside and then renamed"
			found = append(found, f)
			continue
		}
		o := &overwrite{ev: ev, op: op, origins: w.path.Origins(), words: nameWords(w.path, w.f.Fn), marshalled: marshals(w, op)}
		o.readBack = ev.read[tail(w.path)]
		o.relative = relative(w.path)
		sum, reasons := o.weigh()
		f.Reason = strings.Join(reasons, "; ")
		switch {
		case sum >= reportAt:
			f.Verdict = Report
		case sum >= strictAt:
			f.Verdict = Strict
		}
		found = append(found, f)
	}
	return found
}

// movedAfter reports whether what op writes is renamed afterwards.
func (w *window) movedAfter(op *pathops.Op) bool {
	for _, other := range w.group {
		if other.Effect == fsapi.Move {
			return true
		}
	}
	return false
}

// relative reports whether a path starts with a constant that is no absolute path.
func relative(v *fspath.Value) bool {
	for v.Kind == fspath.Pure && len(v.Args) > 0 {
		v = v.Args[0]
	}
	text, ok := v.Text()
	return ok && text != "" && text[0] != '/'
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

// marshals reports whether the content that op writes was marshalled, or is
// encoded into the file.
func marshals(w *window, op *pathops.Op) bool {
	for _, b := range w.f.Fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok {
				continue
			}
			if row := rowOf(call); row != nil && (row.Gives == fsapi.Marshalled || row.Has(fsapi.Encodes)) {
				return true
			}
		}
	}
	return false
}

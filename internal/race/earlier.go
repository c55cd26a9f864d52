package race

import (
	"slices"

	"github.com/edcacfbd/toctou/internal/fate"
	"github.com/edcacfbd/toctou/internal/fspath"
	"github.com/edcacfbd/toctou/internal/pathops"
)

// earlier is a look at a path in a field by a method that does nothing else to it: what
// it refuses, another method takes for settled.
//
//	func (o *output) begin() error {
//		if _, err := os.Stat(o.path); err == nil { // check
//			return errExists
//		}
//		return nil
//	}
//
// The twin makes the file itself, and what others do to it is done to its own:
//
//	if _, err := os.Stat(o.path); err == nil {
//		return errExists
//	}
//	return os.WriteFile(o.path, nil, 0o644)
type earlier struct {
	w     *window
	check *pathops.Op
}

// earlierChecks lists the checks by methods of paths in fields, by type and field.
//
//	func (o *output) check() error { _, err := os.Lstat(o.path); return err }
//
// Not a method that also acts on the path, whose own window has the pair:
//
//	func (o *output) prepare() error { os.Lstat(o.path); return os.Remove(o.path) }
func (ev *evidence) earlierChecks() map[string][]earlier {
	list := make(map[string][]earlier)
	for _, f := range ev.ops.Funcs {
		if f.Fn.Signature.Recv() == nil || ev.ops.InTest(f.Fn) {
			continue
		}
		for _, w := range ev.view(f).windows {
			fields := ev.fieldsOf(w.path)
			if len(fields) == 0 || slices.ContainsFunc(w.group, func(op *pathops.Op) bool { return !inspects(op) }) {
				continue
			}
			for _, op := range w.group {
				if probes(op) && !op.Handle && !op.Deferred && !op.Guarded {
					for _, field := range fields {
						list[field] = append(list[field], earlier{w, op})
					}
				}
			}
		}
	}
	return list
}

// fieldsOf lists the fields that a path is loaded from, or stored to.
func (ev *evidence) fieldsOf(path *fspath.Value) []string {
	list := slices.Clone(ev.kept[path])
	if path.Kind == fspath.Field {
		list = append(list, path.Owner+"."+path.Name)
	}
	return list
}

// refuses reports whether the method fails if the path is in state s.
func (e earlier) refuses(s fate.State) bool { return e.w.after(e.check, s).AllFail() }

// accepts reports whether the method may go on if the path is in state s.
func (e earlier) accepts(s fate.State) bool { return !e.refuses(s) }

// checkedElsewhere calls visit for each use of a path in a field by a function that does
// not check the path itself, and each check of that field by another function.
//
//	func (o *output) check() error { _, err := os.Lstat(o.path); return err }
//	func (o *output) write() error { return os.WriteFile(o.path, o.text, 0o644) } // use
//
// Not a function that looks at the path before it uses it:
//
//	func (o *output) write() error { os.Lstat(o.path); return os.WriteFile(o.path, o.text, 0o644) }
func (ev *evidence) checkedElsewhere(isUse func(*pathops.Op) bool, visit func(e earlier, f *pathops.Func, use *pathops.Op)) {
	checks := ev.earlierChecks()
	if len(checks) == 0 {
		return
	}
	for _, f := range ev.ops.Funcs {
		if ev.ops.InTest(f.Fn) {
			continue
		}
		for _, w := range ev.view(f).windows {
			if w.path.Kind != fspath.Field || slices.ContainsFunc(w.group, inspects) || w.special() {
				continue
			}
			for _, use := range w.group {
				if use.Deferred || use.Handle || !isUse(use) || use.Guarded {
					continue
				}
				for _, e := range checks[w.path.Owner+"."+w.path.Name] {
					if e.w.f != f {
						visit(e, f, use)
					}
				}
			}
		}
	}
}

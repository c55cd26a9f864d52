package race

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/fspath"
	"github.com/edcacfbd/toctou/internal/pathops"
)

// The reasons of foreignTree.
var (
	// os.MkdirAll(fmt.Sprintf("/proc/%d/root/etc/app", pid), 0o755)
	processRootChanged = Reason{"process-root-changed", "a path below the root of another process may contain a symbolic link, which is resolved in the program's own root", Report, high}
	// os.ReadFile(fmt.Sprintf("/proc/%d/root/etc/passwd", pid))
	processRootRead = Reason{"process-root-read", "a path below the root of another process may contain a symbolic link to a file in the program's own root", Strict, medium}
	// u, err := user.Lookup(name)
	// os.Chown(filepath.Join(u.HomeDir, ".app"), uid, gid)
	homeGivenAway = Reason{"home-given-away", "the owner of the home directory may have put a symbolic link there", Report, high}
	// os.MkdirAll(filepath.Join(u.HomeDir, ".app"), 0o700)
	homeChanged = Reason{"home-changed", "the owner of the home directory may have put a symbolic link there", Strict, medium}
	// os.WriteFile(filepath.Join(rootfs, "etc/resolv.conf"), data, 0o644) // in a program that mounts, or changes owners
	systemTreeChanged = Reason{"system-tree-changed", "the tree of another system may contain symbolic links, which are resolved in the program's own root", Strict, medium}
)

// foreignTree finds what a program does by name in a tree that another user, or
// another process, arranges as they like: the root of a process in a container, the
// home directory of a user whom the program looks up, the tree of another system.
//
//	target := filepath.Join(fmt.Sprintf("/proc/%d/root", pid), dir)
//	os.MkdirAll(target, 0o755) // dir -> /etc is the program's own /etc
//
// os.OpenRoot and its methods are right there.
func (w *window) foreignTree() []*Finding {
	where := w.foreign()
	if where == ownPlace {
		return nil
	}
	var found []*Finding
	for _, use := range w.group {
		if use.Handle || use.Deferred || keptBelow(use) || !followsLinks(use) {
			continue
		}
		if r := where.reason(use); r != (Reason{}) {
			found = append(found, &Finding{Kind: ResolveOpen, Use: use, Aspect: Foreign, Reason: r})
		}
	}
	return found
}

// place is the owner of the tree that a path is in.
type place uint8

const (
	ownPlace place = iota
	processRoot
	otherHome
	systemTree
)

// foreign returns the owner of the tree that the path of the window is in, if that is
// another user, process or system.
func (w *window) foreign() place {
	switch {
	case belowProcessRoot(w.path):
		return processRoot
	case w.belowOtherHome():
		return otherHome
	case w.ev.privileged && inSystemTree(w.path):
		return systemTree
	}
	return ownPlace
}

// reason returns the reason of an operation in a tree of another owner; the zero
// Reason if it is harmless.
func (p place) reason(use *pathops.Op) Reason {
	changes := !effect(fsapi.Open, fsapi.List, fsapi.Walk, fsapi.Exec, fsapi.Connect)(use)
	switch {
	case p == processRoot && changes:
		return processRootChanged
	case p == processRoot:
		return processRootRead
	case p == otherHome && effect(fsapi.SetOwner, fsapi.SetMode)(use) && !use.NoFollow:
		return homeGivenAway
	case p == otherHome && changes && FollowsLast(use):
		return homeChanged
	case p == systemTree && changes:
		return systemTreeChanged
	}
	return Reason{}
}

// mountsOrGives reports whether a package mounts something, or gives it to another
// user: a program that does so runs as root.
func mountsOrGives(ops *pathops.Result) bool {
	for _, f := range ops.Funcs {
		if slices.ContainsFunc(f.Ops, effect(fsapi.Mount, fsapi.SetOwner)) {
			return true
		}
	}
	return false
}

// rootOfProcess matches the pattern of a path below the root of another process.
var rootOfProcess = regexp.MustCompile(`^/proc/[^/]+/root/.`)

// belowProcessRoot reports whether a path lies below the root of another process:
// fmt.Sprintf("/proc/%d/root", pid), and a name. The program's own root, and that of
// the first process, do not belong to another owner.
func belowProcessRoot(v *fspath.Value) bool {
	first := v
	for first.Kind == fspath.Pure && len(first.Args) > 0 {
		first = first.Args[0]
	}
	if start, _ := first.Text(); !strings.HasPrefix(start, "/proc") {
		return false // most paths: to write each one down would take the square of its length
	}
	text := pattern(v)
	return rootOfProcess.MatchString(text) && !strings.HasPrefix(text, "/proc/self/") && !strings.HasPrefix(text, "/proc/1/")
}

// pattern writes a path with a * for each part that is not constant.
func pattern(v *fspath.Value) string {
	if text, ok := v.Text(); ok {
		return text
	}
	var parts []string
	for _, a := range v.Args {
		parts = append(parts, pattern(a))
	}
	switch {
	case len(v.Joined()) > 0:
		return path.Join(parts...)
	case v.Appended() != nil:
		return strings.Join(parts, "")
	case v.Kind == fspath.Pure && fsapi.Lookup(v.Name).Has(fsapi.Formats):
		return parts[0]
	}
	return "*"
}

// belowOtherHome reports whether a path lies in the home directory of a user whom
// the program has looked up by name or number.
func (w *window) belowOtherHome() bool {
	return !w.path.Walk(func(v *fspath.Value) bool {
		return v.Kind != fspath.Field || !w.ops.Numbers.LookedUp(v.Args[0])
	})
}

// systems are the directories that the tree of a whole system has, and a program's
// own directory has not.
var systems = []string{"etc", "dev", "proc", "sys", "root"}

// inSystemTree reports whether a path is one of a whole system below a directory
// that is not the root: filepath.Join(rootfs, "etc/resolv.conf").
func inSystemTree(v *fspath.Value) bool {
	parts := v.Joined()
	if len(parts) < 2 || parts[0].Kind == fspath.Const {
		return false
	}
	text, ok := parts[1].Text()
	if !ok {
		return false
	}
	first, rest, _ := strings.Cut(strings.TrimPrefix(path.Clean(text), "/"), "/")
	for _, dir := range systems {
		if first == dir {
			return rest != "" || len(parts) > 2
		}
	}
	return false
}

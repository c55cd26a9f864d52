// Package changes determines which lines of the source are new since a git revision.
package changes

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/bluekeyes/go-gitdiff/gitdiff"
)

// Lines are the lines of a work tree that are not in a revision.
type Lines struct {
	root  string             // of the work tree, its links resolved
	known map[string]bool    // the files of the revision, as seen from root
	files map[string]lineSet // those that have changed since; nil for one that is wholly new

	resolved map[string]string // names of files, their links resolved
}

// lineSet is a set of lines.
type lineSet map[int]bool

// Since returns the lines that the work tree around the directory dir has and
// the revision rev has not. What is staged counts as what is not, renamed files
// are followed, and a file that git does not track is new as a whole.
func Since(dir, rev string) (*Lines, error) {
	g, err := open(dir)
	if err != nil {
		return nil, err
	}
	commit, err := g.commit(rev)
	if err != nil {
		return nil, err
	}
	return g.lines(commit)
}

// SinceMergeBase is Since for the commit at which the work tree's branch has
// parted from the revision rev: what has been added to rev since is no change.
func SinceMergeBase(dir, rev string) (*Lines, error) {
	g, err := open(dir)
	if err != nil {
		return nil, err
	}
	commit, err := g.commit(rev)
	if err != nil {
		return nil, err
	}
	base, err := g.run("merge-base", commit, "HEAD")
	if err != nil {
		return nil, fmt.Errorf("%s and HEAD have no common commit (in a shallow clone, fetch more of the history)", rev)
	}
	return g.lines(strings.TrimSpace(string(base)))
}

// A repository runs git in a directory of a work tree.
type repository struct{ dir, root string }

func open(dir string) (*repository, error) {
	if _, err := exec.LookPath("git"); err != nil {
		return nil, errors.New("git is not installed")
	}
	g := &repository{dir: dir}
	out, err := g.run("rev-parse", "--show-toplevel")
	if err != nil {
		return nil, fmt.Errorf("%s is not in a git work tree: %w", dir, err)
	}
	g.root, err = filepath.EvalSymlinks(filepath.FromSlash(strings.TrimSuffix(string(out), "\n")))
	return g, err
}

// run runs git, and returns what it prints.
func (g *repository) run(args ...string) ([]byte, error) {
	// A run that only reads must not take the lock that a commit wants.
	cmd := exec.Command("git", append([]string{"--no-optional-locks"}, args...)...)
	cmd.Dir = g.dir
	cmd.Env = append(os.Environ(), "LC_ALL=C")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil && stderr.Len() > 0 {
		first, _, _ := strings.Cut(strings.TrimSpace(stderr.String()), "\n")
		return nil, errors.New(first)
	}
	return out, err
}

// commit returns the hash of a revision's commit.
func (g *repository) commit(rev string) (string, error) {
	out, err := g.run("rev-parse", "--verify", "--quiet", rev+"^{commit}")
	if err != nil || strings.HasPrefix(rev, "-") { // which git takes for an option
		return "", fmt.Errorf("unknown git revision %q (in a shallow clone, fetch it first)", rev)
	}
	return strings.TrimSpace(string(out)), nil
}

// lines compares the work tree with a commit. All that a user's configuration
// could change about the output is said here.
func (g *repository) lines(commit string) (*Lines, error) {
	l := &Lines{root: g.root, known: make(map[string]bool), resolved: make(map[string]string)}
	tree, err := g.run("ls-tree", "-r", "-z", "--name-only", "--full-tree", commit)
	if err != nil {
		return nil, err
	}
	for name := range strings.SplitSeq(string(tree), "\x00") {
		l.known[name] = true
	}
	diff, err := g.run("diff", "-M", "-l0", "--unified=0", "--inter-hunk-context=0", "--no-color", "--no-ext-diff", "--no-textconv",
		"--no-relative", "--ignore-submodules=all", "--src-prefix=a/", "--dst-prefix=b/", commit, "--")
	if err != nil {
		return nil, err
	}
	l.files, err = parse(diff)
	return l, err
}

// parse returns the lines that a diff adds, by file.
func parse(diff []byte) (map[string]lineSet, error) {
	patch, _, err := gitdiff.Parse(bytes.NewReader(diff))
	if err != nil {
		return nil, fmt.Errorf("cannot parse the output of git diff: %w", err)
	}
	files := make(map[string]lineSet)
	for _, f := range patch {
		switch {
		case f.IsDelete:
			// If it still exists, it was removed from git's index only.
			files[f.OldName] = nil
		case f.IsNew, f.IsBinary: // git prints no lines for a file that its attributes mark as binary
			files[f.NewName] = nil
		default:
			files[f.NewName] = added(f)
		}
	}
	return files, nil
}

// added returns the lines that the diff of a file adds: none, for a file that
// is just renamed, is not nil.
func added(f *gitdiff.File) lineSet {
	set := make(lineSet)
	for _, fragment := range f.TextFragments {
		at := int(fragment.NewPosition)
		for _, line := range fragment.Lines {
			if line.Op == gitdiff.OpAdd {
				set[at] = true
			}
			if line.New() {
				at++
			}
		}
	}
	return set
}

// Has reports whether one of the lines from first to last of a file is new.
func (l *Lines) Has(file string, first, last int) bool {
	name, ok := l.name(file)
	if !ok {
		return true // git has nothing to say about it
	}
	changed, ok := l.files[name]
	switch {
	case !ok:
		return !l.known[name]
	case changed == nil:
		return true
	}
	for line := first; line <= last; line++ {
		if changed[line] {
			return true
		}
	}
	return false
}

// name returns the name of a file as seen from the root of the work tree.
func (l *Lines) name(file string) (string, bool) {
	name, ok := l.resolved[file]
	if !ok {
		name = file
		if target, err := filepath.EvalSymlinks(file); err == nil {
			name = target
		}
		l.resolved[file] = name
	}
	rel, err := filepath.Rel(l.root, name)
	if err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return "", false
	}
	return filepath.ToSlash(rel), true
}

// Package witness runs the tests of packages, records what they do to files, makes in
// the window of a finding the change that the finding is about, and reports what
// happens.
//
//	record    each test binary, once, with a standard library that records
//	pair      for each finding, tests that run check and use on one path
//	repeat    such a test alone: with the change in the window, and before the check
//	judge     the two outcomes, by what the reason of the finding claims
//
// What a test may change are copies; see package launch.
package witness

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/edcacfbd/toctou/internal/finding"
	"github.com/edcacfbd/toctou/internal/witness/launch"
	"github.com/edcacfbd/toctou/internal/witness/overlay"
)

// ExecWord is the word by which this program is started for go test -exec.
const ExecWord = "witness-exec"

// A Request is what is to be witnessed.
type Request struct {
	Dir        string // of the run
	Patterns   []string
	Tags       string
	Findings   []*finding.Finding // each gets its Witness
	Tests      string             // -run of go test; empty for all
	Timeout    time.Duration      // of one run of a test binary
	RecordOnly bool               // run the tests once, and change nothing
	Whole      bool               // the tests of all packages, and not of those alone that have findings below
	Log        io.Writer          // what goes wrong, one line each
	Output     io.Writer          // what the tests print while they are recorded; nil for nowhere
}

// A Report is the outcome of the run, apart from the verdicts.
type Report struct {
	Notes    []string    // what the user has to know, one line each
	Packages int         // how many have tests that were run
	Tests    int         // how many of those were seen
	Cut      int         // in how many packages not all was recorded
	Recorded []*Recorded // by package
}

// Run witnesses the findings. If the context ends, that is the error. Otherwise it returns an error if no test could be run; if that is
// because of the tests, then the findings have verdicts that name the reason, and there is a report.
func Run(ctx context.Context, req *Request) (*Report, error) {
	report, err := run(ctx, req)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return report, err
}

func run(ctx context.Context, req *Request) (*Report, error) {
	if err := launch.Supported(); err != nil {
		return nil, err
	}
	w := &work{Request: req, report: new(Report)}
	if err := launch.Confines(); err != nil {
		w.report.Notes = append(w.report.Notes, fmt.Sprintf("%v: the tests were only recorded, in copies", err))
	}
	if err := w.prepare(ctx); err != nil {
		return nil, err
	}
	defer w.clean()
	if w.standard {
		w.report.Notes = append(w.report.Notes, "tests of the standard library are not run: it is what records")
	}
	if len(w.packages) == 0 {
		for _, f := range req.Findings {
			f.Witness = &finding.Witness{Verdict: finding.NotExercised, Text: "no package that runs it has tests"}
		}
		return w.report, nil
	}
	ran := w.record(ctx)
	if ran != nil && !errors.Is(ran, errNoTest) {
		return nil, ran
	}
	for _, f := range req.Findings {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		f.Witness = w.witness(ctx, f)
	}
	return w.report, ran
}

// work is one run.
type work struct {
	*Request
	report    *Report
	toolchain *overlay.Toolchain
	overlay   string // the file for go test -overlay
	self      string // this program
	session   *launch.Session
	packages  []*Package
	copies    []*moduleCopy
	modcache  string
	runs      int  // how many reruns there were
	standard  bool // some of the packages are of the standard library, and left out
}

// A moduleCopy is a private copy of a directory.
type moduleCopy struct {
	from, to string
	stamp    launch.Stamp
}

// prepare finds the packages, makes the copies, and the overlay.
func (w *work) prepare(ctx context.Context) error {
	cache, err := os.UserCacheDir()
	if err != nil {
		return err
	}
	cache = filepath.Join(cache, "toctou", "witness")
	if w.toolchain, err = overlay.Find(w.Dir, cache); err != nil {
		return err
	}
	if w.self, err = os.Executable(); err != nil {
		return err
	}
	if err := w.list(ctx); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "toctou-witness-")
	if err != nil {
		return err
	}
	if dir, err = filepath.EvalSymlinks(dir); err != nil {
		return err
	}
	w.session = &launch.Session{Dir: dir, Packages: make(map[string]string), Timeout: w.Timeout}
	if err := w.prepareSession(cache); err != nil {
		w.clean()
		return err
	}
	return nil
}

func (w *work) prepareSession(cache string) error {
	s := w.session
	for _, sub := range []string{"bin", "cache", "r", "m", goTemporaries} {
		if err := os.Mkdir(filepath.Join(s.Dir, sub), 0o700); err != nil {
			return err
		}
	}
	// What a test builds goes into a cache of its own. The modules that it needs are
	// the user's, to be read.
	s.Env = []string{"GOCACHE=" + filepath.Join(s.Dir, "cache"), "GOMODCACHE=" + w.modcache, "GOENV=off"}
	for _, p := range w.packages {
		root := p.root()
		c := w.copyOf(root)
		if c == nil {
			c = &moduleCopy{from: root, to: filepath.Join(s.Dir, "m", fmt.Sprint(len(w.copies)), filepath.Base(root))}
			w.copies = append(w.copies, c)
			s.Copies = append(s.Copies, c.to)
			if err := c.renew(); err != nil {
				return err
			}
		}
		rel, err := filepath.Rel(root, p.Dir)
		if err != nil {
			return err
		}
		s.Packages[p.Dir] = filepath.Join(c.to, rel)
	}
	more, err := overlay.OfFlags(w.toolchain, w.Dir)
	if err != nil {
		return err
	}
	if more, err = w.returns(more); err != nil {
		return err
	}
	if w.overlay, err = overlay.Write(w.toolchain, cache, more, s.Dir); err != nil {
		return err
	}
	return s.Save()
}

// goTemporaries is where the go command has its temporaries: it leaves them if it is
// interrupted.
const goTemporaries = "go"

// returns adds to the replacements the files with findings, in which functions record
// the errors that they return.
func (w *work) returns(more map[string]string) (map[string]string, error) {
	offsets := make(map[string][]int)
	for _, f := range w.Findings {
		if w.standard && strings.HasPrefix(f.Use.Path, filepath.Join(w.toolchain.Root, "src")+string(filepath.Separator)) {
			continue
		}
		offsets[f.Use.Path] = append(offsets[f.Use.Path], f.Use.Start.Offset)
	}
	if more == nil {
		more = make(map[string]string)
	}
	made := 0
	for file, list := range offsets {
		from := file
		if by := more[file]; by != "" {
			from = by
		}
		src, err := os.ReadFile(from)
		if err != nil {
			continue // made by cgo, for example
		}
		text, err := overlay.Returns(file, src, list)
		if err != nil || text == nil {
			continue // the go command reports what is wrong
		}
		target := filepath.Join(w.session.Dir, fmt.Sprintf("returns-%d.go", made))
		made++
		if err := os.WriteFile(target, text, 0o600); err != nil {
			return nil, err
		}
		more[file] = target
	}
	return more, nil
}

func (w *work) copyOf(root string) *moduleCopy {
	for _, c := range w.copies {
		if c.from == root {
			return c
		}
	}
	return nil
}

// renew makes the copy again, unless nothing in it has changed.
func (c *moduleCopy) renew() error {
	if c.stamp != nil {
		if now, err := launch.StampOf(c.to); err == nil && now.Equal(c.stamp) {
			return nil
		}
		if err := removeAll(c.to); err != nil {
			return err
		}
	}
	if err := launch.CopyTree(c.from, c.to); err != nil {
		return fmt.Errorf("copying %s: %w", c.from, err)
	}
	var err error
	c.stamp, err = launch.StampOf(c.to)
	return err
}

// clean removes the private directory.
func (w *work) clean() {
	if w.session == nil {
		return
	}
	// If the run was interrupted, the last of a test binary may still be at work.
	for until := time.Now().Add(2 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		err := removeAll(w.session.Dir)
		if err == nil {
			return
		}
		if time.Now().After(until) {
			fmt.Fprintf(w.Log, "toctou witness: %v\n", err)
			return
		}
	}
}

// removeAll removes a tree, directories included that their owner may not write to.
func removeAll(dir string) error {
	err := os.RemoveAll(dir)
	if err == nil {
		return nil
	}
	root, open := os.OpenRoot(dir)
	if open != nil {
		return err
	}
	defer root.Close()
	_ = fs.WalkDir(root.FS(), ".", func(name string, entry fs.DirEntry, _ error) error {
		if entry != nil && entry.IsDir() {
			_ = root.Chmod(name, 0o700)
		}
		return nil
	})
	return os.RemoveAll(dir)
}

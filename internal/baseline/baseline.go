// Package baseline keeps a list of findings that a team has decided to live
// with for now, so that only new ones are reported.
//
// What is in the list is known again by its fingerprint, however its lines
// have moved. The list counts: one more of what is in it is new.
package baseline

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/edcacfbd/toctou/internal/finding"
	"github.com/edcacfbd/toctou/internal/fingerprint"
)

// Version is that of the file's form.
const Version = 1

// List is the content of a baseline file.
type List struct {
	Version      int      `json:"version"`
	Fingerprints int      `json:"fingerprints"`   // the version of these
	With         []string `json:"with,omitempty"` // flags of the run that add findings, sorted
	Findings     []Entry  `json:"findings"`
}

// Entry is one or several equal findings. The fields with their place are for people,
// and distinguish findings with the same fingerprint.
type Entry struct {
	File        string `json:"file"` // with slashes, as seen from the folder of the baseline
	Package     string `json:"package"`
	Function    string `json:"function,omitempty"`
	Rule        string `json:"rule"`
	Check       string `json:"check,omitempty"`
	Use         string `json:"use,omitempty"`
	Fingerprint string `json:"fingerprint"`
	Count       int    `json:"count"`
}

// maxCount bounds counts, which people edit, so that sums of them do not overflow.
const maxCount = 1 << 20

// ErrFingerprints says that a list was recorded by a version of the program
// whose fingerprints mean something else.
var ErrFingerprints = errors.New("it was recorded by a version of toctou that identifies findings differently; record it again with -write-baseline")

// Parse reads a baseline.
func Parse(data []byte) (*List, error) {
	var head struct {
		Version      *int `json:"version"`
		Fingerprints int  `json:"fingerprints"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return nil, fmt.Errorf("not a baseline: %w", err)
	}
	switch {
	case head.Version == nil:
		return nil, errors.New("not a baseline: it has no version")
	case *head.Version != Version:
		return nil, fmt.Errorf("baseline version %d is not supported; this toctou supports version %d", *head.Version, Version)
	case head.Fingerprints != fingerprint.Version:
		return nil, ErrFingerprints
	}
	l := new(List)
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(l); err != nil {
		return nil, fmt.Errorf("not a baseline: %w", err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, errors.New("not a baseline: there is data after its end")
	}
	for _, e := range l.Findings {
		if e.Count < 1 || e.Count > maxCount || e.Fingerprint == "" || e.File == "" {
			return nil, fmt.Errorf("not a baseline: malformed entry of %s in %q", e.Rule, e.File)
		}
	}
	return l, nil
}

// Format writes a baseline, always in the same way, so that changes of it are
// easy to review.
func (l *List) Format() []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	enc.Encode(l) //nolint:errcheck // nothing in it can fail
	return b.Bytes()
}

// New returns the list of the findings, for a file in the directory dir. with lists the
// flags of the run that add findings.
func New(dir string, findings []*finding.Finding, with []string) *List {
	l := &List{Version: Version, Fingerprints: fingerprint.Version, With: slices.Sorted(slices.Values(with)), Findings: []Entry{}}
	for _, f := range findings {
		l.Findings = append(l.Findings, newEntry(dir, f))
	}
	l.normalize()
	return l
}

// normalize sorts the entries, and merges equal ones.
func (l *List) normalize() {
	slices.SortStableFunc(l.Findings, Entry.compare)
	joined := l.Findings[:0]
	for _, e := range l.Findings {
		if last := len(joined) - 1; last >= 0 && joined[last].compare(e) == 0 {
			joined[last].Count = min(joined[last].Count+e.Count, maxCount)
			continue
		}
		joined = append(joined, e)
	}
	l.Findings = joined
}

func (e Entry) compare(o Entry) int {
	return cmp.Or(
		cmp.Compare(e.File, o.File),
		cmp.Compare(e.Package, o.Package),
		cmp.Compare(e.Function, o.Function),
		cmp.Compare(e.Rule, o.Rule),
		cmp.Compare(e.Check, o.Check),
		cmp.Compare(e.Use, o.Use),
		cmp.Compare(e.Fingerprint, o.Fingerprint),
	)
}

func newEntry(dir string, f *finding.Finding) Entry {
	e := Entry{
		File:        within(dir, f.Use.Path),
		Package:     packageOf(f),
		Function:    f.Function,
		Rule:        f.Rule,
		Use:         f.Use.Expr,
		Fingerprint: fingerprint.Of(f),
		Count:       1,
	}
	if f.Check != nil {
		e.Check = f.Check.Expr
	}
	return e
}

// packageOf returns the package of a finding; its variant for a test is the
// same.
func packageOf(f *finding.Finding) string {
	pkg, _, _ := strings.Cut(f.Package, " ")
	return pkg
}

func within(dir, file string) string {
	if rel, err := filepath.Rel(dir, file); err == nil {
		file = rel
	}
	return filepath.ToSlash(file)
}

// A Match is what a list and the findings of a run have in common.
type Match struct {
	Known []bool  // by finding, whether the list has it
	Left  []Entry // what of the list was not found
}

// Match looks up findings in the list, for a baseline file in the directory dir. An
// entry matches findings in its own file first; then those elsewhere in its package,
// because functions move between files; and, if its file is gone, those anywhere,
// because files are renamed. Where there are more
// findings than entries, those are taken first for which old says so.
func (l *List) Match(dir string, findings []*finding.Finding, old func(*finding.Finding) bool, gone func(file string) bool) *Match {
	m := &Match{Known: make([]bool, len(findings))}
	entries := slices.Clone(l.Findings)
	byPrint := make(map[string][]*Entry)
	for i := range entries {
		e := &entries[i]
		byPrint[e.Fingerprint] = append(byPrint[e.Fingerprint], e)
	}
	stages := []func(e *Entry, f Entry) bool{
		func(e *Entry, f Entry) bool { return e.File == f.File },
		func(e *Entry, f Entry) bool { return e.Package == f.Package },
		func(e *Entry, _ Entry) bool { return gone(filepath.Join(dir, filepath.FromSlash(e.File))) },
	}
	for _, same := range stages {
		for _, onlyOld := range []bool{true, false} {
			for i, f := range findings {
				if m.Known[i] || onlyOld && !old(f) {
					continue
				}
				found := newEntry(dir, f)
				for _, e := range byPrint[found.Fingerprint] {
					if e.Count > 0 && same(e, found) {
						e.Count--
						m.Known[i] = true
						break
					}
				}
			}
		}
	}
	for _, e := range entries {
		if e.Count > 0 {
			m.Left = append(m.Left, e)
		}
	}
	return m
}

// Without returns the list less the entries, as counted.
func (l *List) Without(entries []Entry) *List {
	less := *l
	less.Findings = slices.Clone(l.Findings)
	for _, e := range entries {
		for i := range less.Findings {
			if less.Findings[i].compare(e) == 0 {
				n := min(e.Count, less.Findings[i].Count)
				less.Findings[i].Count -= n
				e.Count -= n
			}
		}
	}
	less.Findings = slices.DeleteFunc(less.Findings, func(e Entry) bool { return e.Count == 0 })
	return &less
}

// And returns the list with the entries added, and the flags of the run that found them.
func (l *List) And(entries []Entry, with []string) *List {
	more := *l
	more.Findings = slices.Concat(l.Findings, entries)
	more.With = slices.Compact(slices.Sorted(slices.Values(slices.Concat(l.With, with))))
	more.normalize()
	return &more
}

// Count returns the number of findings that the entries represent.
func Count(entries []Entry) int {
	n := 0
	for _, e := range entries {
		n += e.Count
	}
	return n
}

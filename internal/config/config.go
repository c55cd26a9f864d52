// Package config reads the settings file, .toctou.yml: what a team decides for
// all runs on its code, and what it knows of its own functions.
package config

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/settings"
	"github.com/edcacfbd/toctou/internal/severity"
)

// Settings is what a settings file says. What it leaves out is nil or empty.
type Settings struct {
	File string // the name of the file

	Strict    *bool
	Severity  *severity.Level
	Tests     *bool
	Generated *bool
	Facts     *bool
	Helper    *string
	Passes    map[string]Choice
	Paths     []PathChoices // the last one that matches a file counts
	Exclude   []string      // patterns of files and folders, relative to the folder of File
	Functions []Row
}

// Choice is what a settings file says about one pass.
type Choice = settings.Choice

// The choices.
const (
	On     = settings.On
	Off    = settings.Off
	Strict = settings.Strict
)

// PathChoices are the choices for some files.
type PathChoices struct {
	Pattern string // of files and folders, relative to the folder of the settings file
	Passes  map[string]Choice
}

// Apply sets in to what s says, except for what the command line has said: the
// flags of the names for which given is true.
func (s *Settings) Apply(to *settings.Settings, given map[string]bool) error {
	for _, b := range []struct {
		flag     string
		from     *bool
		to       *bool
		opposite bool
	}{
		{"strict", s.Strict, &to.Strict, false},
		{"test", s.Tests, &to.Tests, false},
		{"generated", s.Generated, &to.Generated, false},
		{"facts", s.Facts, &to.NoFacts, true},
	} {
		if b.from != nil && !given[b.flag] {
			*b.to = *b.from != b.opposite
		}
	}
	if s.Severity != nil && !given["severity"] {
		to.Severity = *s.Severity
	}
	if s.Helper != nil && !given["helper"] {
		if err := to.SetHelper(*s.Helper); err != nil {
			return err
		}
	}
	if len(s.Exclude) > 0 {
		to.Exclude = s.excludes
	}
	if len(s.Paths) > 0 {
		to.ChoiceIn = s.choiceIn
	}
	table, err := Table(s.Functions)
	if err != nil {
		return err
	}
	to.Table = table
	return nil
}

// excludes reports whether a file is left out: whether one of the patterns
// matches it, or a folder that it lies in.
func (s *Settings) excludes(file string) bool {
	return slices.ContainsFunc(s.Exclude, func(pattern string) bool { return s.matches(pattern, file) })
}

// choiceIn returns what is said about a pass in a file: what the last of the patterns
// says that match it and name the pass.
func (s *Settings) choiceIn(file, pass string) Choice {
	for _, p := range slices.Backward(s.Paths) {
		if c := p.Passes[pass]; c != "" && s.matches(p.Pattern, file) {
			return c
		}
	}
	return ""
}

// matches reports whether a pattern matches a file, or a folder that it lies in.
func (s *Settings) matches(pattern, file string) bool {
	rel, err := filepath.Rel(filepath.Dir(s.File), file)
	if err != nil {
		return false
	}
	rel = filepath.ToSlash(rel)
	if rel == ".." || strings.HasPrefix(rel, "../") {
		return false
	}
	for ; rel != "."; rel = filepath.ToSlash(filepath.Dir(rel)) {
		if doublestar.MatchUnvalidated(pattern, rel) {
			return true
		}
	}
	return false
}

// Table returns the table of functions with the rows added.
func Table(rows []Row) (*fsapi.Table, error) {
	var funcs []fsapi.Func
	for _, r := range rows {
		f, err := r.compile()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", r.Func, err)
		}
		funcs = append(funcs, f)
	}
	return fsapi.With(funcs), nil
}

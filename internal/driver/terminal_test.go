package driver

import (
	"context"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestWantsColor(t *testing.T) {
	tests := []struct {
		env      string
		terminal bool
		want     bool
	}{
		{"", true, true},
		{"", false, false},
		{"NO_COLOR=1", true, false},
		{"NO_COLOR=", true, true},
		{"NO_COLOR=0", true, false}, // whatever its value, says no-color.org
		{"FORCE_COLOR=1", false, true},
		{"FORCE_COLOR=0", true, true},
		{"CLICOLOR_FORCE=1", false, true},
		{"CLICOLOR_FORCE=0", false, false},
		{"CLICOLOR=0", true, false},
		{"CLICOLOR=1", false, false},
		{"TERM=dumb", true, false},
		{"TERM=dumb FORCE_COLOR=1", true, true},
		{"NO_COLOR=1 FORCE_COLOR=1", true, false},
	}
	for _, test := range tests {
		if got := wantsColor(test.terminal, environment(test.env)); got != test.want {
			t.Errorf("%q, terminal %v: colour = %v", test.env, test.terminal, got)
		}
	}
}

func TestLook(t *testing.T) {
	tests := []struct {
		choice colorChoice
		env    string
		color  bool
		plain  bool
		width  int
	}{
		{colorAuto, "LANG=de_DE.UTF-8", false, false, 80},
		{colorAlways, "LANG=C NO_COLOR=1", true, true, 80},
		{colorNever, "FORCE_COLOR=1 LC_ALL=C.utf8 LANG=C COLUMNS=120", false, false, 120},
		{colorAuto, "LC_ALL=C LANG=C.UTF-8 COLUMNS=wide", false, true, 80},
		{colorAuto, "COLUMNS=0", false, true, 80},
	}
	for _, test := range tests {
		l := look(test.choice, nil, environment(test.env))
		if l.Color != test.color || l.Plain != (test.plain && runtime.GOOS != "windows") || l.Width != test.width {
			t.Errorf("-color=%s, %q: %+v", test.choice, test.env, l)
		}
	}
}

// environment returns the getter of the variables in a list.
func environment(list string) func(string) string {
	return func(name string) string {
		for variable := range strings.FieldsSeq(list) {
			if value, ok := strings.CutPrefix(variable, name+"="); ok {
				return value
			}
		}
		return ""
	}
}

// A screen is a terminal that remembers.
type screen struct {
	sync.Mutex
	text strings.Builder
}

func (s *screen) Write(data []byte) (int, error) {
	s.Lock()
	defer s.Unlock()
	return s.text.Write(data)
}

func (s *screen) String() string {
	s.Lock()
	defer s.Unlock()
	return s.text.String()
}

// awaits waits until the screen has shown something.
func (s *screen) awaits(t *testing.T, what string) {
	t.Helper()
	for range 1000 {
		if strings.Contains(s.String(), what) {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Fatalf("the terminal never shows %q, but %q", what, s.String())
}

func TestProgress(t *testing.T) {
	var done atomic.Int64
	s := new(screen)
	listing := make(chan struct{})
	p := startProgress(s, time.Millisecond, time.Millisecond, done.Load, func(context.Context) bool {
		<-listing
		return true
	})
	s.awaits(t, "\rtoctou: the go command is listing packages")
	close(listing)
	s.awaits(t, "\rtoctou: the go command is compiling dependencies")
	p.found(7)
	done.Store(3)
	s.awaits(t, "\rtoctou: analyzing: 3 of 7 packages")
	p.end()
	if !strings.HasSuffix(s.String(), "\r\x1b[K") {
		t.Errorf("something is left: %q", s.String())
	}
}

// TestNotice checks that a run without a terminal prints one line while the go command
// compiles, and none if the packages are listed by then or cannot be listed.
func TestNotice(t *testing.T) {
	for name, test := range map[string]struct {
		packages int // that are found before the go command answers
		listed   bool
		want     string
	}{
		"compiling": {0, true, compilingNow + "\n"},
		"found":     {7, true, ""},
		"no list":   {0, false, ""},
	} {
		s := new(screen)
		started, answered := make(chan struct{}), make(chan struct{})
		var p *progress
		p = startNotice(s, time.Millisecond, func(context.Context) bool {
			<-started
			p.found(test.packages)
			close(answered)
			return test.listed
		})
		close(started)
		<-answered
		if test.want != "" {
			s.awaits(t, test.want)
		}
		p.end()
		if got := s.String(); got != test.want {
			t.Errorf("%s: printed %q, want %q", name, got, test.want)
		}
	}
}

// TestShortRun checks that a short run prints nothing.
func TestShortRun(t *testing.T) {
	s := new(screen)
	p := startProgress(s, time.Hour, time.Millisecond, func() int64 { return 0 }, nil)
	p.end()
	startNotice(s, time.Hour, nil).end()
	if s.String() != "" {
		t.Errorf("printed %q", s.String())
	}
	var none *progress // of a program that reads the output
	none.found(1)
	none.end()
}

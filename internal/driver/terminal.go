package driver

import (
	"errors"
	"os"
	"runtime"
	"strconv"
	"strings"

	"golang.org/x/term"

	"github.com/edcacfbd/toctou/internal/output"
)

// defaultWidth is that of a terminal which does not report its width.
const defaultWidth = 80

// look decides how the report is shown to people. file is what it is written
// to, nil if that is none that could be a terminal.
func look(choice colorChoice, file *os.File, getenv func(string) string) output.Look {
	l := output.Look{Width: defaultWidth, Plain: !drawsBoxes(getenv)}
	terminal := isTerminal(file)
	if columns, err := strconv.Atoi(getenv("COLUMNS")); err == nil && columns > 0 {
		l.Width = columns
	} else if terminal {
		if columns, _, err := term.GetSize(int(file.Fd())); err == nil && columns > 0 {
			l.Width = columns
		}
	}
	switch choice {
	case colorAlways:
		l.Color = true
	case colorAuto:
		l.Color = wantsColor(terminal, getenv)
	}
	if l.Color && terminal {
		l.Color = enableColor(file) || choice == colorAlways
	}
	return l
}

// wantsColor reports whether the output has colors, according to the common environment
// variables: no-color.org, bixense.com/clicolors, force-color.org.
func wantsColor(terminal bool, getenv func(string) string) bool {
	set := func(name string) bool { v := getenv(name); return v != "" && v != "0" }
	switch {
	case getenv("NO_COLOR") != "":
		return false
	case set("FORCE_COLOR") || set("CLICOLOR_FORCE"):
		return true
	case getenv("CLICOLOR") == "0" || getenv("TERM") == "dumb":
		return false
	}
	return terminal
}

// drawsBoxes reports whether box-drawing characters arrive as such: whether
// the locale, if one is set, has an encoding of Unicode.
func drawsBoxes(getenv func(string) string) bool {
	if runtime.GOOS == "windows" {
		return true
	}
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if v := strings.ToLower(getenv(name)); v != "" {
			return strings.Contains(v, "utf-8") || strings.Contains(v, "utf8")
		}
	}
	return false
}

// isTerminal reports whether the file is a terminal.
func isTerminal(file *os.File) bool { return file != nil && term.IsTerminal(int(file.Fd())) }

// colorChoice is the flag -color.
type colorChoice string

const (
	colorAuto   colorChoice = "auto"
	colorAlways colorChoice = "always"
	colorNever  colorChoice = "never"
)

// String implements flag.Value.
func (c *colorChoice) String() string { return string(*c) }

// Set implements flag.Value.
func (c *colorChoice) Set(s string) error {
	switch choice := colorChoice(s); choice {
	case colorAuto, colorAlways, colorNever:
		*c = choice
		return nil
	}
	return errors.New("want auto, always or never")
}

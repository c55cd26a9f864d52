// Package handed has names that functions hand to each other, and to packages
// that open them.
package handed

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/chzyer/readline"
)

var dirs []string

func chooseDirs(chosen string) {
	if chosen != "" {
		dirs = append(dirs, chosen)
	}
	dirs = append(dirs, os.TempDir())
}

func open(tag string, at time.Time) (*os.File, error) {
	var last error
	for _, dir := range dirs {
		f, err := openIn(dir, tag, at)
		if err == nil {
			return f, nil
		}
		last = err
	}
	return nil, last
}

func name(tag string, at time.Time) string {
	return fmt.Sprintf("app.%s.%04d%02d%02d.%d", tag, at.Year(), at.Month(), at.Day(), os.Getpid())
}

func openIn(dir, tag string, at time.Time) (*os.File, error) {
	return os.Create(filepath.Join(dir, name(tag, at))) // want `os.Create uses a name in the shared temporary directory that other users may be able to predict: .* truncates`
}

// All callers have a directory of their own.
func openOwn(tag string, at time.Time) (*os.File, error) {
	dir, err := os.MkdirTemp("", "app-*")
	if err != nil {
		return nil, err
	}
	return openPrivately(dir, tag, at)
}

func openPrivately(dir, tag string, at time.Time) (*os.File, error) {
	return os.Create(filepath.Join(dir, name(tag, at))) // nope: a private directory
}

func prompt() (*readline.Instance, error) {
	history := "/tmp/app.history"
	if runtime.GOOS == "windows" {
		history = filepath.Join(os.Getenv("TEMP"), "app.history")
	}
	return readline.NewEx(&readline.Config{ // want `readline.NewEx uses a name in the shared temporary directory that other users can predict: .* writes to`
		Prompt:      "> ",
		HistoryFile: history,
	})
}

func promptAtHome() (*readline.Instance, error) {
	home, err := os.UserHomeDir()
	if err != nil {
		return nil, err
	}
	return readline.NewEx(&readline.Config{HistoryFile: filepath.Join(home, ".app_history")}) // nope: the user's own
}

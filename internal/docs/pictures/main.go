// Pictures draws what toctou prints on a terminal, for the documentation, into
// docs/pictures:
//
//	go run ./internal/docs/pictures
//
// A test fails when the pictures are not what it would draw.
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"

	"github.com/edcacfbd/toctou/internal/witness/launch"
)

// shown are the specimens in the pictures.
var shown = []string{"./testdata/demo/config", "./testdata/demo/hostkey", "./testdata/demo/paths"}

func main() {
	if err := write("."); err != nil {
		fmt.Fprintln(os.Stderr, "pictures:", err)
		os.Exit(1)
	}
}

// write draws the pictures in the repository with that root.
func write(root string) error {
	all, err := pictures(root)
	if err != nil {
		return err
	}
	for name, text := range all {
		if err := os.WriteFile(filepath.Join(root, "docs", "pictures", name), text, 0o666); err != nil {
			return err
		}
	}
	return nil
}

// pictures returns the pictures by file name.
func pictures(root string) (map[string][]byte, error) {
	dir, err := os.MkdirTemp("", "pictures")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	tool := filepath.Join(dir, "toctou")
	build := exec.Command("go", "build", "-o", tool, "./cmd/toctou")
	build.Dir, build.Stderr = root, os.Stderr
	if err := build.Run(); err != nil {
		return nil, fmt.Errorf("go build: %w", err)
	}
	all := make(map[string][]byte)
	for _, columns := range []int{80, 120} {
		for _, look := range []struct {
			name, color string
			theme       theme
		}{{"dark", "always", dark}, {"light", "always", light}, {"plain", "never", light}} {
			text, err := printed(root, tool, look.color, columns)
			if err != nil {
				return nil, err
			}
			all[fmt.Sprintf("terminal-%d-%s.svg", columns, look.name)] = draw(text, columns, look.theme)
		}
	}
	if err := witness(root, tool, all); err != nil {
		return nil, err
	}
	return all, nil
}

// witnessed are the specimens whose tests are shown.
var witnessed = []string{"./testdata/demo/config"}

// witness adds the pictures of what toctou witness prints. Where tests cannot be
// witnessed, they are those in the repository.
func witness(root, tool string, all map[string][]byte) error {
	if launch.Confines() != nil {
		for _, name := range []string{"witness-80-dark.svg", "witness-80-light.svg"} {
			text, err := os.ReadFile(filepath.Join(root, "docs", "pictures", name))
			if err != nil {
				return err
			}
			all[name] = text
		}
		return nil
	}
	text, err := run(root, tool, 80, append([]string{"witness", "-format=pretty", "-color=always"}, witnessed...))
	if err != nil {
		return err
	}
	all["witness-80-dark.svg"], all["witness-80-light.svg"] = draw(text, 80, dark), draw(text, 80, light)
	return nil
}

// printed returns what toctou prints of the specimens on a terminal of that
// many columns.
func printed(root, tool, color string, columns int) (string, error) {
	return run(root, tool, columns, append([]string{"-format=pretty", "-color=" + color}, shown...))
}

// run returns what toctou prints to standard output.
func run(root, tool string, columns int, args []string) (string, error) {
	cmd := exec.Command(tool, args...)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "COLUMNS="+strconv.Itoa(columns), "LC_ALL=C.UTF-8")
	out, err := cmd.Output()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 1 {
		return "", fmt.Errorf("toctou finds nothing in the specimens: %w", err)
	}
	return string(out), nil
}

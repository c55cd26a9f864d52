package main

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
)

// A contender is one way to run a tool.
type contender struct {
	name  string
	floor string // the name of the contender that it is compared with
	exits []int  // the statuses with which it may exit, other than 0

	// command returns the program and its arguments. It is called before each
	// run, and may make sure that a cache does not help.
	command func() ([]string, error)
	env     []string // more environment variables

	runs []measurement
}

// fileRules are gosec's rules about files.
const fileRules = "G122,G301,G302,G303,G304,G305,G306,G307"

// contenders lists the contenders, each after the one that it is compared with.
func (b *bench) contenders() []*contender {
	list := []*contender{
		b.vet("go vet, no-op tool with facts, cold", "", "vetfloor", true),
		b.vet("go vet, toctou, cold", "go vet, no-op tool with facts, cold", "toctou", true),
		b.vet("go vet, no-op tool with facts, warm", "", "vetfloor", false),
		b.vet("go vet, toctou, warm", "go vet, no-op tool with facts, warm", "toctou", false),
		b.program("load and type-check", "", filepath.Join(b.tmp, "loadfloor")),
		b.program("toctou", "load and type-check", filepath.Join(b.tmp, "toctou")),
	}
	if gosec, err := exec.LookPath("gosec"); err == nil {
		list = append(list, b.program("gosec, file rules", "toctou", gosec, "-quiet", "-include="+fileRules))
	}
	if staticcheck, err := exec.LookPath("staticcheck"); err == nil {
		cold := b.program("staticcheck, cold", "toctou", staticcheck)
		cache := filepath.Join(b.tmp, "staticcheck-cache")
		plain := cold.command
		cold.command = func() ([]string, error) {
			if err := os.RemoveAll(cache); err != nil {
				return nil, err
			}
			return plain()
		}
		cold.env = []string{"STATICCHECK_CACHE=" + cache}
		warm := b.program("staticcheck, warm", "toctou", staticcheck)
		warm.env = cold.env
		list = append(list, cold, warm)
	}
	return list
}

// program is a program that takes package patterns. Tools say by status 1 that
// they found something, and toctou by 2 that not all packages load.
func (b *bench) program(name, floor, path string, args ...string) *contender {
	return &contender{name: name, floor: floor, exits: []int{1, 2}, command: func() ([]string, error) {
		return slices.Concat([]string{path}, args, b.patterns), nil
	}}
}

// vet is go vet with one of our tools. For a cold run the tool is a copy that
// differs at its end: the go command takes it for another tool, of which
// it has no results, though it has all that the compiler made. A warm run uses
// the copy of the cold run before, if there was one. The floor finds nothing: if it
// fails, not all packages load, and nothing was measured.
func (b *bench) vet(name, floor, tool string, cold bool) *contender {
	copied := filepath.Join(b.tmp, tool+"-copy")
	var exits []int
	if floor != "" {
		exits = []int{1, 2}
	}
	return &contender{name: name, floor: floor, exits: exits, command: func() ([]string, error) {
		if cold || !b.copied[tool] {
			if err := anotherCopy(filepath.Join(b.tmp, tool), copied); err != nil {
				return nil, err
			}
			b.copied[tool] = true
		}
		return slices.Concat([]string{"go", "vet", "-vettool=" + copied}, b.patterns), nil
	}}
}

// anotherCopy copies a program so that no two copies count as the same tool: tools
// identify themselves by their content, or by the build ID in it. It does not read the
// whole program into memory: a child's peak memory begins with that of this process.
func anotherCopy(from, to string) error {
	id, err := exec.Command("go", "tool", "buildid", from).Output()
	if err != nil {
		return err
	}
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o700)
	if err != nil {
		return err
	}
	defer out.Close()
	if _, err := io.Copy(out, in); err != nil {
		return err
	}
	start := make([]byte, 64<<10) // a build ID is near the start
	if _, err := out.ReadAt(start, 0); err != nil {
		return err
	}
	at := bytes.Index(start, bytes.TrimSpace(id))
	if at < 0 {
		return fmt.Errorf("%s: the build ID is not where it is expected", from)
	}
	if _, err := out.WriteAt([]byte(rand.Text()[:10]), int64(at)); err != nil {
		return err
	}
	return out.Close()
}

// without drops the contenders whose names match, and those that are compared with
// them.
func without(list []*contender, skip *regexp.Regexp) []*contender {
	dropped := make(map[string]bool)
	return slices.DeleteFunc(list, func(c *contender) bool {
		dropped[c.name] = dropped[c.floor] || skip.MatchString(c.name)
		return dropped[c.name]
	})
}

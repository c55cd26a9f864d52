package driver

import (
	"bytes"
	"cmp"
	"context"
	"os/exec"
	"slices"
	"strings"
)

// startEmptyPatterns starts to determine which of the patterns match no package, and
// sends those in the end. The go command only warns about them, and the warning is lost
// if another pattern matches something: a run with a misspelled pattern would then look
// like one without findings. It runs in parallel with the load, and only if there are
// several patterns: one pattern that matches nothing leaves no packages.
func startEmptyPatterns(dir, tags string, patterns []string) <-chan []string {
	empty := make(chan []string, 1)
	wild := func(pattern string) bool { return strings.Contains(pattern, "...") }
	if len(patterns) == 1 || !slices.ContainsFunc(patterns, wild) {
		empty <- nil
		return empty
	}
	go func() {
		empty <- emptyPatterns(dir, tags, slices.DeleteFunc(slices.Clone(patterns), func(s string) bool { return !wild(s) }))
	}()
	return empty
}

// emptyPatterns returns those of the patterns that match no package.
func emptyPatterns(dir, tags string, patterns []string) []string {
	args := []string{"list", "-e", "-find", "-f", `{{join .Match "\n"}}`, "-tags=" + tags, "--"}
	cmd := exec.Command("go", append(args, patterns...)...)
	cmd.Dir = dir
	out, err := cmd.Output()
	if err != nil {
		return nil // the load fails for the same reason, and says so
	}
	matched := make(map[string]bool)
	for line := range bytes.Lines(out) {
		matched[strings.TrimSpace(string(line))] = true
	}
	return slices.DeleteFunc(slices.Clone(patterns), func(s string) bool { return matched[s] })
}

// canList returns when the go command has listed the packages and all below them without
// compiling any, and reports whether it could. Where the load takes longer, it waits for
// the compiler: types come from export data, which a first run does not find in the cache.
func canList(ctx context.Context, dir, tags string, patterns []string) bool {
	args := []string{"list", "-e", "-deps", "-f", "", "-tags=" + tags, "--"}
	cmd := exec.CommandContext(ctx, "go", append(args, patterns...)...)
	cmd.Dir = dir
	return cmd.Run() == nil
}

// goListFails returns what the go command says when it cannot list the packages at
// all, for example because it finds no place for its cache, or "" if it can. Package
// packages takes some of these failures for an empty list.
func goListFails(dir, tags string, patterns []string) string {
	args := []string{"list", "-e", "-export", "-f", "", "-tags=" + tags, "--"}
	cmd := exec.Command("go", append(args, patterns...)...)
	cmd.Dir = dir
	var words bytes.Buffer
	cmd.Stderr = &words
	if err := cmd.Run(); err != nil {
		return cmp.Or(strings.TrimSpace(words.String()), err.Error())
	}
	return ""
}

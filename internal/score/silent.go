package main

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/edcacfbd/toctou/internal/race"
)

// pair is a pair of operations that a rule has considered.
type pair struct {
	finding
	level string
	signs []string // that were weighed; nil if none were
}

// debugLine is what -debug prints of a pair: its place, pass, level, path and
// reason, which the signs follow that were weighed.
var debugLine = regexp.MustCompile(`^toctou: debug: (\S+\.go):(\d+):\d+: (\w+): (\w+): .* \(([\w-]+)(?:: (.*))?\)$`)

// considered runs the program on a checkout, and returns all pairs that it has
// considered.
func considered(tool, dir string) ([]pair, error) {
	cmd := exec.Command(tool, "-debug", "-strict", "./...")
	cmd.Dir = dir
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Run(); err != nil {
		if exit := new(exec.ExitError); !errors.As(err, &exit) {
			return nil, err
		}
	}
	return pairsOf(stderr.String(), func(file string) string {
		rel, err := filepath.Rel(dir, file)
		if err != nil {
			return file
		}
		return filepath.ToSlash(rel)
	}), nil
}

// pairsOf reads the pairs from what -debug has printed. labeled returns the name
// that labels have for a file.
func pairsOf(log string, labeled func(file string) string) []pair {
	var pairs []pair
	for row := range strings.Lines(log) {
		m := debugLine.FindStringSubmatch(strings.TrimSpace(row))
		if m == nil {
			continue
		}
		line, _ := strconv.Atoi(m[2])
		p := pair{finding: finding{file: labeled(m[1]), line: line, pass: m[3], reason: m[5]}, level: m[4]}
		if m[6] != "" {
			p.signs = strings.Split(m[6], "; ")
		}
		pairs = append(pairs, p)
	}
	return pairs
}

// countSilent prints, by reason, how many labeled places of each verdict it has
// kept silent: those at which the pass reports nothing in strict mode either.
func countSilent(labels []*label, checkouts, tool string) error {
	table := newTable("pass, reason")
	for _, repo := range repositories(labels) {
		dir := filepath.Join(checkouts, path.Base(repo))
		if _, err := os.Stat(dir); err != nil {
			continue // not checked out here
		}
		pairs, err := considered(tool, dir)
		if err != nil {
			return err
		}
		addSilent(table, pairs, of(repo, labels))
	}
	fmt.Println("| pass, reason | report | debatable | benign |")
	fmt.Println("|---|---|---|---|")
	for _, key := range slices.Sorted(maps.Keys(table.rows)) {
		r := table.rows[key].findings
		fmt.Printf("| %s | %d | %d | %d |\n", key, r["report"], r["debatable"], r["benign"])
	}
	return nil
}

// addSilent counts the silent pairs of one repository.
func addSilent(t *table, pairs []pair, labels []*label) {
	shown := make(map[finding]bool)
	at := func(p pair) finding { return finding{file: p.file, line: p.line, pass: p.pass} }
	for _, p := range pairs {
		shown[at(p)] = shown[at(p)] || p.level != race.Silent.String()
	}
	counted := make(map[finding]bool)
	for _, p := range pairs {
		verdict := gravest(labels, p.finding)
		if shown[at(p)] || counted[p.finding] || verdict == unlabeled {
			continue
		}
		counted[p.finding] = true
		t.row(p.key()).findings[verdict]++
	}
}

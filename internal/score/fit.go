package main

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/edcacfbd/toctou/internal/race"
)

// fit chooses the weights of tornwrite's signs, the only constants of the suite
// that are not facts, on all labeled repositories, and prints them. To see whether
// they fit these repositories more than others, it chooses weights on all
// repositories but one, for each of them in turn, and counts on the one left out.
//
// logs is a folder with one file for each repository, NAME.txt, with what
// `toctou -debug -strict ./...` has printed in dir/NAME.
func fit(labels []*label, logs string) error {
	byRepo := make(map[string][]candidate)
	for _, repo := range repositories(labels) {
		text, err := os.ReadFile(filepath.Join(logs, path.Base(repo)+".txt"))
		if errors.Is(err, fs.ErrNotExist) {
			continue // it was not run
		}
		if err != nil {
			return err
		}
		byRepo[repo] = candidates(string(text), of(repo, labels))
	}
	if len(byRepo) == 0 {
		return fmt.Errorf("%s: no log of a labeled repository", logs)
	}
	except := func(left string) (list []candidate) {
		for _, repo := range slices.Sorted(maps.Keys(byRepo)) {
			if repo != left {
				list = append(list, byRepo[repo]...)
			}
		}
		return list
	}
	signs, committed := race.Signs(), weights(race.Weights())
	all := except("")
	chosen := choose(all)
	var out outcome
	for repo, list := range byRepo {
		out.add(choose(except(repo)), list)
	}
	labeled := make(map[string]int)
	for _, c := range all {
		labeled[c.verdict]++
	}
	fmt.Printf("%d repositories, %d labeled overwrites: %d report, %d debatable, %d benign\n\n",
		len(byRepo), len(all), labeled["report"], labeled["debatable"], labeled["benign"])
	fmt.Println("| weights | by default: report | debatable | benign | accepted | with -strict: report | debatable | benign | accepted |")
	fmt.Println("|---|---|---|---|---|---|---|---|---|")
	for _, line := range []struct {
		name string
		of   outcome
	}{
		{"committed", outcomeOf(committed, all)},
		{"chosen on all", outcomeOf(chosen, all)},
		{"chosen on the others, each repository left out in turn", out},
	} {
		fmt.Printf("| %s | %s | %s |\n", line.name, line.of.byDefault, line.of.strict)
	}
	fmt.Println("\n| class | committed | chosen |")
	fmt.Println("|---|---|---|")
	for c := range race.Class(race.Classes) {
		fmt.Printf("| %s | %d | %d |\n", c, committed[c], chosen[c])
	}
	fmt.Println("\n| sign | class | report | debatable | benign |")
	fmt.Println("|---|---|---|---|---|")
	for i, s := range signs {
		var at counts
		for _, c := range all {
			if c.signs[i] {
				at.add(c.verdict)
			}
		}
		fmt.Printf("| %s | %s | %d | %d | %d |\n", s.ID, s.Class, at.report, at.debatable, at.benign)
	}
	return nil
}

// candidate is one labeled place at which tornwrite weighs signs.
type candidate struct {
	verdict string // of the label
	signs   []bool // those of race.Signs that count
}

// candidates returns the labeled places at which an overwrite was weighed and
// nothing else is reported, by what the program has printed.
func candidates(log string, labels []*label) []candidate {
	signs := race.Signs()
	weighed := make(map[finding][]bool)
	taken := make(map[finding]bool)
	for _, p := range pairsOf(log, func(file string) string { return labeledFile(file, labels) }) {
		at := finding{file: p.file, line: p.line, pass: string(race.TornWrite)}
		switch {
		case p.pass != at.pass:
			taken[at] = taken[at] || p.level == race.Report.String()
		case p.signs != nil: // else it is harmless whatever the signs say
			holds := make([]bool, len(signs))
			for i, s := range signs {
				holds[i] = slices.Contains(p.signs, s.ID)
			}
			weighed[at] = holds
		}
	}
	var list []candidate
	for at, holds := range weighed {
		if verdict := gravest(labels, at); verdict != unlabeled && !taken[at] {
			list = append(list, candidate{verdict, holds})
		}
	}
	return list
}

// labeledFile returns the file of a label that an absolute path ends with, the
// longest one, or "".
func labeledFile(abs string, labels []*label) string {
	longest := ""
	for _, l := range labels {
		for _, file := range []string{l.File, l.UseFile} {
			if strings.HasSuffix(filepath.ToSlash(abs), "/"+file) && len(file) > len(longest) {
				longest = file
			}
		}
	}
	return longest
}

// weights are those of the classes of signs.
type weights [race.Classes]int

func (w weights) sum(c candidate) (sum int) {
	for i, s := range race.Signs() {
		if c.signs[i] {
			sum += w[s.Class]
		}
	}
	return sum
}

// choose returns the weights with the greatest worth on a list of places: it tries
// all of them. Of weights with the same worth it takes the first.
func choose(list []candidate) weights {
	best, most := weights(race.Weights()), math.MinInt
	var try func(w weights, c race.Class)
	try = func(w weights, c race.Class) {
		switch {
		case c == race.Classes:
			if worth := outcomeOf(w, list).worth(); worth > most {
				best, most = w, worth
			}
		case !c.Free():
			try(w, c+1)
		case w[c] < 0:
			for size := 1; size <= race.ReportAt; size++ {
				w[c] = -size
				try(w, c+1)
			}
		default:
			for size := range race.ReportAt {
				w[c] = size
				try(w, c+1)
			}
		}
	}
	try(best, 0)
	return best
}

// counts are labeled places that are reported, by verdict.
type counts struct{ report, debatable, benign int }

func (c *counts) add(verdict string) {
	switch verdict {
	case "report":
		c.report++
	case "debatable":
		c.debatable++
	default:
		c.benign++
	}
}

// String returns cells of the table.
func (c counts) String() string {
	accepted := "-"
	if n := c.report + c.debatable + c.benign; n > 0 {
		accepted = fmt.Sprintf("%.0f%%", 100*float64(n-c.benign)/float64(n))
	}
	return fmt.Sprintf("%d | %d | %d | %s", c.report, c.debatable, c.benign, accepted)
}

// outcome is what some weights report.
type outcome struct{ byDefault, strict counts }

func outcomeOf(w weights, list []candidate) (o outcome) {
	o.add(w, list)
	return o
}

func (o *outcome) add(w weights, list []candidate) {
	for _, c := range list {
		sum := w.sum(c)
		if sum >= race.ReportAt {
			o.byDefault.add(c.verdict)
		}
		if sum >= race.StrictAt {
			o.strict.add(c.verdict)
		}
	}
}

// worth weighs an outcome as its readers would: by default a harmless place spoils
// what one that is debatable and half of one to report are worth, in strict mode
// what one of either is.
func (o outcome) worth() int {
	d, s := o.byDefault, o.strict
	return 4*d.report + 2*d.debatable - 4*d.benign + s.report + s.debatable - s.benign
}

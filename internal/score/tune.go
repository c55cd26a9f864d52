package main

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"

	"github.com/edcacfbd/toctou/internal/race"
)

// leaveOneOut asks whether the weights of tornwrite's signs, the only constants
// of the suite that were chosen by hand, fit the labelled repositories more than
// they fit others: it chooses weights on all repositories but one, by a
// procedure that does not know ours, and counts on the one left out. Beside it
// stand our weights, the weights chosen on all, and ours without the signs that
// go by names.
func leaveOneOut(labels []*label, checkouts, tool string) error {
	byRepo := make(map[string][]candidate)
	for _, repo := range repositories(labels) {
		dir := filepath.Join(checkouts, path.Base(repo))
		if _, err := os.Stat(dir); err != nil {
			continue // not checked out here
		}
		list, err := candidates(tool, dir, of(repo, labels))
		if err != nil {
			return err
		}
		byRepo[repo] = list
	}
	ours := make(weights, len(race.Signs))
	nameless := make(weights, len(race.Signs))
	for i, s := range race.Signs {
		ours[i] = s.Weight
		if !s.Words {
			nameless[i] = s.Weight
		}
	}
	except := func(left string) (list []candidate) {
		for repo, more := range byRepo {
			if repo != left {
				list = append(list, more...)
			}
		}
		return list
	}
	all := except("")

	var out outcome
	for repo, list := range byRepo {
		out.add(choose(except(repo)), list)
	}
	fmt.Println("| weights | by default: report | debatable | benign | accepted | with -strict: report | debatable | benign | accepted |")
	fmt.Println("|---|---|---|---|---|---|---|---|---|")
	for _, line := range []struct {
		name string
		of   outcome
	}{
		{"ours", outcomeOf(ours, all)},
		{"chosen on all", outcomeOf(choose(all), all)},
		{"chosen on the others, each repository left out in turn", out},
		{"ours, without the signs that go by names", outcomeOf(nameless, all)},
	} {
		fmt.Printf("| %s | %s | %s |\n", line.name, line.of.byDefault, line.of.strict)
	}
	return nil
}

// candidate is one labelled place at which tornwrite weighs signs.
type candidate struct {
	verdict string // as labelled
	signs   []bool // those of race.Signs that hold
}

// candidates runs the program on a checkout, and returns the labelled places at
// which it weighed an overwrite and nothing else is reported.
func candidates(tool, dir string, labels []*label) ([]candidate, error) {
	pairs, err := considered(tool, dir)
	if err != nil {
		return nil, err
	}
	weighed := make(map[place][]bool)
	taken := make(map[place]bool)
	for _, p := range pairs {
		switch at := (place{p.file, p.line}); {
		case p.pass != string(race.TornWrite):
			taken[at] = taken[at] || p.level == race.Report.String()
		case p.signs != nil: // else it is harmless whatever the signs say
			weighed[at] = signsOf(p.signs)
		}
	}
	var list []candidate
	for at, signs := range weighed {
		if verdict := gravest(labels, finding{file: at.file, line: at.line, pass: string(race.TornWrite)}); verdict != unlabelled && !taken[at] {
			list = append(list, candidate{verdict, signs})
		}
	}
	return list, nil
}

// place is a line of a file.
type place struct {
	file string
	line int
}

// signsOf returns which of race.Signs are named.
func signsOf(names []string) []bool {
	signs := make([]bool, len(race.Signs))
	for i, s := range race.Signs {
		signs[i] = slices.Contains(names, s.Name)
	}
	return signs
}

// weights are those of race.Signs, in its order.
type weights []int

func (w weights) sum(c candidate) (sum int) {
	for i, holds := range c.signs {
		if holds {
			sum += w[i]
		}
	}
	return sum
}

// choose returns the weights with the greatest worth on a list of places. It
// climbs from several uniform starts, one weight at a time. Where the places do
// not tell weights apart, it prefers that each sign weighs the same, and it never
// lets a sign speak against what it stands for.
func choose(list []candidate) weights {
	const most = 5
	var best weights
	for start := range most {
		w := make(weights, len(race.Signs))
		for i, s := range race.Signs {
			w[i] = start + 1
			if s.Weight < 0 {
				w[i] = -w[i]
			}
		}
		for climbing := true; climbing; {
			climbing = false
			for i, s := range race.Signs {
				for size := range most + 1 {
					v := slices.Clone(w)
					v[i] = size
					if s.Weight < 0 {
						v[i] = -size
					}
					if v.better(w, list) {
						w, climbing = v, true
					}
				}
			}
		}
		if best == nil || w.better(best, list) {
			best = w
		}
	}
	return best
}

func (w weights) better(v weights, list []candidate) bool {
	a, b := outcomeOf(w, list).worth(), outcomeOf(v, list).worth()
	return a > b || a == b && w.unevenness() < v.unevenness()
}

// unevenness is how far the weights are from those by which two signs report.
func (w weights) unevenness() (n int) {
	const even = race.ReportAt / 2
	for _, x := range w {
		off := max(x, -x) - even
		n += off * off
	}
	return n
}

// counts are labelled places that are reported, by verdict.
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

// worth weighs an outcome as its readers would: by default one harmless place
// spoils three that are debatable, in strict mode one.
func (o outcome) worth() int {
	d, s := o.byDefault, o.strict
	return 2*(2*d.report+d.debatable-3*d.benign) + s.report + s.debatable - s.benign
}

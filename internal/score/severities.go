package main

import (
	"fmt"
	"maps"
	"slices"
)

// levels are the severities, from the least.
var levels = []string{"low", "medium", "high"}

// severities compares the severities of findings with those of the labels that
// are about them. Harmless places have none.
type severities struct {
	rows map[string]map[string]int // by reason, how many labels of each severity
	of   map[string]string         // by reason, its severity
}

func newSeverities() *severities {
	return &severities{make(map[string]map[string]int), make(map[string]string)}
}

// add compares a finding with the labels of its verdict. Of several, the worst
// severity counts.
func (s *severities) add(f finding, labels []*label, verdict string) {
	worst := ""
	for _, l := range labels {
		if l.fits(f) && l.Verdict == verdict && slices.Index(levels, l.Severity) > slices.Index(levels, worst) {
			worst = l.Severity
		}
	}
	if worst == "" || f.severity == "" {
		return
	}
	if s.rows[f.key()] == nil {
		s.rows[f.key()] = make(map[string]int)
	}
	s.rows[f.key()][worst]++
	s.of[f.key()] = f.severity
}

// agreement returns how many findings have the severity of their label, and how
// many have such a label.
func (s *severities) agreement() (same, all int) {
	for key, row := range s.rows {
		same += row[s.of[key]]
		for _, n := range row {
			all += n
		}
	}
	return same, all
}

func (s *severities) print() {
	fmt.Println("| pass, reason | severity | labels: low | medium | high |")
	fmt.Println("|---|---|---|---|---|")
	for _, key := range slices.Sorted(maps.Keys(s.rows)) {
		row := s.rows[key]
		fmt.Printf("| %s | %s | %d | %d | %d |\n", key, s.of[key], row["low"], row["medium"], row["high"])
	}
	if same, all := s.agreement(); all > 0 {
		fmt.Printf("\nThe severity is the label's in %d of %d findings (%.0f%%).\n", same, all, 100*float64(same)/float64(all))
	}
}

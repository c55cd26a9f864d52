package main

import (
	"fmt"
	"maps"
	"slices"
)

// table holds one row of figures for each repository or pass.
type table struct {
	of   string
	rows map[string]*row
}

// row counts by verdict: findings, labels, and the labels that were reached.
type row struct {
	findings, labels, reached map[string]int
}

func newTable(of string) *table { return &table{of, make(map[string]*row)} }

func (t *table) row(name string) *row {
	r, ok := t.rows[name]
	if !ok {
		r = newRow()
		t.rows[name] = r
	}
	return r
}

func newRow() *row {
	return &row{make(map[string]int), make(map[string]int), make(map[string]int)}
}

// count counts a label.
func (r *row) count(l *label, reached bool) {
	r.labels[l.Verdict]++
	if reached {
		r.reached[l.Verdict]++
	}
}

func (t *table) print() {
	fmt.Printf("| %s | findings | report | debatable | benign | unlabeled | accepted | report labels reached | debatable labels reached |\n", t.of)
	fmt.Println("|---|---|---|---|---|---|---|---|---|")
	total := newRow()
	for _, name := range slices.Sorted(maps.Keys(t.rows)) {
		r := t.rows[name]
		r.print(name)
		total.add(r)
	}
	if t.of == "repository" { // a label may be owned by several passes
		total.print("**all**")
	}
}

func (r *row) add(s *row) {
	for _, pair := range [][2]map[string]int{{r.findings, s.findings}, {r.labels, s.labels}, {r.reached, s.reached}} {
		for k, n := range pair[1] {
			pair[0][k] += n
		}
	}
}

func (r *row) print(name string) {
	labeled := r.findings["report"] + r.findings["debatable"] + r.findings["benign"]
	accepted := "-"
	if labeled > 0 {
		accepted = fmt.Sprintf("%.0f%%", 100*float64(labeled-r.findings["benign"])/float64(labeled))
	}
	fmt.Printf("| %s | %d | %d | %d | %d | %d | %s | %d of %d | %d of %d |\n", name, labeled+r.findings[unlabeled],
		r.findings["report"], r.findings["debatable"], r.findings["benign"], r.findings[unlabeled], accepted,
		r.reached["report"], r.labels["report"], r.reached["debatable"], r.labels["debatable"])
}

// printVerdicts prints what was said of the findings, and nothing of labels.
func (t *table) printVerdicts() {
	fmt.Printf("| %s | findings with no label | report | debatable | benign | not read |\n", t.of)
	fmt.Println("|---|---|---|---|---|---|")
	total := newRow()
	for _, name := range slices.Sorted(maps.Keys(t.rows)) {
		t.rows[name].printVerdicts(name)
		total.add(t.rows[name])
	}
	total.printVerdicts("**all**")
}

func (r *row) printVerdicts(name string) {
	sum := 0
	for _, n := range r.findings {
		sum += n
	}
	fmt.Printf("| %s | %d | %d | %d | %d | %d |\n", name, sum,
		r.findings["report"], r.findings["debatable"], r.findings["benign"], r.findings[unlabeled])
}

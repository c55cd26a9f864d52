package main

import (
	"fmt"
	"regexp"
	"slices"
	"testing"

	"github.com/edcacfbd/toctou/passes"
)

// TestVerdicts holds our verdicts to the form that lets another reader check them.
func TestVerdicts(t *testing.T) {
	own, err := readLabels("../../docs/verdicts.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	if len(own) == 0 {
		t.Fatal("no verdicts")
	}
	var known []string
	for _, r := range passes.Rules() {
		known = append(known, r.Name)
	}
	commit := regexp.MustCompile(`^[0-9a-f]{40}$`)
	seen := make(map[string]bool)
	for _, l := range own {
		place := fmt.Sprintf("%s %s:%d %v", l.Repo, l.File, l.UseLine, l.Passes)
		if seen[place] {
			t.Errorf("%s: judged twice", place)
		}
		seen[place] = true
		if l.Repo == "" || !commit.MatchString(l.Commit) || l.File == "" || l.Func == "" ||
			l.UseLine < 1 || l.UseCall == "" || l.Pattern == "" || l.Reason == "" {
			t.Errorf("%s: fields are missing", place)
		}
		if (l.CheckLine > 0) != (l.CheckCall != "") {
			t.Errorf("%s: a check has a line and a call", place)
		}
		if !slices.Contains(verdicts, l.Verdict) {
			t.Errorf("%s: unknown verdict %q", place, l.Verdict)
		}
		if benign := l.Verdict == "benign"; benign != (l.Category != "") || benign != (l.Severity == "") {
			t.Errorf("%s: what is benign has a category, and nothing else has; what is not has a severity", place)
		}
		if len(l.Passes) == 0 || slices.ContainsFunc(l.Passes, func(p string) bool { return !slices.Contains(known, p) }) {
			t.Errorf("%s: unknown pass", place)
		}
	}
}

// TestOwnVerdictsApart shows that our verdicts change nothing in the tables of
// the labels, and count only where no label does.
func TestOwnVerdictsApart(t *testing.T) {
	given := func() []*label {
		return []*label{{Repo: "o/r", File: "a.go", UseFile: "a.go", UseLine: 10, Verdict: "benign", Passes: []string{"tornwrite"}}}
	}
	own := []*label{
		{Repo: "o/r", File: "a.go", UseFile: "a.go", UseLine: 10, Verdict: "report", Passes: []string{"tornwrite"}},
		{Repo: "o/r", File: "a.go", UseFile: "a.go", UseLine: 20, Verdict: "debatable", Passes: []string{"tornwrite"}},
	}
	found := []finding{
		{file: "a.go", line: 10, pass: "tornwrite"},
		{file: "a.go", line: 20, pass: "tornwrite"},
		{file: "a.go", line: 30, pass: "tornwrite"},
	}

	without, with := newScore(), newScore()
	without.tally(given(), nil, found, nil)
	with.tally(given(), own, found, nil)
	if got, want := fmt.Sprint(with.byPass.rows["tornwrite"]), fmt.Sprint(without.byPass.rows["tornwrite"]); got != want {
		t.Errorf("with our verdicts the labels say %s, without them %s", got, want)
	}
	got := with.unlabeled.rows["tornwrite"].findings
	if got["report"] != 0 || got["debatable"] != 1 || got[unlabeled] != 1 {
		t.Errorf("our verdicts count %v, want one debatable and one not read", got)
	}
}

// TestByReason counts the findings and the labels of two reasons of one pass.
func TestByReason(t *testing.T) {
	labels := []*label{
		{Repo: "o/r", File: "a.go", UseFile: "a.go", UseLine: 10, Verdict: "report", Severity: "low", Passes: []string{"statopen"}},
		{Repo: "o/r", File: "a.go", UseFile: "a.go", UseLine: 20, Verdict: "benign", Passes: []string{"statopen"}},
		{Repo: "o/r", File: "a.go", UseFile: "a.go", UseLine: 30, Verdict: "report", Severity: "high", Passes: []string{"statopen"}},
	}
	s := newScore()
	s.tally(labels, nil, []finding{
		{"a.go", 10, "statopen", "good", "low"},
		{"a.go", 20, "statopen", "bad", "low"},
	}, nil)
	s.finish()
	good, bad := s.byReason.rows["statopen good"], s.byReason.rows["statopen bad"]
	if good.findings["report"] != 1 || good.reached["report"] != 1 || good.labels["report"] != 2 {
		t.Errorf("the good reason counts %+v, want one finding, and one label of two", good)
	}
	if bad.findings["benign"] != 1 || bad.reached["report"] != 0 {
		t.Errorf("the bad reason counts %+v, want one harmless finding", bad)
	}
	if same, all := s.severities.agreement(); same != 1 || all != 1 {
		t.Errorf("%d of %d severities agree, want one of one", same, all)
	}
}

// TestSilent counts a reason where it has kept a place silent, and not where the
// pass reports the place for another reason.
func TestSilent(t *testing.T) {
	labels := []*label{
		{Repo: "o/r", File: "a.go", UseFile: "a.go", UseLine: 10, Verdict: "report", Passes: []string{"statopen"}},
		{Repo: "o/r", File: "a.go", UseFile: "a.go", UseLine: 20, Verdict: "benign", Passes: []string{"statopen"}},
	}
	at := func(line int, reason, level string) pair {
		return pair{finding: finding{file: "a.go", line: line, pass: "statopen", reason: reason}, level: level}
	}
	table := newTable("reason")
	addSilent(table, []pair{at(10, "locked", "silent"), at(10, "vanished", "strict"), at(20, "locked", "silent"), at(20, "locked", "silent")}, labels)
	if got := table.row("statopen locked").findings; got["report"] != 0 || got["benign"] != 1 {
		t.Errorf("the reason counts %v, want one harmless place", got)
	}
}

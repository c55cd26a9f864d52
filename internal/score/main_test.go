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
	found := []finding{{"a.go", 10, "tornwrite"}, {"a.go", 20, "tornwrite"}, {"a.go", 30, "tornwrite"}}

	without, with := newScore(), newScore()
	without.tally(given(), nil, found, nil)
	with.tally(given(), own, found, nil)
	if got, want := fmt.Sprint(with.byPass.rows["tornwrite"]), fmt.Sprint(without.byPass.rows["tornwrite"]); got != want {
		t.Errorf("with our verdicts the labels say %s, without them %s", got, want)
	}
	got := with.unlabelled.rows["tornwrite"].findings
	if got["report"] != 0 || got["debatable"] != 1 || got[unlabelled] != 1 {
		t.Errorf("our verdicts count %v, want one debatable and one not read", got)
	}
}

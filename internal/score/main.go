// Score compares what toctou finds in checkouts of real repositories with
// labels that people gave to places in them, and prints the figures of
// docs/benchmarks.md as Markdown tables.
//
//	go run ./internal/score -labels LABELS.jsonl -checkouts DIR [-strict] [-passes a,b] [-verdicts docs/verdicts.jsonl]
//	go run ./internal/score -labels LABELS.jsonl -checkouts DIR -silent
//	go run ./internal/score -labels LABELS.jsonl -reports DIR [-strict] [-passes a,b]
//	go run ./internal/score -labels LABELS.jsonl -fit LOGS
//
// LOGS holds NAME.txt for each repository, which is what
//
//	toctou -debug -strict ./... 2> LOGS/NAME.txt
//
// has printed in its checkout.
//
// For each repository, each pass and each reason it counts the findings by what
// their labels say, which is their precision, and the labels that were reached,
// which is recall; and it compares the severities of findings and labels. With
// -silent it counts the labeled places at which a reason has kept a pair of
// operations from being a finding. Levels and severities of reasons are set by
// these tables.
//
// With -checkouts, DIR holds one folder for each repository, named like the repository without
// its owner, at the commit that the labels name. With -reports it holds what
// toctou -format=json has printed before, in OWNER__NAME.default.json and
// OWNER__NAME.strict.json. A label is a JSON object with
// repo, file, check_line, use_line, use_file, verdict (report, debatable or
// benign) and passes (which passes own the place). A finding belongs to a label
// if it is within one line of the label's check or use and its pass is one
// of the label's; of several labels the gravest counts.
//
// Findings that no label is about were read for this project. What was said of
// them is in docs/verdicts.jsonl, in the form of labels with a reason, and is
// counted in a table of its own: who judges their own findings is no witness.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

func main() {
	labels := flag.String("labels", "", "the labels, one JSON object a line")
	ours := flag.String("verdicts", "", "our own verdicts on findings with no label, in the same form")
	checkouts := flag.String("checkouts", "", "the folder with the checkouts")
	reports := flag.String("reports", "", "the folder with reports of runs that were made before")
	silent := flag.Bool("silent", false, "count by reason what is silent at labeled places")
	strict := flag.Bool("strict", false, "run with -strict")
	only := flag.String("passes", "", "consider only these passes, separated by commas")
	tool := flag.String("tool", "toctou", "the program to run")
	logs := flag.String("fit", "", "choose the weights of tornwrite's signs by the logs in this folder, leaving out each repository in turn")
	flag.Parse()
	all, err := readLabels(*labels)
	var own []*label
	if err == nil && *ours != "" {
		own, err = readLabels(*ours)
	}
	switch {
	case err != nil:
	case *logs != "":
		err = fit(all, *logs)
	case *silent:
		err = countSilent(all, *checkouts, *tool)
	default:
		err = run(all, own, &source{*checkouts, *reports, *tool, *strict}, *only)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "score:", err)
		os.Exit(1)
	}
}

func run(all, own []*label, from *source, only string) error {
	passes := strings.FieldsFunc(only, func(r rune) bool { return r == ',' })
	score := newScore()
	for _, repo := range repositories(all) {
		findings, err := from.findings(repo)
		if errors.Is(err, fs.ErrNotExist) {
			continue // not here
		}
		if err != nil {
			return err
		}
		score.tally(of(repo, all), of(repo, own), findings, passes)
	}
	score.finish()
	score.byRepo.print()
	fmt.Println()
	score.byPass.print()
	fmt.Println()
	score.byReason.print()
	fmt.Println()
	score.severities.print()
	if own != nil {
		fmt.Println()
		score.unlabeled.printVerdicts()
	}
	return nil
}

// label is one place that was judged by hand.
type label struct {
	Repo      string
	Commit    string
	File      string
	Func      string
	CheckLine int    `json:"check_line"`
	CheckCall string `json:"check_call"`
	UseFile   string `json:"use_file"`
	UseLine   int    `json:"use_line"`
	UseCall   string `json:"use_call"`
	Pattern   string
	Verdict   string
	Severity  string
	Reason    string
	Category  string `json:"benign_category"`
	Passes    []string

	reached bool
	by      map[string]bool // the reasons of the findings that have reached it
}

// verdicts from the gravest.
var verdicts = []string{"report", "debatable", "benign"}

func readLabels(file string) ([]*label, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var all []*label
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		l := new(label)
		if err := json.Unmarshal(lines.Bytes(), l); err != nil {
			return nil, fmt.Errorf("%s: line %d: %w", file, len(all)+1, err)
		}
		if l.UseFile == "" {
			l.UseFile = l.File
		}
		all = append(all, l)
	}
	return all, lines.Err()
}

func repositories(all []*label) []string {
	var names []string
	for _, l := range all {
		if !slices.Contains(names, l.Repo) {
			names = append(names, l.Repo)
		}
	}
	slices.Sort(names)
	return names
}

func of(repo string, all []*label) []*label {
	return slices.Collect(func(yield func(*label) bool) {
		for _, l := range all {
			if l.Repo == repo && !yield(l) {
				return
			}
		}
	})
}

// finding is one finding of the program.
type finding struct {
	file     string
	line     int
	pass     string
	reason   string // its ID
	severity string
}

// key names the finding's row in a table of reasons.
func (f finding) key() string { return f.pass + " " + f.reason }

// source is where the findings come from: the program that runs in a checkout, or
// a report that it has written before.
type source struct {
	checkouts, reports, tool string
	strict                   bool
}

// findings returns the findings in a repository. The error is fs.ErrNotExist if
// there is no checkout and no report.
func (s *source) findings(repo string) ([]finding, error) {
	if s.reports == "" {
		dir := filepath.Join(s.checkouts, path.Base(repo))
		if _, err := os.Stat(dir); err != nil {
			return nil, err
		}
		return findings(s.tool, dir, s.strict)
	}
	mode := "default"
	if s.strict {
		mode = "strict"
	}
	text, err := os.ReadFile(filepath.Join(s.reports, strings.ReplaceAll(repo, "/", "__")+"."+mode+".json"))
	if err != nil {
		return nil, err
	}
	return parseReport(text)
}

// findings runs the program on a checkout. That some packages do not compile
// is no error here.
func findings(tool, dir string, strict bool) ([]finding, error) {
	cmd := exec.Command(tool, "-format=json", fmt.Sprintf("-strict=%v", strict), "./...")
	cmd.Dir = dir
	out, err := cmd.Output()
	if exit := new(exec.ExitError); err != nil && !errors.As(err, &exit) {
		return nil, err
	}
	return parseReport(out)
}

// parseReport reads what the program prints with -format=json.
func parseReport(text []byte) ([]finding, error) {
	var report struct {
		Findings []struct {
			Rule, Reason, Severity string
			Use                    struct {
				File  string
				Start struct{ Line int }
			}
		}
	}
	if err := json.Unmarshal(text, &report); err != nil {
		return nil, err
	}
	var list []finding
	for _, f := range report.Findings {
		list = append(list, finding{f.Use.File, f.Use.Start.Line, f.Rule, f.Reason, f.Severity})
	}
	return list, nil
}

// score holds the tables that are printed. The last is of the findings with no
// label alone, by our own verdicts.
type score struct {
	byRepo, byPass, byReason *table
	owned                    *table // the labels by pass
	severities               *severities
	unlabeled                *table
}

func newScore() *score {
	return &score{newTable("repository"), newTable("pass"), newTable("pass, reason"), newTable("pass"), newSeverities(), newTable("pass")}
}

// unlabeled is in place of a verdict if a finding has no label.
const unlabeled = "unlabeled"

// tally counts the findings and labels of one repository.
func (s *score) tally(labels, own []*label, found []finding, passes []string) {
	wanted := func(pass string) bool { return len(passes) == 0 || slices.Contains(passes, pass) }
	labels = slices.DeleteFunc(labels, func(l *label) bool { return !slices.ContainsFunc(l.Passes, wanted) })
	if len(labels) == 0 {
		return
	}
	repo := s.byRepo.row(labels[0].Repo)
	for _, f := range found {
		if !wanted(f.pass) {
			continue
		}
		verdict := gravest(labels, f)
		for _, l := range labels {
			if l.fits(f) && l.Verdict == verdict {
				l.reach(f)
			}
		}
		repo.findings[verdict]++
		s.byPass.row(f.pass).findings[verdict]++
		s.byReason.row(f.key()).findings[verdict]++
		s.severities.add(f, labels, verdict)
		if verdict == unlabeled {
			s.unlabeled.row(f.pass).findings[gravest(own, f)]++
		}
	}
	for _, l := range labels {
		repo.count(l, l.reached)
		for _, pass := range l.Passes {
			if wanted(pass) {
				s.owned.row(pass).count(l, l.reached)
			}
		}
		for key := range l.by {
			s.byReason.row(key).reached[l.Verdict]++
		}
	}
}

// finish adds to the rows of passes and reasons what their passes own, wherever
// something was found.
func (s *score) finish() {
	for pass, row := range s.byPass.rows {
		row.labels, row.reached = s.owned.row(pass).labels, s.owned.row(pass).reached
	}
	for key, row := range s.byReason.rows {
		pass, _, _ := strings.Cut(key, " ")
		row.labels = s.owned.row(pass).labels
	}
}

// reach notes that a finding has reached the label.
func (l *label) reach(f finding) {
	if l.by == nil {
		l.by = make(map[string]bool)
	}
	l.reached, l.by[f.key()] = true, true
}

// gravest returns the gravest verdict of the labels that are about a finding.
func gravest(labels []*label, f finding) string {
	verdict := unlabeled
	for _, l := range labels {
		if l.fits(f) && (verdict == unlabeled || slices.Index(verdicts, l.Verdict) < slices.Index(verdicts, verdict)) {
			verdict = l.Verdict
		}
	}
	return verdict
}

// fits reports whether the label is about the finding.
func (l *label) fits(f finding) bool {
	near := func(file string, line int) bool {
		return file == f.file && line > 0 && max(line-f.line, f.line-line) <= 1
	}
	return slices.Contains(l.Passes, f.pass) && (near(l.File, l.CheckLine) || near(l.UseFile, l.UseLine))
}

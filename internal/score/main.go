// Score holds what toctou finds in checkouts of real repositories against
// labels that people gave to places in them, and prints the figures of
// docs/benchmarks.md as Markdown tables.
//
//	go run ./internal/score -labels LABELS.jsonl -checkouts DIR [-strict] [-passes a,b] [-verdicts docs/verdicts.jsonl]
//	go run ./internal/score -labels LABELS.jsonl -checkouts DIR -leave-one-out
//
// DIR holds one folder for each repository, named like the repository without
// its owner, at the commit that the labels name. A label is a JSON object with
// repo, file, check_line, use_line, use_file, verdict (report, debatable or
// benign) and passes (which passes own the place). A finding belongs to a label
// if it stands within one line of the label's check or use and its pass is one
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
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

func main() {
	labels := flag.String("labels", "", "the labels, one JSON object a line")
	ours := flag.String("verdicts", "", "our own verdicts on findings with no label, in the same form")
	checkouts := flag.String("checkouts", "", "the folder with the checkouts")
	strict := flag.Bool("strict", false, "run with -strict")
	only := flag.String("passes", "", "consider only these passes, separated by commas")
	tool := flag.String("tool", "toctou", "the program to run")
	tune := flag.Bool("leave-one-out", false, "choose the weights of tornwrite's signs anew, leaving out each repository in turn")
	flag.Parse()
	all, err := readLabels(*labels)
	var own []*label
	if err == nil && *ours != "" {
		own, err = readLabels(*ours)
	}
	if err == nil && *tune {
		err = leaveOneOut(all, *checkouts, *tool)
	} else if err == nil {
		err = run(all, own, *checkouts, *tool, *only, *strict)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "score:", err)
		os.Exit(1)
	}
}

func run(all, own []*label, checkouts, tool, only string, strict bool) error {
	passes := strings.FieldsFunc(only, func(r rune) bool { return r == ',' })
	score := newScore()
	for _, repo := range repositories(all) {
		dir := filepath.Join(checkouts, path.Base(repo))
		if _, err := os.Stat(dir); err != nil {
			continue // not checked out here
		}
		findings, err := findings(tool, dir, strict)
		if err != nil {
			return err
		}
		score.tally(of(repo, all), of(repo, own), findings, passes)
	}
	score.byRepo.print()
	fmt.Println()
	score.byPass.print()
	if own != nil {
		fmt.Println()
		score.unlabelled.printVerdicts()
	}
	return nil
}

// label is one place that somebody has judged.
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

// finding is one line of the program's output.
type finding struct {
	file string
	line int
	pass string
}

var outputLine = regexp.MustCompile(`^(\S+\.go):(\d+):\d+: .* \((\w+)\)$`)

// findings runs the program on a checkout. That some packages do not compile
// is no error here.
func findings(tool, dir string, strict bool) ([]finding, error) {
	cmd := exec.Command(tool, fmt.Sprintf("-strict=%v", strict), "./...")
	cmd.Dir = dir
	out, err := cmd.Output()
	if exit := new(exec.ExitError); err != nil && !errors.As(err, &exit) {
		return nil, err
	}
	var list []finding
	for row := range strings.Lines(string(out)) {
		if m := outputLine.FindStringSubmatch(strings.TrimSpace(row)); m != nil {
			line, _ := strconv.Atoi(m[2])
			list = append(list, finding{filepath.ToSlash(m[1]), line, m[3]})
		}
	}
	return list, nil
}

// score holds the tables that are printed. The last is of the findings with no
// label alone, by our own verdicts.
type score struct{ byRepo, byPass, unlabelled *table }

func newScore() *score {
	return &score{newTable("repository"), newTable("pass"), newTable("pass")}
}

// unlabelled is what stands for a verdict where nobody has given one.
const unlabelled = "unlabelled"

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
			l.reached = l.reached || l.fits(f) && l.Verdict == verdict
		}
		repo.findings[verdict]++
		s.byPass.row(f.pass).findings[verdict]++
		if verdict == unlabelled {
			s.unlabelled.row(f.pass).findings[gravest(own, f)]++
		}
	}
	for _, l := range labels {
		repo.labels[l.Verdict]++
		if l.reached {
			repo.reached[l.Verdict]++
		}
		for _, pass := range l.Passes {
			if row := s.byPass.rows[pass]; wanted(pass) && row != nil {
				row.labels[l.Verdict]++
				if l.reached {
					row.reached[l.Verdict]++
				}
			}
		}
	}
}

// gravest returns the gravest verdict of the labels that are about a finding.
func gravest(labels []*label, f finding) string {
	verdict := unlabelled
	for _, l := range labels {
		if l.fits(f) && (verdict == unlabelled || slices.Index(verdicts, l.Verdict) < slices.Index(verdicts, verdict)) {
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

package driver

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/edcacfbd/toctou/internal/finding"
	"github.com/edcacfbd/toctou/internal/output"
)

// analyzed returns what the program reports of the packages in a directory.
func analyzed(t *testing.T, dir string, args ...string) *output.Report {
	t.Helper()
	o := newOptions()
	patterns, err := parse(o.checkFlags(), args)
	if err != nil {
		t.Fatal(err)
	}
	p := &program{stdout: t.Output(), stderr: t.Output()}
	return p.analyze(o, new(narrowing), dir, patterns)
}

// repositoryRoot is the root of this repository.
func repositoryRoot(t *testing.T) string {
	t.Helper()
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// sarifOf writes a report as SARIF, compares it with the published schema,
// which the library has a copy of, and reads it back.
func sarifOf(t *testing.T, r *output.Report) *sarif.Run {
	t.Helper()
	var b bytes.Buffer
	if err := output.Write(&b, "sarif", r); err != nil {
		t.Fatal(err)
	}
	log, err := sarif.FromBytes(b.Bytes(), sarif.WithStrictValidation())
	if err != nil {
		t.Fatal(err)
	}
	if err := log.Validate(); err != nil {
		t.Fatalf("not valid by the schema of SARIF: %v", err)
	}
	if len(log.Runs) != 1 {
		t.Fatalf("%d runs", len(log.Runs))
	}
	return log.Runs[0]
}

// TestSARIFReadBack checks that all that is known of a finding is in the SARIF.
func TestSARIFReadBack(t *testing.T) {
	root := repositoryRoot(t)
	r := analyzed(t, root, "-helper=always", "-strict", "./testdata/demo/...")
	run := sarifOf(t, r)
	if len(r.Findings) == 0 || len(run.Results) != len(r.Findings) {
		t.Fatalf("%d results of %d findings", len(run.Results), len(r.Findings))
	}
	flows, fixes := 0, 0
	for i, f := range r.Findings {
		result := run.Results[i]
		where := fmt.Sprintf("%s:%d (%s)", f.Use.File, f.Use.Start.Line, f.Rule)
		if got := textAt(t, root, result.Locations[0]); got != source(t, f.Use) {
			t.Errorf("%s: the use is %q", where, got)
		}
		if *result.Message.Text != f.Message {
			t.Errorf("%s: the message is %q", where, *result.Message.Text)
		}
		for _, key := range []string{"toctou/v1", "primaryLocationLineHash"} {
			if result.PartialFingerprints[key] != f.Fingerprint || f.Fingerprint == "" {
				t.Errorf("%s: the fingerprint %s is %q, want %q", where, key, result.PartialFingerprints[key], f.Fingerprint)
			}
		}
		rule := run.Tool.Driver.Rules[result.RuleIndex]
		if *rule.ID != f.Rule || *rule.HelpURI == "" || *rule.Help.Text == "" || *rule.Help.Markdown == "" {
			t.Errorf("%s: the rule is %s, or lacks its help", where, *rule.ID)
		}
		if !slices.ContainsFunc(rule.Properties.Tags, func(tag string) bool { return strings.HasPrefix(tag, "external/cwe/cwe-") }) {
			t.Errorf("%s: the tags %q name no CWE", where, rule.Properties.Tags)
		}
		_, severe := rule.Properties.Properties["security-severity"]
		if severe != slices.Contains(rule.Properties.Tags, "security") {
			t.Errorf("%s: one of security-severity and the tag security without the other", where)
		}
		if f.Check != nil {
			flows++
			if got := textAt(t, root, result.RelatedLocations[0]); got != source(t, *f.Check) {
				t.Errorf("%s: the check is %q", where, got)
			}
			steps := result.CodeFlows[0].ThreadFlows[0].Locations
			if len(steps) != 2 || textAt(t, root, steps[0].Location) != source(t, *f.Check) || textAt(t, root, steps[1].Location) != source(t, f.Use) {
				t.Errorf("%s: the flow does not lead from the check to the use", where)
			}
		}
		if len(result.Fixes) != len(f.Fixes) {
			t.Errorf("%s: %d fixes, want %d", where, len(result.Fixes), len(f.Fixes))
		}
		for j, fix := range result.Fixes {
			fixes++
			checkFix(t, root, where, fix, f.Fixes[j])
		}
	}
	if flows == 0 || fixes == 0 {
		t.Errorf("%d flows and %d fixes among the specimens", flows, fixes)
	}
}

// checkFix checks that a fix of the SARIF replaces what the fix does.
func checkFix(t *testing.T, root, where string, got *sarif.Fix, want finding.Fix) {
	t.Helper()
	if *got.Description.Text != want.Message {
		t.Errorf("%s: the fix is %q", where, *got.Description.Text)
	}
	change := got.ArtifactChanges[0]
	for k, r := range change.Replacements {
		edit := want.Edits[k]
		old := regionText(t, filepath.Join(root, *change.ArtifactLocation.URI), r.DeletedRegion)
		text := ""
		if r.InsertedContent != nil {
			text = *r.InsertedContent.Text
		}
		if old != source(t, edit.Place) || text != edit.New {
			t.Errorf("%s: the fix replaces %q with %q", where, old, text)
		}
	}
}

// source returns the source of a place.
func source(t *testing.T, p finding.Place) string {
	t.Helper()
	data, err := os.ReadFile(p.Path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data[p.Start.Offset:p.End.Offset])
}

// textAt returns the source at a location of SARIF.
func textAt(t *testing.T, root string, l *sarif.Location) string {
	t.Helper()
	artifact := l.PhysicalLocation.ArtifactLocation
	if *artifact.URIBaseID != "%SRCROOT%" || filepath.IsAbs(*artifact.URI) {
		t.Errorf("%s is not relative to the root of the repository", *artifact.URI)
	}
	return regionText(t, filepath.Join(root, *artifact.URI), l.PhysicalLocation.Region)
}

// regionText returns the text in a region of a file that has no characters
// but those of one byte.
func regionText(t *testing.T, name string, r *sarif.Region) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(data), "\n")
	offset := func(line, column int) int { return len(strings.Join(lines[:line-1], "")) + column - 1 }
	return string(data[offset(*r.StartLine, *r.StartColumn):offset(*r.EndLine, *r.EndColumn)])
}

const twoAlike = `package p

import "os"

// Read reads one of two files.
func Read(a, b string) ([]byte, error) {
	if _, err := os.Stat(a); err == nil {
		return os.ReadFile(a)
	}
	if _, err := os.Stat(a); err == nil {
		return os.ReadFile(a)
	}
	return nil, nil
}
`

// TestFingerprintsStay checks that neither lines above nor the file's name make
// new findings of old ones, and that a change of what is found does.
func TestFingerprintsStay(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("GOWORK", "off")
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	prints := func() []string {
		t.Helper()
		run := sarifOf(t, analyzed(t, dir, "./..."))
		set := make(map[string]bool)
		for _, result := range run.Results {
			set[result.PartialFingerprints["toctou/v1"]] = true
		}
		if len(set) != len(run.Results) {
			t.Errorf("%d fingerprints for %d results", len(set), len(run.Results))
		}
		return slices.Sorted(maps.Keys(set))
	}
	write("go.mod", "module example.com/m\n\ngo 1.25.0\n")
	write("p.go", twoAlike)
	before := prints()
	if len(before) != 2 {
		t.Fatalf("%d findings, want two that are alike", len(before))
	}
	write("p.go", strings.Replace(twoAlike, "// Read", "var limit = 1\n\n// Limit returns it.\nfunc Limit() int {\n\treturn limit\n}\n\n// Read", 1))
	if after := prints(); !slices.Equal(after, before) {
		t.Errorf("lines added above: %q, were %q", after, before)
	}
	if err := os.Rename(filepath.Join(dir, "p.go"), filepath.Join(dir, "q.go")); err != nil {
		t.Fatal(err)
	}
	if after := prints(); !slices.Equal(after, before) {
		t.Errorf("the file renamed: %q, were %q", after, before)
	}
	write("q.go", strings.Replace(strings.ReplaceAll(twoAlike, "os.ReadFile(a)", "os.Open(a)"), "[]byte", "*os.File", 1))
	if after := prints(); len(after) != 2 || slices.ContainsFunc(after, func(s string) bool { return slices.Contains(before, s) }) {
		t.Errorf("another use: %q, were %q", after, before)
	}
}

// TestSARIFOfProblems checks that SARIF reports what could not be analyzed.
func TestSARIFOfProblems(t *testing.T) {
	run := sarifOf(t, &output.Report{Problems: []string{"a.go:1:1: expected 'package'"}})
	inv := run.Invocations[0]
	if *inv.ExecutionSuccessful || *inv.ToolExecutionNotifications[0].Message.Text != "a.go:1:1: expected 'package'" {
		t.Errorf("the invocation says nothing of the problem")
	}
	if run := sarifOf(t, &output.Report{}); !*run.Invocations[0].ExecutionSuccessful || run.Results == nil {
		t.Error("a clean run is not one that was successful, with no results")
	}
}

// TestVetIsGoVets checks that -json prints what the framework would, which go
// vet -json does.
func TestVetIsGoVets(t *testing.T) {
	o := newOptions()
	o.settings.Helper = "always"
	root := repositoryRoot(t)
	listed, err := o.list(root, []string{"./testdata/demo/..."}, "")
	if err != nil {
		t.Fatal(err)
	}
	result := listed.analyze(o)
	o.env.Elsewhere = nil
	pkgs, err := packages.Load(&packages.Config{Mode: packages.LoadAllSyntax | packages.NeedModule, Dir: root}, "./testdata/demo/...")
	if err != nil {
		t.Fatal(err)
	}
	graph, err := checker.Analyze(o.selected(), pkgs, nil)
	if err != nil {
		t.Fatal(err)
	}
	var theirs, ours bytes.Buffer
	if err := graph.PrintJSON(&theirs); err != nil {
		t.Fatal(err)
	}
	if err := output.Write(&ours, "vet", &output.Report{Findings: result.findings}); err != nil {
		t.Fatal(err)
	}
	var want, got any
	if err := errors.Join(json.Unmarshal(theirs.Bytes(), &want), json.Unmarshal(ours.Bytes(), &got)); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got:\n%s\nwant:\n%s", ours.String(), theirs.String())
	}
}

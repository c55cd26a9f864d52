package output_test

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/edcacfbd/toctou/internal/finding"
	"github.com/edcacfbd/toctou/internal/output"
)

// TestVerdicts checks what a reader of each format gets of a verdict, and that a
// finding without one leaves no trace of it.
func TestVerdicts(t *testing.T) {
	const test, text = "TestLoad/<b>", "the file vanished in the window,\nand load returned <the> error"
	verdicts := map[*finding.Witness]string{
		{Verdict: finding.Confirmed, Test: test, Text: text}: "confirmed by TestLoad/<b>: the file vanished in the window, and load returned <the> error",
		{Verdict: finding.Survived, Test: test, Text: text}:  "survived in TestLoad/<b>: the file vanished in the window, and load returned <the> error",
		{Verdict: finding.OutsideWindow, Text: "a < b"}:      "run, not in the window: a < b",
		{Verdict: finding.NotExercised, Text: "a < b"}:       "not exercised: a < b",
		{Verdict: finding.NotComparable, Text: "a < b"}:      "not comparable: a < b",
	}
	escaped := strings.NewReplacer("<", "&lt;", ">", "&gt;")
	for w, want := range verdicts {
		r := drawn(t)
		r.Findings[0].Witness = w
		if lines := strings.Split(written(t, "text", r), "\n"); len(lines) != 3 || lines[1] != "\t"+want {
			t.Errorf("text: %q", lines)
		}
		if page := strings.ReplaceAll(written(t, "html", r), "\n", " "); !strings.Contains(page, "<dt>Witness</dt><dd>"+escaped.Replace(want)+"</dd>") {
			t.Errorf("the page does not have %s", want)
		}
		if pretty := strings.Join(strings.Fields(written(t, "pretty", r)), " "); !strings.Contains(pretty, "witness: "+want) {
			t.Errorf("pretty: %s", pretty)
		}
		for format, got := range map[string]property{"json": inJSON(t, r), "sarif": inSARIF(t, r)} {
			if got != (property{string(w.Verdict), w.Test, w.Text}) {
				t.Errorf("%s: %+v", format, got)
			}
		}
	}
	for _, format := range output.Formats() {
		if strings.Contains(strings.ToLower(written(t, format, drawn(t))), "witness") {
			t.Errorf("%s has a witness where no test was run", format)
		}
	}
}

// property is a verdict in formats that programs read.
type property struct{ Verdict, Test, Text string }

// inJSON returns the verdict in the format json, which has to be as the schema says.
func inJSON(t *testing.T, r *output.Report) property {
	t.Helper()
	text := written(t, "json", r)
	schema, err := jsonschema.NewCompiler().Compile(filepath.Join("..", "..", "docs", "output.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(value); err != nil {
		t.Error(err)
	}
	var report struct{ Findings []struct{ Witness property } }
	if err := json.Unmarshal([]byte(text), &report); err != nil || len(report.Findings) != 1 {
		t.Fatalf("%v: %s", err, text)
	}
	return report.Findings[0].Witness
}

// inSARIF returns the verdict in the format sarif.
func inSARIF(t *testing.T, r *output.Report) property {
	t.Helper()
	var log struct {
		Runs []struct {
			Results []struct{ Properties struct{ Witness property } }
		}
	}
	text := written(t, "sarif", r)
	if err := json.Unmarshal([]byte(text), &log); err != nil || len(log.Runs) != 1 || len(log.Runs[0].Results) != 1 {
		t.Fatalf("%v: %s", err, text)
	}
	return log.Runs[0].Results[0].Properties.Witness
}

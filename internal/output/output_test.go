package output_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/edcacfbd/toctou/internal/finding"
	"github.com/edcacfbd/toctou/internal/output"
	"github.com/edcacfbd/toctou/internal/rule"
	"github.com/edcacfbd/toctou/internal/severity"
)

// awkward is a report whose parts have all that a format may stumble over.
func awkward(t *testing.T) *output.Report {
	t.Helper()
	root := t.TempDir()
	place := func(line int, expr string) finding.Place {
		name := filepath.Join("a,b", "100%: ü.go")
		return finding.Place{
			File: name, Path: filepath.Join(root, name),
			Start: finding.Position{Line: line, Column: 5, Offset: 40}, End: finding.Position{Line: line, Column: 15, Offset: 50},
			Expr: expr, Operation: "os.Stat", Says: "the path is looked up here first",
		}
	}
	check, several := place(3, "os.Stat(p)"), place(9, "os.Remove(\n\tp)")
	several.End.Line++
	return &output.Report{
		Root:    root,
		Version: "v1.2.3",
		Rules:   []rule.Rule{{Name: "statopen", Title: "a path", CWE: []int{367}, Severity: 4.7}, {Name: "fdlife", Title: "a descriptor"}},
		Findings: []*finding.Finding{
			{
				Rule: "statopen", Reason: finding.Reason{ID: "opens-vanished", Text: "absence <is> handled", Strict: true}, Severity: severity.Medium, Message: `os.Open of "<p>" & more:` + "\r\n100%", Package: "m/p", Function: "T.F", Fingerprint: "aa:1",
				Check: &check, Use: place(7, `os.Open("<p>")`),
				Notes: []finding.Note{{Place: place(20, "os.Open(q)"), Message: "os.Open is called here"}},
				Fixes: []finding.Fix{{Message: "Open it first", Edits: []finding.Edit{{Place: place(7, ""), New: "<&>"}}}},
			},
			{Rule: "fdlife", Message: "plain", Package: "m/p", Fingerprint: "bb:1", Use: several, Missing: "example.com/x"},
		},
		Problems: []string{"p.go:1:1: expected 'package',\n100%"},
	}
}

// written returns a report in a format.
func written(t *testing.T, format string, r *output.Report) string {
	t.Helper()
	var b bytes.Buffer
	if err := output.Write(&b, format, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// oneLined is a message as formats of one line show it.
const oneLined = `os.Open of "<p>" & more: 100%`

func TestText(t *testing.T) {
	want := filepath.Join("a,b", "100%: ü.go") + ":7:5: " + oneLined + " [strict: absence <is> handled] (statopen)\n"
	if got := written(t, "text", awkward(t)); !strings.HasPrefix(got, want) {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestHasFixes checks that a format is written alike without fixes if it says
// that it has none: the run does not compute them then.
func TestHasFixes(t *testing.T) {
	for _, format := range output.Formats() {
		bare := awkward(t)
		for _, f := range bare.Findings {
			f.Fixes = nil
		}
		if has := written(t, format, bare) != written(t, format, awkward(t)); has != output.HasFixes(format) {
			t.Errorf("%s has fixes: %t; it says %t", format, has, output.HasFixes(format))
		}
	}
}

// TestGitHub reads the workflow commands as the runner does.
func TestGitHub(t *testing.T) {
	command := regexp.MustCompile(`^::(warning|error) (.*?)::(.*)$`)
	unescape := strings.NewReplacer("%25", "%", "%0D", "\r", "%0A", "\n", "%3A", ":", "%2C", ",")
	r := awkward(t)
	lines := strings.Split(strings.TrimSuffix(written(t, "github", r), "\n"), "\n")
	if len(lines) != 3 {
		t.Fatalf("%d commands:\n%s", len(lines), strings.Join(lines, "\n"))
	}
	read := func(line string) (kind string, properties map[string]string, data string) {
		m := command.FindStringSubmatch(line)
		if m == nil {
			t.Fatalf("no command: %s", line)
		}
		properties = make(map[string]string)
		for _, property := range strings.Split(m[2], ",") {
			key, value, _ := strings.Cut(property, "=")
			properties[key] = unescape.Replace(value)
		}
		return m[1], properties, unescape.Replace(m[3])
	}
	kind, properties, data := read(lines[0])
	message, url, _ := strings.Cut(strings.ReplaceAll(data, "\r\n", " "), "\n")
	if kind != "warning" || properties["file"] != "a,b/100%: ü.go" || properties["line"] != "7" || properties["col"] != "5" ||
		properties["title"] != "toctou: statopen" || message != oneLined || !strings.HasSuffix(url, "/statopen.md") {
		t.Errorf("%s %q %q", kind, properties, data)
	}
	// The runner takes no columns of what goes over several lines.
	if _, properties, _ := read(lines[1]); properties["line"] != "9" || properties["endLine"] != "10" || properties["col"] != "" {
		t.Errorf("over two lines: %q", properties)
	}
	if kind, _, data := read(lines[2]); kind != "error" || data != r.Problems[0] {
		t.Errorf("%s %q", kind, data)
	}
}

// TestSeverities checks that each severity has words of each host, and that no two
// have the same.
func TestSeverities(t *testing.T) {
	for _, format := range []string{"sarif", "github", "gitlab", "checkstyle", "junit", "json"} {
		written := make(map[string]severity.Level)
		for _, level := range []severity.Level{severity.Low, severity.Medium, severity.High} {
			r := awkward(t)
			r.Root, r.Findings = "", r.Findings[:1]
			r.Findings[0].Severity = level
			r.Findings[0].Use.Path, r.Findings[0].Check.Path, r.Findings[0].Notes = "/p.go", "/p.go", nil
			r.Findings[0].Fixes = nil
			var b bytes.Buffer
			if err := output.Write(&b, format, r); err != nil {
				t.Fatal(err)
			}
			if same, ok := written[b.String()]; ok {
				t.Errorf("%s: %s is written as %s is", format, level, same)
			}
			written[b.String()] = level
		}
	}
}

func TestGitLab(t *testing.T) {
	var issues []map[string]any
	if err := json.Unmarshal([]byte(written(t, "gitlab", awkward(t))), &issues); err != nil {
		t.Fatal(err)
	}
	if len(issues) != 2 {
		t.Fatalf("%d issues", len(issues))
	}
	got := fmt.Sprint(issues[0]["check_name"], issues[0]["fingerprint"], issues[0]["severity"], issues[0]["location"], issues[1]["severity"])
	want := fmt.Sprint("statopen", "aa:1", "major", map[string]any{"path": "a,b/100%: ü.go", "lines": map[string]any{"begin": 7, "end": 7}}, "minor")
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if text := written(t, "gitlab", new(output.Report)); text != "[]\n" {
		t.Errorf("no findings: %q", text)
	}
}

func TestCheckstyle(t *testing.T) {
	var out struct {
		XMLName xml.Name `xml:"checkstyle"`
		Files   []struct {
			Name   string `xml:"name,attr"`
			Errors []struct {
				Line    int    `xml:"line,attr"`
				Column  int    `xml:"column,attr"`
				Message string `xml:"message,attr"`
				Source  string `xml:"source,attr"`
			} `xml:"error"`
		} `xml:"file"`
	}
	if err := xml.Unmarshal([]byte(written(t, "checkstyle", awkward(t))), &out); err != nil {
		t.Fatal(err)
	}
	if len(out.Files) != 1 || len(out.Files[0].Errors) != 2 || out.Files[0].Name != "a,b/100%: ü.go" {
		t.Fatalf("%+v", out)
	}
	if e := out.Files[0].Errors[0]; e.Line != 7 || e.Column != 5 || strings.Join(strings.Fields(e.Message), " ") != oneLined || e.Source != "toctou.statopen" {
		t.Errorf("%+v", e)
	}
	if err := xml.Unmarshal([]byte(written(t, "checkstyle", new(output.Report))), &out); err != nil {
		t.Errorf("no findings: %v", err)
	}
}

// TestVet reads what go vet -json would print.
func TestVet(t *testing.T) {
	r := awkward(t)
	var units map[string]map[string][]struct {
		Posn, End, Message string
		Fixes              []struct {
			Message string
			Edits   []struct {
				Filename   string
				Start, End int
				New        string
			}
		} `json:"suggested_fixes"`
		Related []struct{ Posn, Message string }
	}
	if err := json.Unmarshal([]byte(written(t, "vet", r)), &units); err != nil {
		t.Fatal(err)
	}
	list := units["m/p"]["statopen"]
	if len(units) != 1 || len(units["m/p"]) != 2 || len(list) != 1 {
		t.Fatalf("%+v", units)
	}
	d, f := list[0], r.Findings[0]
	if d.Posn != f.Use.Path+":7:5" || d.End != f.Use.Path+":7:15" || d.Message != f.Message || d.Related[0].Posn != f.Use.Path+":3:5" {
		t.Errorf("%+v", d)
	}
	if e := d.Fixes[0].Edits[0]; e.Filename != f.Use.Path || e.Start != 40 || e.End != 50 || e.New != "<&>" {
		t.Errorf("%+v", e)
	}
}

// TestJSONSchemas compares what is written as JSON with the schemas that users
// are given, which know every field.
func TestJSONSchemas(t *testing.T) {
	for format, file := range map[string]string{"json": "output.schema.json", "vet": "vet.schema.json"} {
		schema, err := jsonschema.NewCompiler().Compile(filepath.Join("..", "..", "docs", file))
		if err != nil {
			t.Fatal(err)
		}
		for name, r := range map[string]*output.Report{"awkward": awkward(t), "empty": {}} {
			value, err := jsonschema.UnmarshalJSON(strings.NewReader(written(t, format, r)))
			if err != nil {
				t.Fatal(err)
			}
			if err := schema.Validate(value); err != nil {
				t.Errorf("%s, %s: %v", format, name, err)
			}
		}
	}
}

// TestSchemaRefuses checks that the schema would notice a field that is missing
// or not described.
func TestSchemaRefuses(t *testing.T) {
	schema, err := jsonschema.NewCompiler().Compile(filepath.Join("..", "..", "docs", "output.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	text := written(t, "json", awkward(t))
	for old, changed := range map[string]string{
		`"version": 1`:        `"version": 2`,
		`"rule"`:              `"rules"`,
		`"offset": 40`:        `"offset": -1`,
		`"url": "https`:       `"surprise": 1, "url": "https`,
		`"fingerprint": "aa:`: `"fingerprints": "aa:`,
	} {
		if !strings.Contains(text, old) {
			t.Errorf("no %s in\n%s", old, text)
			continue
		}
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(strings.Replace(text, old, changed, 1)))
		if err != nil {
			t.Fatal(err)
		}
		if schema.Validate(value) == nil {
			t.Errorf("%s passes for %s", changed, old)
		}
	}
}

// TestOtherFiles checks how files are named that lie outside of the repository.
func TestOtherFiles(t *testing.T) {
	r := awkward(t)
	r.Root = filepath.Join(r.Root, "elsewhere")
	if text := written(t, "sarif", r); !strings.Contains(text, `"uri": "file:///`) || strings.Contains(text, `"uri": "..`) {
		t.Error("a file outside has no address of its own in SARIF")
	}
}

// TestMissingSource checks that findings are shown whose file cannot be read.
func TestMissingSource(t *testing.T) {
	r := awkward(t)
	if err := os.RemoveAll(r.Root); err != nil {
		t.Fatal(err)
	}
	text := written(t, "pretty", r)
	if !strings.Contains(text, oneLined) || !strings.Contains(text, ":7:5") {
		t.Errorf("got:\n%s", text)
	}
}

func TestUnknownFormat(t *testing.T) {
	if err := output.Write(new(bytes.Buffer), "yaml", new(output.Report)); err == nil {
		t.Error("no error")
	}
}

// TestJUnit checks that each finding is a test case that failed, each problem one
// with an error, and that a run without any has one that passed.
func TestJUnit(t *testing.T) {
	var out struct {
		XMLName  xml.Name `xml:"testsuites"`
		Tests    int      `xml:"tests,attr"`
		Failures int      `xml:"failures,attr"`
		Errors   int      `xml:"errors,attr"`
		Cases    []struct {
			Class   string `xml:"classname,attr"`
			Line    int    `xml:"line,attr"`
			Failure *struct {
				Message string `xml:"message,attr"`
				Text    string `xml:",chardata"`
			} `xml:"failure"`
			Error *struct {
				Message string `xml:"message,attr"`
			} `xml:"error"`
		} `xml:"testsuite>testcase"`
	}
	r := awkward(t)
	if err := xml.Unmarshal([]byte(written(t, "junit", r)), &out); err != nil {
		t.Fatal(err)
	}
	if out.Tests != 3 || out.Failures != 2 || out.Errors != 1 || len(out.Cases) != 3 {
		t.Fatalf("%d tests, %d failures, %d errors, %d cases", out.Tests, out.Failures, out.Errors, len(out.Cases))
	}
	first := out.Cases[0]
	if first.Class != "toctou.statopen" || first.Line != 7 || first.Failure == nil || !strings.Contains(first.Failure.Text, "absence <is> handled") {
		t.Errorf("the first case is %+v", first)
	}
	if last := out.Cases[2]; last.Error == nil || last.Failure != nil {
		t.Errorf("the problem is %+v", last)
	}
	out.Cases = nil
	if err := xml.Unmarshal([]byte(written(t, "junit", new(output.Report))), &out); err != nil {
		t.Fatal(err)
	}
	if len(out.Cases) != 1 || out.Cases[0].Failure != nil || out.Cases[0].Error != nil {
		t.Errorf("a clean run is %+v", out.Cases)
	}
}

// Package action tests the GitHub Action in action.yml, and the samples for CI
// in docs/ci.md.
package action

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/edcacfbd/toctou/internal/scripttest"
)

// An action is what we use of the file.
type action struct {
	Inputs map[string]struct {
		Description string
		Default     string
	}
	Outputs map[string]struct{ Value string }
	Runs    struct {
		Using string
		Steps []step
	}
}

type step struct {
	ID, If, Name, Uses, Shell, Run string
	Dir                            string `yaml:"working-directory"`
	Env                            map[string]string
	With                           map[string]string
}

func root(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func read(t *testing.T) *action {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root(t), "action.yml"))
	if err != nil {
		t.Fatal(err)
	}
	a := new(action)
	if err := yaml.Unmarshal(data, a); err != nil {
		t.Fatal(err)
	}
	return a
}

// TestShape checks what the runner demands of a composite action, and that no
// value is pasted into a script, where it would be code.
func TestShape(t *testing.T) {
	a := read(t)
	if a.Runs.Using != "composite" || len(a.Runs.Steps) == 0 {
		t.Fatalf("runs using %q", a.Runs.Using)
	}
	for name, input := range a.Inputs {
		if input.Description == "" {
			t.Errorf("the input %s is not described", name)
		}
	}
	for _, s := range a.Runs.Steps {
		switch {
		case (s.Run == "") == (s.Uses == ""):
			t.Errorf("the step %q both runs and uses something, or neither", s.Name)
		case s.Run != "" && s.Shell == "":
			t.Errorf("the step %q names no shell", s.Name)
		case strings.Contains(s.Run, "${{"):
			t.Errorf("the script of the step %q has an expression in it", s.Name)
		}
	}
}

var expression = regexp.MustCompile(`\$\{\{ *([^ }]+) *\}\}`)

// A job runs the steps of the action as a runner would, without those that use
// other actions.
type job struct {
	*testing.T
	values    map[string]string // of expressions
	workspace string
	temp      string
	log       string
	used      []string // the actions that were left out
}

// run runs the action on a workspace with some inputs, and returns the job and
// its exit status. temp is the runner's folder for what is temporary.
func run(t *testing.T, workspace, temp string, inputs map[string]string) (*job, int) {
	t.Helper()
	a := read(t)
	j := &job{T: t, values: make(map[string]string), workspace: workspace, temp: temp}
	j.values["runner.temp"] = j.temp
	for name, input := range a.Inputs {
		j.values["inputs."+name] = input.Default
	}
	for name, value := range inputs {
		if _, ok := a.Inputs[name]; !ok {
			t.Fatalf("no input is called %s", name)
		}
		j.values["inputs."+name] = value
	}
	for _, s := range a.Runs.Steps {
		if !j.holds(s.If) {
			continue
		}
		if s.Uses != "" {
			j.used = append(j.used, s.Uses)
			for _, value := range s.With {
				j.expand(value)
			}
			continue
		}
		if status := j.step(s); status != 0 {
			return j, status
		}
	}
	for name, output := range a.Outputs {
		j.values["outputs."+name] = j.expand(output.Value)
	}
	return j, 0
}

// holds evaluates a condition of the form: name == 'value', or name alone, which
// holds if the value is not empty.
func (j *job) holds(condition string) bool {
	if condition == "" {
		return true
	}
	name, value, ok := strings.Cut(condition, " == ")
	if !ok {
		return j.value(name) != ""
	}
	return j.value(name) == strings.Trim(value, "'")
}

func (j *job) value(name string) string {
	value, ok := j.values[name]
	if !ok && !strings.HasPrefix(name, "steps.run.outputs.") {
		j.Fatalf("the runner knows no %s", name)
	}
	return value
}

func (j *job) expand(s string) string {
	return expression.ReplaceAllStringFunc(s, func(e string) string { return j.value(expression.FindStringSubmatch(e)[1]) })
}

// step runs the script of a step, and reads its outputs.
func (j *job) step(s step) int {
	output := filepath.Join(j.temp, "output")
	if err := os.WriteFile(output, nil, 0o666); err != nil {
		j.Fatal(err)
	}
	// The options are those of the runner.
	cmd := exec.Command("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", s.Run)
	cmd.Dir = filepath.Join(j.workspace, j.expand(s.Dir))
	cmd.Env = append(os.Environ(), "GITHUB_OUTPUT="+output, "GITHUB_ACTION_PATH="+root(j.T))
	for name, value := range s.Env {
		cmd.Env = append(cmd.Env, name+"="+j.expand(value))
	}
	out, err := cmd.CombinedOutput()
	j.log += string(out)
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		return exit.ExitCode()
	} else if err != nil {
		j.Fatal(err)
	}
	data, err := os.ReadFile(output)
	if err != nil {
		j.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		j.values["steps."+s.ID+".outputs."+name] = value
	}
	return 0
}

// workspace makes a repository with a module in the folder module, which has
// one finding.
func workspace(t *testing.T, broken bool) string {
	t.Helper()
	dir := t.TempDir()
	files := map[string]string{
		".git":          "", // that of a work tree is a file
		"module/go.mod": "module example.com/m\n\ngo 1.25.0\n",
		"module/a/a.go": "package a\n\nimport \"os\"\n\nfunc F(p string) ([]byte, error) {\n\tif _, err := os.Stat(p); os.IsNotExist(err) {\n\t\treturn nil, nil\n\t}\n\treturn os.ReadFile(p)\n}\n",
		"module/b/b.go": "package b\n",
	}
	if broken {
		files["module/b/b.go"] = "package b\n\nvar x = y\n"
	}
	scripttest.WriteFiles(t, dir, files)
	return dir
}

// TestSteps runs the action's scripts.
func TestSteps(t *testing.T) {
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("needs bash, which all runners have")
	}
	t.Setenv("GOFLAGS", "")
	tests := []struct {
		name   string
		broken bool
		inputs map[string]string
		status int
		uri    string // in the SARIF; empty if there is none
		log    string
	}{
		{"findings fail", false, nil, 1, "module/a/a.go", ""},
		{"findings are left to code scanning", false, map[string]string{"fail": "false"}, 0, "module/a/a.go", ""},
		{"annotations", false, map[string]string{"upload": "false"}, 1, "", " file=module/a/a.go,line=9,"},
		{"flags", false, map[string]string{"args": "-statopen=false  ./..."}, 0, "", ""},
		{"a broken package", true, map[string]string{"fail": "false"}, 2, "module/a/a.go", "undefined: y"},
		{"an unknown flag", false, map[string]string{"args": "-nosuch ./..."}, 2, "", "unknown flag -nosuch"},
		{"arguments are no code", false, map[string]string{"args": "$(echo -nosuch) ./..."}, 2, "", "unknown flag -nosuch)"},
	}
	temp := t.TempDir() // one, so that the program is linked once
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			inputs := map[string]string{"working-directory": "module"}
			for name, value := range test.inputs {
				inputs[name] = value
			}
			j, status := run(t, workspace(t, test.broken), temp, inputs)
			if status != test.status || !strings.Contains(j.log, test.log) {
				t.Fatalf("status %d, want %d\n%s", status, test.status, j.log)
			}
			upload := inputs["upload"] != "false" && !strings.Contains(test.log, "unknown flag")
			if uploads := strings.Contains(strings.Join(j.used, " "), "/upload-sarif@"); uploads != upload {
				t.Errorf("uploads: %v", uploads)
			}
			data, err := os.ReadFile(j.values["steps.run.outputs.sarif"])
			if upload && (err != nil || !json.Valid(data)) {
				t.Fatalf("there is nothing to upload: %v", err)
			}
			if !strings.Contains(string(data), test.uri) {
				t.Errorf("the SARIF does not name %s", test.uri)
			}
		})
	}
}

var sample = regexp.MustCompile("(?s)```yaml\n(.*?)```")

// TestSamples checks that the samples in the documentation are YAML, and name
// what there is.
func TestSamples(t *testing.T) {
	a := read(t)
	data, err := os.ReadFile(filepath.Join(root(t), "docs", "ci.md"))
	if err != nil {
		t.Fatal(err)
	}
	ours, reports := 0, 0
	for _, m := range sample.FindAllStringSubmatch(string(data), -1) {
		var any map[string]yaml.Node
		if err := yaml.Unmarshal([]byte(m[1]), &any); err != nil {
			t.Errorf("%v in\n%s", err, m[1])
			continue
		}
		var workflow struct {
			Jobs map[string]struct{ Steps []step }
		}
		if err := yaml.Unmarshal([]byte(m[1]), &workflow); err != nil {
			t.Errorf("%v in\n%s", err, m[1])
		}
		for _, j := range workflow.Jobs {
			for _, s := range j.Steps {
				if !strings.HasPrefix(s.Uses, "edcacfbd/toctou@") {
					continue
				}
				ours++
				for name := range s.With {
					if _, ok := a.Inputs[name]; !ok {
						t.Errorf("the action has no input %s", name)
					}
				}
			}
		}
		var pipeline struct {
			Toctou struct {
				Script    []string
				Artifacts struct {
					Reports struct{ Codequality string }
				}
			}
		}
		if err := yaml.Unmarshal([]byte(m[1]), &pipeline); err != nil {
			t.Errorf("%v in\n%s", err, m[1])
		}
		if report := pipeline.Toctou.Artifacts.Reports.Codequality; report != "" {
			reports++
			if !strings.Contains(strings.Join(pipeline.Toctou.Script, "\n"), "-o "+report+" ") {
				t.Errorf("nothing writes %s", report)
			}
		}
	}
	if ours == 0 || reports == 0 {
		t.Errorf("%d samples of the action, %d of GitLab's report", ours, reports)
	}
	for name, input := range a.Inputs {
		row := regexp.MustCompile("(?m)^\\| `" + name + "` \\| (`" + regexp.QuoteMeta(input.Default) + "`|that of the action) \\| ")
		if !row.Match(data) {
			t.Errorf("docs/ci.md does not describe the input %s with its default %q", name, input.Default)
		}
	}
}

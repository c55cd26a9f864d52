package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sourcegraph/jsonrpc2"

	"github.com/edcacfbd/toctou/internal/scripttest"
)

// What most editors can do.
var capabilities = map[string]any{
	"workspace": map[string]any{"workspaceEdit": map[string]any{"documentChanges": true}},
	"textDocument": map[string]any{
		"codeAction": map[string]any{"codeActionLiteralSupport": map[string]any{"codeActionKind": map[string]any{"valueSet": []string{"quickfix"}}}},
	},
}

// On disk the file of the tests is empty. The comments have characters of one, two and
// four bytes, which are one and two units of UTF-16.
const conf = `// Package conf reads a configuration.
package conf

import (
	"encoding/json"
	"os"
)

type Conf struct{ Name string }

// Load reads a file, if there is one: ` + "né 🔒" + `
func Load(path string) (*Conf, error) {
	c := new(Conf)
	if _, err := os.Stat(path); os.IsNotExist(err) {
		return c, nil
	}
	/* é 🔒 */ data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return c, json.Unmarshal(data, c)
}
`

func lspModule(t *testing.T, files map[string]string) string {
	t.Helper()
	t.Setenv("GOWORK", "off")
	t.Setenv("GOFLAGS", "-mod=mod")
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	scripttest.WriteFiles(t, dir, map[string]string{"go.mod": "module example.com/m\n\ngo 1.25\n", "conf/conf.go": "package conf\n"})
	scripttest.WriteFiles(t, dir, files)
	return dir
}

// TestLSP is a person who writes a file, is shown a race, and takes the fix.
func TestLSP(t *testing.T) {
	e := startEditor(t, lspModule(t, nil), capabilities)
	b := e.open("conf/conf.go", conf)
	d := b.until("statopen 17")[0]
	if want := "os.ReadFile fails if another process removes the file after the os.Stat on line 14, which handles its absence"; !strings.HasPrefix(d.Message, want+"\n") {
		t.Errorf("the message is %q, want %q and the reason", d.Message, want)
	}
	if d.Source != "toctou" || !strings.HasSuffix(d.CodeDescription.Href, "/docs/rules/statopen.md") {
		t.Errorf("the diagnostic is of %q, with the page %q", d.Source, d.CodeDescription.Href)
	}
	if got := conf[offsetOf(conf, d.Range.Start):offsetOf(conf, d.Range.End)]; got != "os.ReadFile(path)" {
		t.Errorf("the diagnostic is at %q", got)
	}
	if len(d.Related) != 1 || d.Related[0].Location.URI != b.uri(b.name) || d.Related[0].Location.Range.Start.Line != 13 {
		t.Errorf("the check is at %+v", d.Related)
	}

	// There are quick fixes at the finding, and none elsewhere or of other kinds.
	if list := b.fixes(extent{place{0, 0}, place{0, 5}}); len(list) > 0 {
		t.Errorf("fixes %+v on the first line", list)
	}
	if list := b.fixes(d.Range, "refactor"); len(list) > 0 {
		t.Errorf("refactorings %+v", list)
	}
	list := b.fixes(extent{d.Range.Start, d.Range.Start}, "quickfix")
	if len(list) != 1 || list[0].Kind != "quickfix" || !list[0].IsPreferred || len(list[0].Diagnostics) != 1 || list[0].Diagnostics[0].Code != "statopen" {
		t.Fatalf("fixes %+v", list)
	}
	b.apply(list[0])
	b.until()
	for _, want := range []string{"\t\"encoding/json\"\n\t\"errors\"\n\t\"os\"\n", "\t/* é 🔒 */ data, err := os.ReadFile(path)\n", "\tif err != nil {\n\t\tif errors.Is(err, os.ErrNotExist) {\n\t\t\treturn c, nil\n\t\t}\n\t\treturn nil, err\n"} {
		if !strings.Contains(b.text, want) {
			t.Errorf("after the fix there is no %q:\n%s", want, b.text)
		}
	}

	// An edit and a question at once: the answer is about the new text.
	b.change(conf)
	list = b.fixes(d.Range)
	if len(list) != 1 {
		t.Fatalf("fixes %+v", list)
	}
	b.until("statopen 17")
	b.change(strings.Replace(b.text, "os.ReadFile(path)\n", "os.ReadFile(path) //toctou:ignore nobody else writes there\n", 1))
	b.until()
	b.change(strings.Replace(b.text, " nobody else writes there", "", 1))
	b.until("statopen 17", "toctouignore 17")

	// A package that does not compile has no findings, and is reported.
	b.change(strings.Replace(b.text, "return c, nil", "return", 1))
	b.until()
	e.waitLog("conf/conf.go:15")
	b.change(conf)
	b.until("statopen 17")

	// Closed, the file is what is on disk.
	b.close()
	e.wait("the end of the diagnostics", func() bool {
		p := e.latest[b.uri(b.name)]
		return p.Version == nil && len(p.Diagnostics) == 0
	})
	e.end(0)
}

// TestLSPOldEditor checks that an editor is served that can do little: edits without
// versions, or none at all.
func TestLSPOldEditor(t *testing.T) {
	dir := lspModule(t, nil)
	e := startEditor(t, dir, map[string]any{"textDocument": map[string]any{"codeAction": capabilities["textDocument"].(map[string]any)["codeAction"]}})
	b := e.open("conf/conf.go", "package conf\n")
	b.changeBy(map[string]any{"text": "package\n"}, map[string]any{"text": conf})
	b.text = conf
	b.apply(b.fixes(b.until("statopen 17")[0].Range)[0])
	b.until()
	e.end(0)

	e = startEditor(t, dir, map[string]any{})
	b = e.open("conf/conf.go", conf)
	if list := b.fixes(b.until("statopen 17")[0].Range); len(list) > 0 {
		t.Errorf("fixes %+v for an editor that takes commands alone", list)
	}
	e.end(0)
}

// TestLSPSettings checks that flags and the settings file count, and that a mistake in
// that is shown in it.
func TestLSPSettings(t *testing.T) {
	dir := lspModule(t, map[string]string{".toctou.yml": "passes:\n  statopen: off\n"})
	e := startEditor(t, dir, capabilities)
	b := e.open("conf/conf.go", conf)
	b.until()
	write := func(text string) {
		t.Helper()
		scripttest.WriteFiles(t, dir, map[string]string{".toctou.yml": text})
		e.notify("workspace/didChangeWatchedFiles", map[string]any{"changes": []any{}})
	}
	write("passes:\n  statopen: on\n")
	b.until("statopen 17")
	write("passes:\n  statopne: on\n")
	e.wait("the problem of the settings file", func() bool {
		list := e.latest[e.uri(".toctou.yml")].Diagnostics
		return len(list) == 1 && list[0].Range.Start.Line == 1 && strings.Contains(list[0].Message, "statopne")
	})
	write("passes:\n  statopen: strict\n")
	b.until("statopen 17")
	e.wait("the end of the problem", func() bool { return len(e.latest[e.uri(".toctou.yml")].Diagnostics) == 0 })
	e.end(0)

	e = startEditor(t, dir, capabilities, "-statopen=false")
	e.open("conf/conf.go", conf).until()
	e.end(0)
}

// TestLSPFiles checks what the server says of files that it does not analyze, and that
// it goes on when a file is deleted.
func TestLSPFiles(t *testing.T) {
	dir := lspModule(t, map[string]string{"load/load.go": "package load\n\nimport \"example.com/m/conf\"\n\nvar C, _ = conf.Load(\"a\")\n"})
	outside := t.TempDir()
	e := startEditor(t, dir, capabilities)
	e.notify("textDocument/didOpen", map[string]any{"textDocument": map[string]any{"uri": uri(filepath.Join(outside, "a.go")), "version": 1, "text": conf}})
	e.waitLog("there is no go.mod")
	e.notify("textDocument/didOpen", map[string]any{"textDocument": map[string]any{"uri": "untitled:Untitled-1", "version": 1, "text": conf}})
	e.notify("textDocument/didOpen", map[string]any{"textDocument": map[string]any{"uri": e.uri("notes.txt"), "version": 1, "text": conf}})
	b := e.open("conf/conf.go", conf)
	b.until("statopen 17")
	if err := os.RemoveAll(filepath.Join(dir, "conf")); err != nil {
		t.Fatal(err)
	}
	b.change(strings.Replace(conf, "// Load", "//\n// Load", 1)) // it is in the editor still
	b.until("statopen 18")
	b.close()
	c := e.open("load/load.go", "package load\n\nimport \"example.com/m/conf\"\n\nvar C, _ = conf.Load(\"b\")\n")
	c.until()
	e.waitLog("load/load.go:3")
	e.end(0)
}

// TestLSPProtocol checks what the server says to what is not right.
func TestLSPProtocol(t *testing.T) {
	dir := lspModule(t, nil)
	code := func(err error) int64 {
		var e *jsonrpc2.Error
		if !errors.As(err, &e) {
			return 0
		}
		return e.Code
	}
	e := startEditor(t, dir, nil)
	if got := code(e.try("textDocument/codeAction", map[string]any{}, nil)); got != -32002 {
		t.Errorf("before initialize the code is %d", got)
	}
	e.notify("textDocument/didOpen", map[string]any{}) // is passed over
	if got := code(e.try("initialize", []int{1}, nil)); got != jsonrpc2.CodeInvalidParams {
		t.Errorf("initialize of a list has the code %d", got)
	}
	e.call("initialize", map[string]any{"capabilities": capabilities}, nil)
	if got := code(e.try("initialize", map[string]any{}, nil)); got != jsonrpc2.CodeInvalidRequest {
		t.Errorf("the second initialize has the code %d", got)
	}
	err := e.try("textDocument/hover", map[string]any{}, nil)
	if got := code(err); got != jsonrpc2.CodeMethodNotFound || !strings.Contains(err.Error(), "in addition to gopls") {
		t.Errorf("hover: %v", err)
	}
	if got := code(e.try("textDocument/codeAction", nil, nil)); got != jsonrpc2.CodeInvalidParams {
		t.Errorf("no parameters have the code %d", got)
	}
	e.notify("$/anything", map[string]any{})
	e.notify("textDocument/didChange", 1)
	e.waitLog("textDocument/didChange: ")
	b := e.open("conf/conf.go", conf)
	b.changeBy(map[string]any{"range": extent{place{900, 0}, place{901, 0}}.json(), "text": ""})
	e.waitLog("has no range from 900:0 to 901:0")
	e.open("conf/conf.go", conf).until("statopen 17")
	e.call("shutdown", nil, nil)
	if got := code(e.try("shutdown", nil, nil)); got != jsonrpc2.CodeInvalidRequest {
		t.Errorf("the second shutdown has the code %d", got)
	}
	e.notify("exit", nil)
	e.exits(0)

	e = startEditor(t, dir, capabilities)
	e.notify("exit", nil)
	e.exits(2)
	if got := e.stderr.String(); strings.Count(got, "\n") != 1 || !strings.Contains(got, "sent exit before shutdown") {
		t.Errorf("it says %q", got)
	}
}

// TestLSPBrokenInput checks that what is no message ends the server with one line if
// nothing can be read behind it, and is answered otherwise.
func TestLSPBrokenInput(t *testing.T) {
	message := func(body string) string { return fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(body), body) }
	const initialize = `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{}}}`
	for _, test := range []struct{ name, in, out, stderr string }{
		{"nothing", "", "", "the client closed the connection"},
		{"no header", "GET / HTTP/1.1\r\n\r\n", "", "invalid message"},
		{"no length", "Content-Length: many\r\n\r\n{}", "", `Content-Length "many"`},
		{"great length", "Content-Length: 99999999999999\r\n\r\n{}", "", `Content-Length "99999999999999"`},
		{"less than said", "Content-Length: 100\r\n\r\n{}", "", "unexpected EOF"},
		{"no JSON", message("{broken") + message(initialize), `"code":-32700`, "the client closed the connection"},
		{"no call", message("[1]") + message(initialize), `"code":-32600`, "the client closed the connection"},
		{"small letters", strings.ToLower("Content-Length:") + strings.TrimPrefix(message(initialize), "Content-Length:"), `"serverInfo"`, "the client closed the connection"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var out, stderr strings.Builder
			cmd := exec.Command("toctou", "lsp")
			cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(test.in), &out, &stderr
			cmd.WaitDelay = time.Minute
			err := cmd.Run()
			if code := cmd.ProcessState.ExitCode(); err == nil || code != 2 {
				t.Errorf("it exits with %d", code)
			}
			if !strings.Contains(out.String(), test.out) || strings.Contains(test.in, initialize) && !strings.Contains(out.String(), `"serverInfo"`) {
				t.Errorf("it answers %q, want %q", &out, test.out)
			}
			if got := stderr.String(); strings.Count(got, "\n") != 1 || !strings.Contains(got, test.stderr) {
				t.Errorf("it says %q, want %q in one line", got, test.stderr)
			}
		})
	}
}

// TestLSPArguments checks that packages and unknown flags are refused.
func TestLSPArguments(t *testing.T) {
	for args, want := range map[string]string{
		"./...":    "accepts no packages",
		"-nosuch":  "unknown flag -nosuch",
		"-o=a.txt": "unknown flag -o",
		"-strit":   "did you mean -strict?",
	} {
		cmd := exec.Command("toctou", "lsp", args)
		cmd.Stdin = io.LimitReader(strings.NewReader(""), 0)
		out, err := cmd.CombinedOutput()
		if err == nil || cmd.ProcessState.ExitCode() != 2 || strings.Count(string(out), "\n") != 1 || !strings.Contains(string(out), want) {
			t.Errorf("%s: %v, %q; want %q", args, err, out, want)
		}
	}
	out, err := exec.Command("toctou", "lsp", "-h").Output()
	if err != nil || !strings.HasPrefix(string(out), "usage: toctou lsp") {
		t.Errorf("-h: %v, %q", err, out)
	}
}

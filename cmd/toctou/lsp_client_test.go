package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/sourcegraph/jsonrpc2"
)

// patience is how long the server may take. The first time the go command compiles
// what the packages import.
const patience = 3 * time.Minute

// An editor is as much of one as the tests need: it starts `toctou lsp` and talks to it.
type editor struct {
	t      *testing.T
	dir    string
	cmd    *exec.Cmd
	conn   *jsonrpc2.Conn
	stderr strings.Builder
	ended  chan error // of the program

	mu      sync.Mutex
	latest  map[string]published // by URI
	logged  []string
	changed chan struct{} // closed when one of them changes
}

type (
	place     struct{ Line, Character int }
	extent    struct{ Start, End place }
	published struct {
		URI         string
		Version     *int
		Diagnostics []shown
	}
	shown struct {
		Range           extent                `json:"range"`
		Severity        int                   `json:"severity"`
		Code            string                `json:"code"`
		Source          string                `json:"source"`
		Message         string                `json:"message"`
		CodeDescription struct{ Href string } `json:"codeDescription"`
		Related         []struct {
			Location struct {
				URI   string
				Range extent
			}
			Message string
		} `json:"relatedInformation"`
	}
	edit struct {
		Range   extent
		NewText string
	}
	action struct {
		Title, Kind string
		IsPreferred bool
		Diagnostics []shown
		Edit        struct {
			DocumentChanges []struct {
				TextDocument struct {
					URI     string
					Version *int
				}
				Edits []edit
			}
			Changes map[string][]edit
		}
	}
)

// pipes are the two ends of a program.
type pipes struct {
	io.ReadCloser
	io.WriteCloser
}

func (p pipes) Close() error { return p.WriteCloser.Close() }

// startEditor starts the server in a folder, with flags, and says initialize unless
// capabilities is nil.
func startEditor(t *testing.T, dir string, capabilities map[string]any, flags ...string) *editor {
	t.Helper()
	program, err := exec.LookPath("toctou")
	if err != nil {
		t.Fatal(err)
	}
	e := &editor{t: t, dir: dir, latest: make(map[string]published), changed: make(chan struct{}), ended: make(chan error, 1)}
	e.cmd = exec.Command(program, append([]string{"lsp"}, flags...)...)
	e.cmd.Dir, e.cmd.Stderr = dir, &e.stderr
	in, err := e.cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := e.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := e.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	stream := jsonrpc2.NewBufferedStream(pipes{out, in}, jsonrpc2.VSCodeObjectCodec{})
	e.conn = jsonrpc2.NewConn(t.Context(), stream, jsonrpc2.HandlerWithError(e.handle))
	go func() {
		<-e.conn.DisconnectNotify()
		e.ended <- e.cmd.Wait()
	}()
	t.Cleanup(func() {
		in.Close()
		select {
		case err := <-e.ended:
			e.ended <- err
		case <-time.After(patience):
			e.cmd.Process.Kill()
			t.Error("the server goes on after its input has ended")
		}
	})
	if capabilities != nil {
		e.call("initialize", map[string]any{"rootUri": uri(dir), "capabilities": capabilities}, nil)
		e.notify("initialized", map[string]any{})
	}
	return e
}

func uri(file string) string { return "file://" + filepath.ToSlash(file) }

func (e *editor) uri(name string) string { return uri(filepath.Join(e.dir, filepath.FromSlash(name))) }

// handle takes what the server says.
func (e *editor) handle(_ context.Context, _ *jsonrpc2.Conn, req *jsonrpc2.Request) (any, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	defer func() {
		close(e.changed)
		e.changed = make(chan struct{})
	}()
	switch req.Method {
	case "textDocument/publishDiagnostics":
		var p published
		if err := json.Unmarshal(*req.Params, &p); err != nil {
			e.t.Error(err)
		}
		e.latest[p.URI] = p
	case "window/logMessage":
		var p struct{ Message string }
		if err := json.Unmarshal(*req.Params, &p); err != nil {
			e.t.Error(err)
		}
		e.logged = append(e.logged, p.Message)
	}
	return nil, nil
}

// call makes a request. result may be nil.
func (e *editor) call(method string, params, result any) {
	e.t.Helper()
	if err := e.try(method, params, result); err != nil {
		e.t.Fatalf("%s: %v\n%s", method, err, &e.stderr)
	}
}

// try makes a request that may fail.
func (e *editor) try(method string, params, result any) error {
	ctx, cancel := context.WithTimeout(e.t.Context(), patience)
	defer cancel()
	return e.conn.Call(ctx, method, params, result)
}

func (e *editor) notify(method string, params any) {
	e.t.Helper()
	if err := e.conn.Notify(e.t.Context(), method, params); err != nil {
		e.t.Fatalf("%s: %v\n%s", method, err, &e.stderr)
	}
}

// wait waits until ok, which is called with the lock held.
func (e *editor) wait(what string, ok func() bool) {
	e.t.Helper()
	timeout := time.After(patience)
	for {
		e.mu.Lock()
		done, changed := ok(), e.changed
		e.mu.Unlock()
		if done {
			return
		}
		select {
		case <-changed:
		case <-timeout:
			e.mu.Lock()
			defer e.mu.Unlock()
			e.t.Fatalf("%s does not come: last diagnostics %+v\nlog %q\n%s", what, e.latest, e.logged, &e.stderr)
		}
	}
}

// waitLog waits until the server has logged something with the words.
func (e *editor) waitLog(words string) {
	e.t.Helper()
	e.wait("a message with "+words, func() bool {
		return slices.ContainsFunc(e.logged, func(s string) bool { return strings.Contains(s, words) })
	})
}

// A buffer is a file that is open in the editor.
type buffer struct {
	*editor
	name, text string
	version    int
}

func (e *editor) open(name, text string) *buffer {
	e.t.Helper()
	b := &buffer{e, name, text, 1}
	e.notify("textDocument/didOpen", map[string]any{
		"textDocument": map[string]any{"uri": e.uri(name), "languageId": "go", "version": 1, "text": text},
	})
	return b
}

// change sends the part of the text that changes.
func (b *buffer) change(text string) {
	b.t.Helper()
	from := 0
	for from < min(len(text), len(b.text)) && text[from] == b.text[from] {
		from++
	}
	to, end := len(b.text), len(text)
	for to > from && end > from && b.text[to-1] == text[end-1] {
		to, end = to-1, end-1
	}
	for from > 0 && text[from-1] >= 0x80 { // no character is cut
		from--
	}
	for to < len(b.text) && b.text[to] >= 0x80 {
		to, end = to+1, end+1
	}
	b.changeBy(map[string]any{"range": extent{placeOf(b.text, from), placeOf(b.text, to)}.json(), "text": text[from:end]})
	b.text = text
}

func (b *buffer) changeBy(changes ...any) {
	b.t.Helper()
	b.version++
	b.notify("textDocument/didChange", map[string]any{
		"textDocument":   map[string]any{"uri": b.uri(b.name), "version": b.version},
		"contentChanges": changes,
	})
}

func (b *buffer) close() {
	b.t.Helper()
	b.notify("textDocument/didClose", map[string]any{"textDocument": map[string]any{"uri": b.uri(b.name)}})
}

// until waits until the text as it is has these diagnostics, as PASS LINE.
func (b *buffer) until(want ...string) []shown {
	b.t.Helper()
	var list []shown
	b.wait(fmt.Sprintf("%q of %s, version %d,", want, b.name, b.version), func() bool {
		p, ok := b.latest[b.uri(b.name)]
		if !ok || p.Version == nil || *p.Version != b.version {
			return false
		}
		list = p.Diagnostics
		return slices.Equal(marks(list), want)
	})
	return list
}

func marks(list []shown) []string {
	marks := []string{}
	for _, d := range list {
		marks = append(marks, fmt.Sprintf("%s %d", d.Code, d.Range.Start.Line+1))
	}
	return marks
}

// fixes returns the quick fixes at a range.
func (b *buffer) fixes(at extent, only ...string) []action {
	b.t.Helper()
	var list []action
	b.call("textDocument/codeAction", map[string]any{
		"textDocument": map[string]any{"uri": b.uri(b.name)},
		"range":        at.json(),
		"context":      map[string]any{"diagnostics": []any{}, "only": only},
	}, &list)
	return list
}

// apply makes the edits of a fix.
func (b *buffer) apply(a action) {
	b.t.Helper()
	edits := a.Edit.Changes[b.uri(b.name)]
	for _, c := range a.Edit.DocumentChanges {
		if c.TextDocument.URI != b.uri(b.name) || c.TextDocument.Version == nil || *c.TextDocument.Version != b.version {
			b.t.Fatalf("%q is for %+v, want version %d", a.Title, c.TextDocument, b.version)
		}
		edits = append(edits, c.Edits...)
	}
	if len(edits) == 0 {
		b.t.Fatalf("%q has no edits", a.Title)
	}
	text := b.text
	slices.SortStableFunc(edits, func(x, y edit) int { return offsetOf(text, y.Range.Start) - offsetOf(text, x.Range.Start) })
	for _, e := range edits {
		text = text[:offsetOf(b.text, e.Range.Start)] + e.NewText + text[offsetOf(b.text, e.Range.End):]
	}
	b.change(text)
}

func (x extent) json() map[string]any {
	at := func(p place) map[string]int { return map[string]int{"line": p.Line, "character": p.Character} }
	return map[string]any{"start": at(x.Start), "end": at(x.End)}
}

// placeOf returns the position of a byte. Positions count the units of UTF-16.
func placeOf(text string, offset int) place {
	before := text[:offset]
	line := strings.Count(before, "\n")
	return place{line, len(utf16.Encode([]rune(before[strings.LastIndexByte(before, '\n')+1:])))}
}

// offsetOf returns the byte that a position is at.
func offsetOf(text string, p place) int {
	at := 0
	for range p.Line {
		at += strings.IndexByte(text[at:], '\n') + 1
	}
	units := 0
	for i, r := range text[at:] {
		if units >= p.Character {
			return at + i
		}
		units += utf16.RuneLen(r)
	}
	return len(text)
}

// end says shutdown and exit, and checks the exit status.
func (e *editor) end(status int) {
	e.t.Helper()
	e.call("shutdown", nil, nil)
	e.notify("exit", nil)
	e.exits(status)
}

// exits checks the exit status of the program, which ends.
func (e *editor) exits(status int) {
	e.t.Helper()
	select {
	case err := <-e.ended:
		e.ended <- err
		if got := e.cmd.ProcessState.ExitCode(); got != status {
			e.t.Errorf("the server exits with %d, want %d\n%s", got, status, &e.stderr)
		}
	case <-time.After(patience):
		e.t.Fatal("the server goes on")
	}
}

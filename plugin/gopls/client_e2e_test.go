//go:build e2e

package gopls_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/textproto"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// patience is how long the server may take to answer. The first time it indexes
// the standard library.
const patience = 3 * time.Minute

// A client is as much of an editor as the tests need.
type client struct {
	t        testing.TB
	settings map[string]any
	pid      int
	stdin    io.WriteCloser

	mu      sync.Mutex
	next    int
	replies map[int]chan reply
	latest  map[string]published // by URI
	changed chan struct{}        // closed when latest changes
}

type reply struct {
	Result json.RawMessage
	Error  *struct{ Message string }
}

type (
	position  struct{ Line, Character int }
	span      struct{ Start, End position }
	published struct {
		Version     int
		Diagnostics []diagnostic
	}
	diagnostic struct {
		Range           span   `json:"range"`
		Severity        int    `json:"severity,omitempty"`
		Source          string `json:"source"`
		Message         string `json:"message"`
		Code            any    `json:"code,omitempty"`
		CodeDescription *struct {
			Href string `json:"href"`
		} `json:"codeDescription,omitempty"`
		Related []struct {
			Location struct {
				URI   string `json:"uri"`
				Range span   `json:"range"`
			} `json:"location"`
		} `json:"relatedInformation,omitempty"`
		Data json.RawMessage `json:"data,omitempty"`
	}
	textEdit struct {
		Range   span
		NewText string
	}
	codeAction struct {
		Title, Kind string
		Edit        struct {
			DocumentChanges []struct {
				TextDocument struct{ URI string }
				Edits        []textEdit
			}
		}
	}
)

// start starts the server on the workspace dir.
func start(t testing.TB, program, dir string, settings map[string]any) *client {
	t.Helper()
	cmd := exec.Command(program, "serve")
	cmd.Dir = dir
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var stderr strings.Builder
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	c := &client{t: t, settings: settings, pid: cmd.Process.Pid, stdin: stdin,
		replies: make(map[int]chan reply), latest: make(map[string]published), changed: make(chan struct{})}
	listened := make(chan struct{})
	go func() {
		defer close(listened)
		c.listen(bufio.NewReader(stdout))
	}()
	t.Cleanup(func() {
		c.call("shutdown", nil, nil)
		c.notify("exit", nil)
		<-listened
		if err := cmd.Wait(); err != nil {
			t.Errorf("the server ends with %v\n%s", err, &stderr)
		}
	})
	c.call("initialize", map[string]any{
		"rootUri": uri(dir),
		"capabilities": map[string]any{
			"workspace": map[string]any{"configuration": true},
			"textDocument": map[string]any{
				"publishDiagnostics": map[string]any{"relatedInformation": true, "versionSupport": true, "codeDescriptionSupport": true},
				"codeAction":         map[string]any{"codeActionLiteralSupport": map[string]any{"codeActionKind": map[string]any{"valueSet": []string{"quickfix"}}}},
			},
		},
	}, nil)
	c.notify("initialized", map[string]any{})
	return c
}

func uri(file string) string { return "file://" + filepath.ToSlash(file) }

// listen forwards what the server sends until it stops.
func (c *client) listen(r *bufio.Reader) {
	for {
		header, err := textproto.NewReader(r).ReadMIMEHeader()
		if err != nil {
			return
		}
		n, _ := strconv.Atoi(header.Get("Content-Length"))
		body := make([]byte, n)
		if _, err := io.ReadFull(r, body); err != nil {
			return
		}
		var msg struct {
			ID     json.RawMessage
			Method string
			Params json.RawMessage
			reply
		}
		if err := json.Unmarshal(body, &msg); err != nil {
			c.t.Errorf("the server says %s: %v", body, err)
			return
		}
		switch {
		case msg.Method == "textDocument/publishDiagnostics":
			c.published(msg.Params)
		case msg.Method != "" && msg.ID != nil:
			c.send(map[string]any{"id": msg.ID, "result": c.answer(msg.Method, msg.Params)})
		case msg.Method == "":
			id, _ := strconv.Atoi(string(msg.ID))
			c.mu.Lock()
			c.replies[id] <- msg.reply
			delete(c.replies, id)
			c.mu.Unlock()
		}
	}
}

// answer answers a request of the server.
func (c *client) answer(method string, params json.RawMessage) any {
	if method != "workspace/configuration" {
		return nil
	}
	var p struct{ Items []struct{} }
	json.Unmarshal(params, &p) // an error means no items: no settings
	all := make([]any, len(p.Items))
	for i := range all {
		all[i] = c.settings
	}
	return all
}

func (c *client) published(params json.RawMessage) {
	var p struct {
		URI string
		published
	}
	if err := json.Unmarshal(params, &p); err != nil {
		c.t.Errorf("diagnostics %s: %v", params, err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.latest[p.URI] = p.published
	close(c.changed)
	c.changed = make(chan struct{})
}

func (c *client) send(msg map[string]any) {
	msg["jsonrpc"] = "2.0"
	data, err := json.Marshal(msg)
	if err != nil {
		c.t.Error(err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	fmt.Fprintf(c.stdin, "Content-Length: %d\r\n\r\n%s", len(data), data)
}

func (c *client) notify(method string, params any) {
	c.send(map[string]any{"method": method, "params": params})
}

// call makes a request and waits for the reply.
func (c *client) call(method string, params, result any) {
	c.t.Helper()
	c.mu.Lock()
	c.next++
	id, ch := c.next, make(chan reply, 1)
	c.replies[id] = ch
	c.mu.Unlock()
	msg := map[string]any{"id": id, "method": method}
	if params != nil {
		msg["params"] = params
	}
	c.send(msg)
	select {
	case r := <-ch:
		if r.Error != nil {
			c.t.Fatalf("%s: %s", method, r.Error.Message)
		}
		if result != nil {
			if err := json.Unmarshal(r.Result, result); err != nil {
				c.t.Fatalf("%s: %v", method, err)
			}
		}
	case <-time.After(patience):
		c.t.Fatalf("%s: no answer", method)
	}
}

// await waits for diagnostics of a version of a file that are as ok says.
func (c *client) await(file string, version int, ok func([]diagnostic) bool) []diagnostic {
	c.t.Helper()
	timeout := time.After(patience)
	for {
		c.mu.Lock()
		p, changed := c.latest[uri(file)], c.changed
		c.mu.Unlock()
		if p.Version == version && ok(p.Diagnostics) {
			return p.Diagnostics
		}
		select {
		case <-changed:
		case <-timeout:
			c.t.Fatalf("%s: what is awaited does not come; the last diagnostics, of version %d (want %d), are %+v", filepath.Base(file), p.Version, version, p.Diagnostics)
		}
	}
}

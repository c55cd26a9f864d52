package lsp

import (
	"context"
	"encoding/json"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/sourcegraph/jsonrpc2"
)

// The phases of a conversation.
const (
	phaseNew     int32 = iota // initialize has not come
	phaseServing              // between initialize and shutdown
	phaseShut                 // shutdown has come
	phaseExited               // exit has come after that
	phaseAborted              // exit has come before
)

// Errors of the protocol in addition to those of JSON-RPC.
const (
	codeNotInitialized = -32002
	codeCanceled       = -32800
)

// A server serves one client.
type server struct {
	config Config
	conn   *jsonrpc2.Conn
	phase  atomic.Int32

	connected chan struct{} // closed when conn is set: jsonrpc2 reads before it returns conn

	// What the client can do, by initialize.
	versioned bool // edits can have the version of the document
	literals  bool // code actions can have edits

	documents documents
	wake      chan struct{} // has an element if something may have changed

	mu      sync.Mutex
	latest  *round        // the last analysis; nil before the first
	renewed chan struct{} // closed when latest changes
	waiting map[jsonrpc2.ID]context.CancelFunc
}

func newServer(config Config) *server {
	return &server{
		config:    config,
		connected: make(chan struct{}),
		documents: documents{open: make(map[string]*document)},
		wake:      make(chan struct{}, 1),
		renewed:   make(chan struct{}),
		waiting:   make(map[jsonrpc2.ID]context.CancelFunc),
	}
}

// Handle implements jsonrpc2.Handler. It is called for one message after the other.
func (s *server) Handle(ctx context.Context, _ *jsonrpc2.Conn, req *jsonrpc2.Request) {
	<-s.connected
	if req.Notif {
		s.notification(ctx, req)
		return
	}
	result, err := s.request(ctx, req)
	if result == later {
		return
	}
	s.reply(ctx, req.ID, result, err)
}

// later is the result of a request that will be answered when its answer is known.
var later = new(struct{ _ int })

func (s *server) reply(ctx context.Context, id jsonrpc2.ID, result any, failed *jsonrpc2.Error) {
	// If the client cannot be written to, it has gone, and reading ends, too.
	if failed != nil {
		s.conn.ReplyWithError(ctx, id, failed) //nolint:errcheck // see above
		return
	}
	s.conn.Reply(ctx, id, result) //nolint:errcheck // see above
}

// request returns the answer to a request.
func (s *server) request(ctx context.Context, req *jsonrpc2.Request) (any, *jsonrpc2.Error) {
	switch phase := s.phase.Load(); {
	case phase == phaseNew && req.Method != "initialize":
		return nil, &jsonrpc2.Error{Code: codeNotInitialized, Message: "the first request must be initialize"}
	case phase == phaseShut:
		return nil, &jsonrpc2.Error{Code: jsonrpc2.CodeInvalidRequest, Message: "the server is shut down"}
	}
	switch req.Method {
	case "initialize":
		return s.initialize(req)
	case "shutdown":
		s.phase.Store(phaseShut)
		return nil, nil
	case "textDocument/codeAction":
		return s.codeAction(ctx, req)
	}
	return nil, &jsonrpc2.Error{Code: jsonrpc2.CodeMethodNotFound, Message: req.Method + " is not supported: toctou provides only diagnostics and quick fixes, in addition to gopls"}
}

func (s *server) initialize(req *jsonrpc2.Request) (any, *jsonrpc2.Error) {
	if s.phase.Load() != phaseNew {
		return nil, &jsonrpc2.Error{Code: jsonrpc2.CodeInvalidRequest, Message: "initialize was already received"}
	}
	var p initializeParams
	if err := decode(req, &p); err != nil {
		return nil, err
	}
	s.versioned = p.Capabilities.Workspace.WorkspaceEdit.DocumentChanges
	s.literals = len(p.Capabilities.TextDocument.CodeAction.Literals) > 0
	encoding := "utf-16"
	if slices.Contains(p.Capabilities.General.PositionEncodings, "utf-8") {
		encoding, s.documents.utf8 = "utf-8", true
	}
	s.phase.Store(phaseServing)
	return initializeResult{
		Capabilities: serverCapabilities{
			PositionEncoding:   encoding,
			TextDocumentSync:   syncOptions{OpenClose: true, Change: syncIncremental, Save: true},
			CodeActionProvider: codeActionOptions{[]string{quickFix}},
		},
		ServerInfo: serverInfo{source, s.config.Version},
	}, nil
}

// decode reads the parameters of a message.
func decode(req *jsonrpc2.Request, params any) *jsonrpc2.Error {
	if req.Params == nil {
		return &jsonrpc2.Error{Code: jsonrpc2.CodeInvalidParams, Message: req.Method + " without parameters"}
	}
	if err := json.Unmarshal(*req.Params, params); err != nil {
		return &jsonrpc2.Error{Code: jsonrpc2.CodeInvalidParams, Message: err.Error()}
	}
	return nil
}

// notification deals with a message that has no answer. One that cannot be understood,
// or is not known, is logged at the client or passed over, as the protocol has it.
func (s *server) notification(ctx context.Context, req *jsonrpc2.Request) {
	if req.Method == "exit" {
		if !s.phase.CompareAndSwap(phaseShut, phaseExited) {
			s.phase.Store(phaseAborted)
		}
		s.conn.Close()
		return
	}
	if s.phase.Load() != phaseServing {
		return
	}
	if err := s.notified(req); err != "" {
		s.log(ctx, messageWarning, err)
	}
}

// notified deals with a message about documents, and returns what is wrong with it.
func (s *server) notified(req *jsonrpc2.Request) string {
	switch req.Method {
	case "textDocument/didOpen":
		return with(req, func(p *didOpenParams) string {
			if file := fileOf(p.TextDocument.URI); isGo(file) {
				s.documents.set(p.TextDocument.URI, file, p.TextDocument.Text, p.TextDocument.Version)
			}
			return s.changed()
		})
	case "textDocument/didChange":
		return with(req, func(p *didChangeParams) string {
			if file := fileOf(p.TextDocument.URI); isGo(file) {
				if err := s.documents.change(file, p.ContentChanges, p.TextDocument.Version); err != nil {
					return err.Error()
				}
			}
			return s.changed()
		})
	case "textDocument/didClose":
		return with(req, func(p *documentParams) string {
			s.documents.close(fileOf(p.TextDocument.URI))
			return s.changed()
		})
	case "textDocument/didSave", "workspace/didChangeWatchedFiles":
		return s.changed()
	case "$/cancelRequest":
		return with(req, func(p *struct{ ID jsonrpc2.ID }) string {
			s.cancel(p.ID)
			return ""
		})
	}
	return ""
}

// with calls use with the parameters of a message, and returns what is wrong.
func with[P any](req *jsonrpc2.Request, use func(*P) string) string {
	p := new(P)
	if err := decode(req, p); err != nil {
		return req.Method + ": " + err.Message
	}
	return use(p)
}

// changed has what may have changed analyzed.
func (s *server) changed() string {
	select {
	case s.wake <- struct{}{}:
	default: // it will be
	}
	return ""
}

// codeAction answers once the current text has been analyzed: the editor may send the
// request right after an edit.
func (s *server) codeAction(ctx context.Context, req *jsonrpc2.Request) (any, *jsonrpc2.Error) {
	var p codeActionParams
	if err := decode(req, &p); err != nil {
		return nil, err
	}
	only := p.Context.Only
	wanted := len(only) == 0 || slices.Contains(only, quickFix) || slices.Contains(only, "")
	file := fileOf(p.TextDocument.URI)
	if !s.literals || !wanted || s.documents.snapshot()[file] == nil {
		return []codeAction{}, nil
	}
	ctx, cancel := context.WithCancel(ctx)
	s.mu.Lock()
	s.waiting[req.ID] = cancel
	s.mu.Unlock()
	go func() {
		defer s.cancel(req.ID)
		r := s.upToDate(ctx, file)
		if r == nil {
			s.reply(context.WithoutCancel(ctx), req.ID, nil, &jsonrpc2.Error{Code: codeCanceled, Message: "canceled"})
			return
		}
		s.reply(ctx, req.ID, s.actions(r, file, p.Range), nil)
	}()
	return later, nil
}

// cancel ends the wait of a request.
func (s *server) cancel(id jsonrpc2.ID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if cancel := s.waiting[id]; cancel != nil {
		cancel()
		delete(s.waiting, id)
	}
}

// log shows a message in the client's log.
func (s *server) log(ctx context.Context, kind int, message string) {
	s.conn.Notify(ctx, "window/logMessage", logMessageParams{kind, "toctou: " + message}) //nolint:errcheck // the client has gone
}

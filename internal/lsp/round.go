package lsp

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/edcacfbd/toctou/internal/finding"
)

// A round is one analysis of the documents as they were.
type round struct {
	view     *view
	findings []*finding.Finding
}

// analyze analyzes the documents after each change, until ctx is done, and shows what
// is found. Changes that come while it does are analyzed together.
func (s *server) analyze(ctx context.Context) {
	shown := make(map[string]string) // the files that have diagnostics in the editor, with their URIs
	logged := make(map[string]bool)
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.wake:
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(s.config.Delay):
		}
		select {
		case <-s.wake: // which is of this round, too
		default:
		}
		v := &view{documents: s.documents.snapshot(), disk: make(map[string]*text), utf8: s.documents.utf8}
		open := make(map[string][]byte, len(v.documents))
		for file, doc := range v.documents {
			open[file] = []byte(doc.text.content)
		}
		result := s.config.Analyzer.Analyze(open)
		s.renew(&round{v, result.Findings})
		s.show(ctx, v, result, shown)
		for _, note := range result.Notes {
			if !logged[note] {
				logged[note] = true
				s.log(ctx, messageLog, note)
			}
		}
	}
}

// renew makes the round the latest.
func (s *server) renew(r *round) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.latest = r
	close(s.renewed)
	s.renewed = make(chan struct{})
}

// upToDate returns a round that has the text of the document as it is, once there is
// one, or nil if ctx is done before.
func (s *server) upToDate(ctx context.Context, file string) *round {
	for {
		s.mu.Lock()
		latest, renewed := s.latest, s.renewed
		s.mu.Unlock()
		if now := s.documents.snapshot(); latest != nil && latest.view.same(now, file) {
			return latest
		}
		select {
		case <-ctx.Done():
			return nil
		case <-renewed:
		}
	}
}

// show sends the diagnostics of each file that has some, or had some before. Those of
// a document that has changed meanwhile are left to the next round.
func (s *server) show(ctx context.Context, v *view, result *Result, shown map[string]string) {
	byFile := make(map[string][]diagnostic)
	for file := range shown {
		byFile[file] = []diagnostic{}
	}
	for file := range v.documents { // the editor may wait for news of this version
		byFile[file] = []diagnostic{}
	}
	for _, f := range result.Findings {
		byFile[f.Use.Path] = append(byFile[f.Use.Path], v.diagnostic(f, s.config.PageOf))
	}
	for _, p := range result.Problems {
		byFile[p.File] = append(byFile[p.File], v.problem(p))
	}
	now := s.documents.snapshot()
	for _, file := range slices.Sorted(maps.Keys(byFile)) {
		if !v.same(now, file) {
			continue
		}
		uri := v.uri(file)
		if before := shown[file]; before != "" && v.documents[file] == nil {
			uri = before
		}
		s.conn.Notify(ctx, "textDocument/publishDiagnostics", publishDiagnosticsParams{uri, v.version(file), byFile[file]}) //nolint:errcheck // the client has gone
		if shown[file] = uri; len(byFile[file]) == 0 {
			delete(shown, file)
		}
	}
}

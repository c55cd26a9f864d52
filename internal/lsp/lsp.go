// Package lsp is a language server: it shows findings in an editor while the user
// types, and offers their fixes. It knows the protocol and the open files; what is
// found in them is for its [Analyzer].
package lsp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"time"

	"github.com/sourcegraph/jsonrpc2"

	"github.com/edcacfbd/toctou/internal/finding"
)

// An Analyzer finds races in the packages of some files.
type Analyzer interface {
	// Analyze analyzes the packages of the open files, of which open has the texts
	// by name. It is called for one state of the files after the other.
	Analyze(open map[string][]byte) *Result
}

// A Result is what came of an analysis.
type Result struct {
	Findings []*finding.Finding
	Problems []Problem
	Notes    []string // what was not analyzed, and why, in a line each
}

// A Problem is what is wrong with a file that is no Go source: the settings file.
type Problem struct {
	File    string
	Line    int // from one; zero if it is not known
	Message string
}

// A Config says how to serve.
type Config struct {
	Analyzer Analyzer
	Version  string                   // of the program
	PageOf   func(rule string) string // the address of the page of a pass, "" if there is none
	Delay    time.Duration            // how long after an edit it is analyzed; further edits are taken together with it
}

// Serve serves one client until that says exit. It returns an error if the client ends
// the conversation in another way.
func Serve(ctx context.Context, in io.Reader, out io.Writer, config Config) error {
	stream := newStream(in, out)
	s := newServer(config)
	done := make(chan struct{})
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s.conn = jsonrpc2.NewConn(ctx, stream, s, jsonrpc2.SetLogger(log.New(io.Discard, "", 0)))
	close(s.connected)
	go func() {
		defer close(done)
		s.analyze(ctx)
	}()
	<-s.conn.DisconnectNotify()
	cancel()
	<-done
	switch s.phase.Load() {
	case phaseExited:
		return nil
	case phaseAborted:
		return errors.New("the client sent exit before shutdown")
	}
	if err := stream.err(); err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("the client sent an invalid message: %w", err)
	}
	return errors.New("the client closed the connection without exit")
}

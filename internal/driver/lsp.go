package driver

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"time"

	"github.com/edcacfbd/toctou/internal/lsp"
)

const lspUsage = `usage: toctou lsp [flags]

toctou lsp is a language server that editors communicate with over standard input and
output. It reports the findings in the packages of the open files, including unsaved
changes, and offers the fixes as quick fixes. Run it in addition to gopls, which provides
everything else. docs/editors.md describes how to configure each editor.

It reads .toctou.yml as 'toctou' does, and again when the file changes. It accepts the
flags of the passes, and -tags.

It does not analyze packages without an open file, or packages that do not compile.
`

// editDelay is how long the server waits for further edits.
const editDelay = 10 * time.Millisecond

// lsp serves an editor.
func (p *program) lsp(args []string) int {
	s := newSessions(args, p.stderr)
	_, rest, err := s.options()
	switch {
	case errors.Is(err, flag.ErrHelp):
		return p.help([]string{"lsp"})
	case err != nil:
		return p.failf("%v; 'toctou help lsp' lists the flags", err)
	case len(rest) > 0:
		return p.failf("toctou lsp accepts no packages; it analyzes those of the open files")
	}
	config := lsp.Config{Analyzer: s, Version: "(devel)", PageOf: pageOf, Delay: editDelay}
	if info, ok := debug.ReadBuildInfo(); ok {
		config.Version = versionOf(info)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if isTerminal(os.Stdin) {
		fmt.Fprintln(p.stderr, "toctou: this is a language server, which an editor starts: see 'toctou help lsp'")
	}
	if err := lsp.Serve(ctx, os.Stdin, p.stdout, config); err != nil {
		return p.failf("%v", err)
	}
	return exitClean
}

// pageOf returns the address of the page of a pass.
func pageOf(rule string) string {
	if a := find(newOptions().analyzers, rule); a != nil {
		return a.URL
	}
	return ""
}

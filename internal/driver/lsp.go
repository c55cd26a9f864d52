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

toctou lsp is a language server: an editor starts it and talks to it over standard
input and output. It shows the findings in the packages of the open files, in their
unsaved text, and offers the fixes as quick fixes. It is to run beside gopls, which
does all else. docs/editors.md shows how each editor is told to start it.

It reads .toctou.yml as 'toctou' does, and again when that changes. The flags of the
passes are those of 'toctou', and -tags.

It does not analyze packages without an open file, nor a package that does not compile.
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
		return p.failf("%v; 'toctou help lsp' says which there are", err)
	case len(rest) > 0:
		return p.failf("toctou lsp takes no packages: the editor says which files are open")
	}
	config := lsp.Config{Analyzer: s, Version: "(devel)", PageOf: pageOf, Delay: editDelay}
	if info, ok := debug.ReadBuildInfo(); ok {
		config.Version = versionOf(info)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if isTerminal(os.Stdin) {
		fmt.Fprintln(p.stderr, "toctou: this is a language server, for an editor to talk to: see 'toctou help lsp'")
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

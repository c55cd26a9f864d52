package driver

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"

	"github.com/edcacfbd/toctou/internal/goplsbuild"
	"github.com/edcacfbd/toctou/passes"
)

const goplsUsage = `toctou gopls builds a gopls, the language server of Go, that has these passes
in it: an editor that starts it shows the findings, and offers their fixes.

usage:

	toctou gopls [-version V] [-strict] [-helper WHETHER] [-source DIR] -o PATH

It needs the go command, and the module proxy for what is not in the module
cache. PATH is written whole or not at all, and only by a program that was seen
to start with the passes in it. Where PATH is what would be built, nothing is.

flags:

	-o PATH
		the program to write, as in -o ~/go/bin/gopls-toctou
	-version V
		the gopls to build (default ` + goplsbuild.DefaultVersion + `, with which this toctou is tested)
	-strict
		report also what depends on circumstances
	-helper WHETHER
		whether fixes may import the helper package: always (gopls offers the
		go get), never, or the import path of a copy (default always)
	-source DIR
		a checkout of toctou to take the passes from, in place of the version,
		or the checkout, that this program was made of

In the editor each pass is an analysis of its name, which "analyses" switches:

	"gopls": {"analyses": {"statopen": false}}

How each editor is told to start the program is in docs/editors.md.
`

// gopls builds a gopls with the passes in it.
func (p *program) gopls(args []string) int {
	req := goplsbuild.Request{Log: p.stderr}
	settings := passes.Settings{Helper: "always"}
	fs := flag.NewFlagSet("gopls", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.Usage = func() {}
	fs.StringVar(&req.Output, "o", "", "")
	fs.StringVar(&req.Version, "version", goplsbuild.DefaultVersion, "")
	fs.StringVar(&req.Source, "source", "", "")
	fs.BoolVar(&settings.Strict, "strict", false, "")
	fs.Var(helper{&settings}, "helper", "")
	rest, err := parse(fs, args)
	req.Strict, req.Helper = settings.Strict, settings.Helper
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(p.stdout, goplsUsage)
		return exitClean
	case err != nil:
		return p.failf("%v; 'toctou help gopls' lists the flags", err)
	case len(rest) > 0 || req.Output == "":
		return p.failf("usage: toctou gopls [flags] -o PATH; 'toctou help gopls' lists the flags")
	case req.Helper == "auto" || req.Helper == "":
		return p.failf("-helper=auto is not for gopls, which remembers findings while go.mod changes: want always, never or an import path")
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	result, err := goplsbuild.Build(ctx, req)
	switch {
	case errors.Is(err, context.Canceled):
		return p.failf("interrupted: nothing has been changed")
	case err != nil:
		return p.failf("%v", err)
	case result.Cached:
		fmt.Fprintf(p.stdout, "%s is gopls %s with toctou already\n", req.Output, result.Version)
	default:
		fmt.Fprintf(p.stdout, "%s is gopls %s with toctou\n", req.Output, result.Version)
	}
	return exitClean
}

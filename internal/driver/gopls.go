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

const goplsUsage = `toctou gopls builds a variant of gopls, the Go language server, that includes these
passes. An editor that runs it shows the findings and offers their fixes.

usage:

	toctou gopls [-version V] [-strict] [-helper WHETHER] [-source DIR] -o PATH

It needs the go command, and the module proxy for modules that are not in the module
cache. PATH is replaced atomically, after the new program has been started once to
check that it includes the passes. If PATH is already up to date, nothing is built.

flags:

	-o PATH
		the program to write, for example -o ~/go/bin/gopls-toctou
	-version V
		the version of gopls to build (default ` + goplsbuild.DefaultVersion + `, which this version of toctou is tested with)
	-strict
		also report races that matter only in some environments
	-helper WHETHER
		whether fixes may import the helper package: always (gopls offers the
		go get), never, or the import path of a copy (default always)
	-source DIR
		a checkout of toctou to build the passes from (default: the version or
		checkout that this program was built from)

In the editor, each pass is an analyzer with its own name. For example, this setting
turns off statopen:

	"gopls": {"analyses": {"statopen": false}}

See docs/editors.md for how to configure each editor.
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
		return p.failf("-helper=auto does not work in gopls, which keeps findings when go.mod changes: want always, never or an import path")
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	result, err := goplsbuild.Build(ctx, req)
	switch {
	case errors.Is(err, context.Canceled):
		return p.failf("interrupted: no files were changed")
	case err != nil:
		return p.failf("%v", err)
	case result.Cached:
		fmt.Fprintf(p.stdout, "%s is already gopls %s with toctou\n", req.Output, result.Version)
	default:
		fmt.Fprintf(p.stdout, "%s is gopls %s with toctou\n", req.Output, result.Version)
	}
	return exitClean
}

// Package goplsbuild builds a gopls that has toctou's passes in it.
//
// gopls loads no analyzers of others. But its main function is short, and all
// that a program below its import path may import is its own code: so the
// program that is built is gopls's own main.go, as the module cache has it, in
// a module below that path, with one more file that imports plugin/gopls.
package goplsbuild

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// DefaultVersion is the gopls that is built where none is named: the one that
// our tests drive.
const DefaultVersion = "v0.23.0"

// A Request says what to build.
type Request struct {
	Version string // of gopls: a version, or what else the go command understands, as in latest
	Output  string // the file to write
	Source  string // toctou's own source; "" takes that which the running program was built from
	Strict  bool   // report also what depends on circumstances
	Helper  string // whether fixes may import the helper package: "always", "never" or the import path of a copy
	Log     io.Writer
}

// A Result says what was built.
type Result struct {
	Version string // of gopls
	Cached  bool   // the file existed already, and was built as requested
}

// Build writes the program, whole or not at all, once it has been seen to run
// with our passes in it.
func Build(ctx context.Context, req Request) (*Result, error) {
	output, err := filepath.Abs(req.Output)
	if err != nil {
		return nil, err
	}
	if err := replaceable(output); err != nil {
		return nil, err
	}
	from, err := findOrigin(req.Source)
	if err != nil {
		return nil, err
	}
	// Beside the output, so that a directory that takes no files is found out
	// before the build and not after it, and one rename publishes the program.
	dir, err := os.MkdirTemp(filepath.Dir(output), ".toctou-gopls-")
	if err != nil {
		return nil, fmt.Errorf("cannot write %s: %w", req.Output, err)
	}
	defer os.RemoveAll(dir)

	g := &goCommand{ctx: ctx, dir: dir}
	gopls, err := g.download(req.Version)
	if err != nil {
		return nil, err
	}
	b := &build{goCommand: g, gopls: gopls, from: from, ldflags: ldflags(req, gopls)}
	result := &Result{Version: gopls.Version}
	if b.done(output) {
		result.Cached = true
		return result, nil
	}
	if err := b.writeModule(); err != nil {
		return nil, err
	}
	fmt.Fprintf(req.Log, "building gopls %s; the first build takes a minute or two\n", gopls.Version)
	program, err := b.compile()
	if err != nil {
		return nil, err
	}
	if err := publish(program, output); err != nil {
		return nil, err
	}
	return result, nil
}

// ldflags returns the linker's flags, by which the settings are built in. They
// are so on purpose: gopls remembers the diagnostics of a package by the
// program, the names of the analyzers and the package, and would not notice
// that a settings file has changed.
func ldflags(req Request, gopls *module) string {
	values := []string{
		"main.version=" + gopls.Version + "-toctou",
		fmt.Sprintf("%s.strict=%v", pluginPath, req.Strict),
		pluginPath + ".helper=" + req.Helper,
	}
	return "-X " + strings.Join(values, " -X ")
}

// publish puts the program in its place.
func publish(program, output string) error {
	f, err := os.Open(program)
	if err != nil {
		return err
	}
	err = f.Sync()
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return err
	}
	return os.Rename(program, output)
}

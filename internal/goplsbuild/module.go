package goplsbuild

import (
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/mod/modfile"
)

const (
	goplsPath  = "golang.org/x/tools/gopls"
	toctouPath = "github.com/edcacfbd/toctou"
	pluginPath = toctouPath + "/plugin/gopls"

	// programPath is below gopls's own path, so that its internal packages can
	// be imported.
	programPath = goplsPath + "/toctou"
)

// pluginFile is the file beside gopls's main.go. It does not only import the
// plugin: gopls copies the suite that the plugin extends when its own packages
// are initialised, and nothing but the order of that decides whether ours are
// in. So a program in which they are not does not start.
const pluginFile = `package main

import (
	"fmt"
	"os"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/gopls/internal/settings"

	toctou "github.com/edcacfbd/toctou/plugin/gopls"
)

func init() {
	taken := make(map[*analysis.Analyzer]bool)
	for _, a := range settings.AllAnalyzers {
		taken[a.Analyzer()] = true
	}
	for _, a := range toctou.Suite {
		if !taken[a] {
			fmt.Fprintln(os.Stderr, "gopls does not include toctou's pass", a.Name)
			os.Exit(2)
		}
	}
}
`

// A build is one generated module and what is made of it.
type build struct {
	*goCommand
	gopls   *module
	from    *origin
	ldflags string
}

// writeModule writes the module of the program.
func (b *build) writeModule() error {
	goMod, err := b.goMod()
	if err != nil {
		return err
	}
	main, err := os.ReadFile(filepath.Join(b.gopls.Dir, "main.go"))
	if err != nil {
		return fmt.Errorf("gopls %s has an unexpected layout: %w", b.gopls.Version, err)
	}
	files := map[string][]byte{"go.mod": goMod, "main.go": main, "toctou.go": []byte(pluginFile)}
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(b.dir, name), data, 0o666); err != nil {
			return err
		}
	}
	return nil
}

// goMod returns the go.mod of the program. It names what is known, the go
// command adds what follows from it.
func (b *build) goMod() ([]byte, error) {
	data, err := os.ReadFile(b.gopls.GoMod)
	if err != nil {
		return nil, err
	}
	theirs, err := modfile.ParseLax(b.gopls.GoMod, data, nil)
	if err != nil {
		return nil, err
	}
	f := new(modfile.File)
	steps := []func() error{
		func() error { return f.AddModuleStmt(programPath) },
		func() error { return f.AddRequire(goplsPath, b.gopls.Version) },
		func() error { return f.AddRequire(toctouPath, b.from.version) },
	}
	if theirs.Go != nil {
		steps = append(steps, func() error { return f.AddGoStmt(theirs.Go.Version) })
	}
	if b.from.dir != "" {
		steps = append(steps, func() error { return f.AddReplace(toctouPath, "", b.from.dir, "") })
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return nil, err
		}
	}
	f.Cleanup()
	return f.Format()
}

// compile builds the program and sees that it starts, which it does only with
// our passes in it.
func (b *build) compile() (string, error) {
	// What follows from go.mod is resolved and downloaded first: what fails
	// afterwards is no failure of the network.
	if _, err := b.run("list", "-mod=mod", "-deps", "."); err != nil {
		return "", b.failed(err)
	}
	program := filepath.Join(b.dir, "gopls.exe")
	if _, err := b.run("build", "-mod=readonly", "-ldflags="+b.ldflags, "-o", program, "."); err != nil {
		return "", b.failed(err)
	}
	if _, err := runProgram(b.ctx, b.dir, nil, program, "version"); err != nil {
		return "", b.failed(err)
	}
	return program, nil
}

func (b *build) failed(err error) error {
	return fmt.Errorf("gopls %s with toctou: %w", b.gopls.Version, err)
}

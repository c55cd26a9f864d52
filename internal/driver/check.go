package driver

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/edcacfbd/toctou/internal/reach"
)

// check analyses the packages that the arguments name, and prints what it
// finds.
func (p *program) check(args []string) int {
	o := newOptions()
	fs := o.commandFlags()
	patterns, err := parse(fs, args)
	if errors.Is(err, flag.ErrHelp) {
		return p.help(nil)
	}
	if err != nil {
		return p.failf("%v; 'toctou help' lists the flags", err)
	}
	o.startDebug(p.stderr)
	if len(patterns) == 0 {
		patterns = []string{"."}
	}
	dir, err := workDir(o.dir)
	if err != nil {
		return p.failf("%v", err)
	}

	if err := o.configure(fs, dir); err != nil {
		return p.failf("%v", err)
	}
	o.settings.Advise = !o.json && (o.settings.Helper == "" || o.settings.Helper == "auto")
	loaded, err := load(dir, o.tags, o.settings.Tests, patterns, nil)
	if err != nil {
		return p.failf("%v", err)
	}
	for _, problem := range loaded.problems {
		p.failf("%s", problem)
	}
	if err := o.checkRows(dir, loaded.packages); err != nil {
		return p.failf("%v", err)
	}
	result, err := analyze(o.selected(), loaded.packages)
	if err != nil {
		return p.failf("%v", err)
	}
	for _, err := range result.errors {
		p.failf("%v", err)
	}

	findings := result.findings(dir)
	if o.json {
		err = result.printJSON(p.stdout)
	} else {
		err = printPlain(p.stdout, findings)
	}
	if err != nil {
		return p.failf("%v", err)
	}
	if o.settings.NeedsHelp.Load() > 0 {
		fmt.Fprintf(p.stderr, "toctou: some of these have fixes that need 'go get %s', which 'toctou fix' does\n", reach.Helper)
	}
	if o.stats {
		printStats(p.stderr, "", &o.settings.Stats)
	}
	switch {
	case len(loaded.problems)+len(result.errors) > 0:
		return exitFailure
	case len(findings) > 0:
		return exitFindings
	}
	return exitClean
}

// workDir returns the directory to run in, as an absolute path: the working
// directory, or dir below it.
func workDir(dir string) (string, error) {
	wd, err := os.Getwd()
	if err != nil {
		return "", err
	}
	if dir == "" {
		return wd, nil
	}
	if !filepath.IsAbs(dir) {
		dir = filepath.Join(wd, dir)
	}
	info, err := os.Stat(dir)
	if err != nil {
		return "", err
	}
	if !info.IsDir() {
		return "", errors.New("-C " + dir + ": not a directory")
	}
	return filepath.Clean(dir), nil
}

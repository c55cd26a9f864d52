package driver

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/unitchecker"

	"github.com/edcacfbd/toctou/internal/pass"
	"github.com/edcacfbd/toctou/internal/race"
)

// calledAsTool reports whether go vet or go fix is calling: for the version,
// for the flags, or with the description of a package as the last argument.
func calledAsTool(args []string) bool {
	if len(args) == 0 {
		return false
	}
	if strings.HasSuffix(args[len(args)-1], ".cfg") {
		return true
	}
	name, _, valued := strings.Cut(strings.TrimLeft(args[0], "-"), "=")
	describes := name == "flags" || name == "V" && valued // itself
	return describes && strings.HasPrefix(args[0], "-")
}

// tool answers the go command.
func (p *program) tool(args []string) int {
	o := newOptions()
	fs := o.toolFlags()
	rest, err := parse(fs, args)
	switch {
	case err != nil:
		return p.failf("%v, in a call as a vet tool; the go command may be newer than this toctou supports", err)
	case o.full == "full":
		return p.versionFull()
	case o.full != "":
		return p.failf("-V=%s is not supported; use -V=full, or 'toctou version'", o.full)
	case o.flags:
		return p.listFlags(fs)
	case len(rest) != 1:
		return p.failf("want one .cfg file: go vet runs a vet tool, for example 'go vet -vettool=$(which toctou) ./...'")
	}
	return p.unit(rest[0], o, fs)
}

// listFlags prints, for the go command, the flags that it may accept from the user and
// pass to this tool.
func (p *program) listFlags(fs *flag.FlagSet) int {
	type description struct {
		Name  string
		Bool  bool
		Usage string
	}
	var list []description
	fs.VisitAll(func(f *flag.Flag) {
		switch f.Name {
		case "V", "flags", "fix": // its own business
			return
		}
		b, ok := f.Value.(interface{ IsBoolFlag() bool })
		list = append(list, description{f.Name, ok && b.IsBoolFlag(), f.Usage})
	})
	data, err := json.MarshalIndent(list, "", "\t")
	if err != nil {
		return p.failf("%v", err)
	}
	fmt.Fprintf(p.stdout, "%s\n", data)
	return exitClean
}

// unit analyses the package that the file describes.
func (p *program) unit(file string, o *options, fs *flag.FlagSet) int {
	u, err := readUnit(file)
	if err != nil {
		return p.failf("%v", err)
	}
	o.startDebug(p.stderr)
	o.garbage.start(compilerMemory)
	if err := o.configureUnit(fs, u); err != nil {
		return p.failf("%v", err)
	}
	analyzers := o.selected()
	if u.VetxOnly {
		analyzers = withFacts(analyzers)
		if o.settings.NoFacts || len(analyzers) == 0 || !u.mayHaveFacts(o.settings.Table) {
			return p.skip(u, o)
		}
	}
	if o.file != nil && len(o.file.Functions) > 0 && !u.VetxOnly {
		analyzers = append(analyzers, o.rowsAnalyzer())
	}
	sayNames(analyzers)
	if o.stats {
		analyzers = append(analyzers, statsAnalyzer(p.stderr, &o.env.Stats, analyzers))
	}
	runUnitchecker(file, analyzers, o)
	return exitClean // not reached
}

// skip leaves a package out that has no facts to offer.
func (p *program) skip(u *unit, o *options) int {
	if err := u.writeNoFacts(); err != nil {
		return p.failf("%v", err)
	}
	if o.stats {
		o.env.Stats.Packages.Add(1)
		printStats(p.stderr, u.ImportPath, &o.env.Stats)
	}
	return exitClean
}

// sayNames has the analyzers say their names and the addresses of their pages after
// each message, and why a finding is one of strict mode. The text of go vet has no other
// place for that, and from Go 1.26 on the go command makes it of the same JSON that
// go vet -json prints:
//
//	a.go:16:20: os.ReadFile fails if … [strict: the callee may fail if …] (statopen: https://…/statopen.md)
func sayNames(analyzers []*analysis.Analyzer) {
	for _, a := range analyzers {
		run := a.Run
		a.Run = func(p *analysis.Pass) (any, error) {
			var found []analysis.Diagnostic
			listening := *p
			listening.Report = func(d analysis.Diagnostic) { found = append(found, d) }
			result, err := run(&listening)
			known, _ := result.(*pass.Result)
			for _, d := range found {
				if r := known.Of(d); r != nil && r.Reason.Level == race.Strict {
					d.Message += fmt.Sprintf(" [strict: %s]", r.Reason.Text)
				}
				d.Message += fmt.Sprintf(" (%s: %s)", a.Name, a.URL)
				p.Report(d)
			}
			return result, err
		}
	}
}

// withFacts returns the analyzers with facts among those given and those that
// they require.
func withFacts(analyzers []*analysis.Analyzer) []*analysis.Analyzer {
	var out []*analysis.Analyzer
	seen := make(map[*analysis.Analyzer]bool)
	var visit func([]*analysis.Analyzer)
	visit = func(list []*analysis.Analyzer) {
		for _, a := range list {
			if seen[a] {
				continue
			}
			seen[a] = true
			if len(a.FactTypes) > 0 {
				out = append(out, a)
			}
			visit(a.Requires)
		}
	}
	visit(analyzers)
	return out
}

// runUnitchecker hands over to unitchecker, which reads os.Args and the
// process-wide flags, and exits. Our own flags are done with by then: it gets
// those that it owns, and a clean table to put them into.
func runUnitchecker(file string, analyzers []*analysis.Analyzer, o *options) {
	flag.CommandLine = flag.NewFlagSet("toctou", flag.ExitOnError)
	os.Args = []string{
		"toctou",
		fmt.Sprintf("-json=%v", o.json),
		fmt.Sprintf("-fix=%v", o.fix),
		fmt.Sprintf("-diff=%v", o.diff),
		fmt.Sprintf("-c=%d", o.context),
		file,
	}
	unitchecker.Main(analyzers...)
}

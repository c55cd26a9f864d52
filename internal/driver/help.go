package driver

import (
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/edcacfbd/toctou/internal/race"
	"github.com/edcacfbd/toctou/passes"
)

const usage = `toctou finds filesystem races in Go code: places where a path is used twice,
and the second use trusts what the first one saw.

usage:

	toctou [flags] [packages]                        analyze packages (default: .)
	toctou fix [-diff] [flags] [packages]            apply fixes, or show them as a diff
	toctou helper DIR                                copy the package that fixes use into your module
	toctou witness [flags] [packages]                run the packages' own tests to confirm races
	toctou gopls -o PATH                             build a gopls that includes the passes
	toctou lsp [flags]                               run a language server that shows findings and offers fixes
	toctou help [pass | command]                     print this text, or describe a pass or command
	toctou explain NAME                              describe a pass, or the reason of a finding
	toctou work                                      analyze the packages of all modules of go.work
	toctou completion bash | zsh | fish              print a shell script that completes flags and commands
	toctou version                                   print the version, like -V
	go vet -vettool=$(which toctou) [flags] [packages]
	go fix -fixtool=$(which toctou) [flags] [packages]

The exit status is 0 without findings, 1 with findings, and 2 if a package or the
whole run failed. With -exit-zero, findings do not change the exit status.

To suppress a finding, add a comment with a reason on its line or the line above:

	//toctou:ignore the directory is private to this process

Settings are read from .toctou.yml, next to go.mod. On existing code, -baseline and
-new-from-rev report only new findings. See docs/settings.md and docs/adoption.md
in https://github.com/edcacfbd/toctou.
`

// commandUsage is what is known about the commands, by their names.
var commandUsage = map[string]string{
	"fix":    fixUsage,
	"helper": helperUsage,
	"gopls":  goplsUsage,
	"lsp":    lspUsage,

	"witness": witnessUsage,

	"completion": completionUsage,
	"explain":    explainUsage,
	"version":    versionUsage,
	"work":       workUsage,
}

const explainUsage = `usage: toctou explain NAME

toctou explain describes a pass, as 'toctou help NAME' does, or the reason of a
finding. JSON and SARIF output name the reason, for example opens-vanished.
`

const workUsage = `usage: toctou [flags] work

The word work is a name for packages, as all and std are, which the go command knows from Go 1.25
on: those of all modules that go.work uses, or of the module where there is none. Run it
in the folder of go.work. For some of the modules, name their folders:

	toctou ./server/... ./client/...
`

const versionUsage = `usage: toctou version

toctou version prints the version, the Go version that built it, and the commit. So
do -version and -V. The go command runs the program with -V=full.
`

const fixUsage = `usage: toctou fix [-diff] [flags] [packages]

toctou fix applies the first fix of each finding until no more fixes apply. It undoes
fixes that do not compile, and only then replaces the files, each one atomically.

With -diff it prints the changes instead of making them. It accepts all flags that
select findings, such as -strict, -NAME and -new-from-rev: see 'toctou help'.

If a fix needs the package github.com/edcacfbd/toctou/atomicfix, toctou runs 'go get',
which adds the requirement to go.mod. -helper=never skips such fixes. -helper=PATH
imports the copy that 'toctou helper' wrote.

The exit status is 0 if no findings are left, 1 if some are left or -diff prints a
change, and 2 if a package or the whole run failed.
`

const helperUsage = `usage: toctou helper DIR

toctou helper copies the package that fixes use, atomicfix, into the directory DIR of
your own module. DIR must be new or empty. With -helper=PATH, or helper: PATH in
.toctou.yml, fixes import the copy, where PATH is its import path. The package needs
golang.org/x/sys and the Go version that toctou helper prints. If the go directive of
your module is older, the copied files get a build constraint.
`

// help prints the overview, or what is known about the named passes.
func (p *program) help(names []string) int {
	o := newOptions()
	if len(names) == 0 {
		fmt.Fprint(p.stdout, usage)
		p.helpPasses(o)
		p.helpFlags(o)
		return exitClean
	}
	if text := commandUsage[names[0]]; text != "" && len(names) == 1 {
		fmt.Fprint(p.stdout, text)
		return exitClean
	}
	for i, name := range names {
		a := find(o.analyzers, name)
		if a == nil {
			if mean := didYouMean("", name, append(passNames(o.analyzers), commandNames()...)); mean != "" {
				return p.failf("unknown pass or command %s%s", name, mean)
			}
			return p.failf("unknown pass or command %s; 'toctou help' lists them", name)
		}
		if i > 0 {
			fmt.Fprintln(p.stdout)
		}
		helpPass(p.stdout, a)
	}
	return exitClean
}

// isHelp reports whether the arguments of a command are the flag for its usage.
func isHelp(args []string) bool {
	return len(args) == 1 && slices.Contains([]string{"-h", "-help", "--help"}, args[0])
}

// explain prints what is known about a pass, or about the reason of a finding.
func (p *program) explain(names []string) int {
	if isHelp(names) {
		fmt.Fprint(p.stdout, explainUsage)
		return exitClean
	}
	if len(names) != 1 {
		fmt.Fprint(p.stdout, explainUsage)
		return exitFailure
	}
	kind, reason, ok := race.ReasonByID(names[0])
	if !ok {
		return p.help(names)
	}
	fmt.Fprintf(p.stdout, "%s: %s\n\n", reason.ID, reason.Text)
	switch reason.Level {
	case race.Report:
		fmt.Fprintf(p.stdout, "It is reported by default, with severity %s.", reason.Severity)
	case race.Strict:
		fmt.Fprintf(p.stdout, "It is reported in strict mode, with severity %s.", reason.Severity)
	default:
		fmt.Fprint(p.stdout, "It is harmless and never reported. -debug lists it.")
	}
	if kind != "" {
		fmt.Fprintf(p.stdout, "\nSee 'toctou explain %s' for the pass.", kind)
	}
	fmt.Fprintln(p.stdout)
	return exitClean
}

// passNames returns the names of the analyzers.
func passNames(analyzers []*analysis.Analyzer) []string {
	names := make([]string, len(analyzers))
	for i, a := range analyzers {
		names[i] = a.Name
	}
	return names
}

// find returns the analyzer of the name, or nil.
func find(analyzers []*analysis.Analyzer, name string) *analysis.Analyzer {
	for _, a := range analyzers {
		if a.Name == name {
			return a
		}
	}
	return nil
}

// helpPasses lists the passes.
func (p *program) helpPasses(o *options) {
	fmt.Fprint(p.stdout, "\npasses (-NAME runs only that pass, -NAME=false all others; passes marked * report only in\nstrict mode, which -NAME of such a pass implies):\n\n")
	for _, a := range o.analyzers {
		mark := " "
		if race.StrictOnly(race.Kind(a.Name)) {
			mark = "*"
		}
		fmt.Fprintf(p.stdout, "\t%-12s %s %s\n", a.Name, mark, title(a))
	}
}

// helpFlags lists the flags that belong to no pass.
func (p *program) helpFlags(o *options) {
	fmt.Fprint(p.stdout, "\nflags:\n\n")
	o.checkFlags().VisitAll(func(f *flag.Flag) {
		pass, _, _ := strings.Cut(f.Name, ".")
		if find(o.analyzers, pass) == nil {
			helpFlag(p.stdout, f.Name, f)
		}
	})
}

// helpPass prints what is known about a pass.
func helpPass(w io.Writer, a *analysis.Analyzer) {
	rule := ruleOf(a)
	fmt.Fprintf(w, "%s: %s\n", a.Name, rule.Title)
	if rule.Doc != "" && rule.Doc != rule.Title {
		fmt.Fprintf(w, "\n%s\n", strings.TrimSpace(rule.Text()))
	}
	fmt.Fprintln(w)
	if race.StrictOnly(race.Kind(a.Name)) {
		fmt.Fprintf(w, "It reports only in strict mode: with -%s and no other pass, -%s.strict or -strict.\n", a.Name, a.Name)
	}
	if len(rule.CWE) > 0 {
		ids := make([]string, len(rule.CWE))
		for i, n := range rule.CWE {
			ids[i] = fmt.Sprintf("CWE-%d", n)
		}
		fmt.Fprintf(w, "%s\n", strings.Join(ids, ", "))
	}
	if a.URL != "" {
		fmt.Fprintf(w, "%s\n", a.URL)
	}
	fmt.Fprint(w, "\nflags:\n\n")
	fmt.Fprintf(w, "\t-%s\n\t\trun only this pass; -%s=false runs all others\n", a.Name, a.Name)
	a.Flags.VisitAll(func(f *flag.Flag) { helpFlag(w, a.Name+"."+f.Name, f) })
}

// ruleOf returns the rule of the pass, or what its analyzer says if it has
// none.
func ruleOf(a *analysis.Analyzer) passes.Rule {
	for _, r := range passes.Rules() {
		if r.Name == a.Name {
			return r
		}
	}
	doc := strings.TrimSpace(strings.TrimPrefix(a.Doc, title(a)))
	return passes.Rule{Name: a.Name, Title: title(a), Doc: doc}
}

// helpFlag prints one flag, under the name.
func helpFlag(w io.Writer, name string, f *flag.Flag) {
	arg, text := flag.UnquoteUsage(f)
	if arg != "" {
		name += " " + arg
	}
	if f.DefValue == "true" {
		text += " (default true)"
	}
	fmt.Fprintf(w, "\t-%s\n\t\t%s\n", name, text)
}

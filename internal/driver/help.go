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

	toctou [flags] [packages]                        analyse packages (default: .)
	toctou fix [-diff] [flags] [packages]            fix what can be fixed, or show how
	toctou helper DIR                                write the package that fixes use into your module
	toctou witness [flags] [packages]                show by the packages' own tests what comes of a race
	toctou gopls -o PATH                             build a gopls that has the passes in it
	toctou lsp [flags]                               a language server with the findings and their fixes
	toctou help [pass | command]                     this text, or what is known about a pass or command
	toctou explain NAME                              what is known about a pass, or the reason of a finding
	toctou completion bash | zsh | fish              a script by which the shell completes flags and commands
	toctou version                                   the version of this program, as -V
	go vet -vettool=$(which toctou) [flags] [packages]
	go fix -fixtool=$(which toctou) [flags] [packages]

It exits with 0 if it found nothing, with 1 if it found something, and with 2 if
a package or the whole run failed. With -exit-zero findings do not count.

A finding is silenced by a comment on its line or the line above, with a reason:

	//toctou:ignore the directory is private to this process

Settings stand in .toctou.yml, beside go.mod; on old code, -baseline and
-new-from-rev report what is new alone. See docs/settings.md and docs/adoption.md
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
}

const explainUsage = `usage: toctou explain NAME

toctou explain prints what is known about a pass, such as statopen, as 'toctou help
NAME' does, or about the reason of a finding, which JSON and SARIF name: for example
opens-vanished.
`

const versionUsage = `usage: toctou version

toctou version prints the version, the Go that has built it, and the commit. So do
-version and -V. The go command calls the program with -V=full.
`

const fixUsage = `usage: toctou fix [-diff] [flags] [packages]

toctou fix applies the first fix of each finding, until nothing changes. It
undoes what does not compile, and replaces files only then, each whole.

-diff prints what would change instead. All flags that choose findings are taken,
as -strict, -NAME and -new-from-rev: 'toctou help' lists them.

Where a fix needs the package github.com/edcacfbd/toctou/atomicfix, it is got by
'go get', and go.mod requires it from then on. -helper=never does without such
fixes; -helper=PATH imports the copy that 'toctou helper' has written.

It exits with 0 if nothing is left, with 1 if something is, or -diff shows some,
and with 2 if a package or the whole run failed.
`

const helperUsage = `usage: toctou helper DIR

toctou helper writes the package that fixes use, atomicfix, into the directory
DIR of your own module, which is to be new or empty. Fixes import it by
-helper=PATH, or helper: PATH in .toctou.yml, where PATH is its import path.
It needs golang.org/x/sys, and a Go that is not older than it says: in a module
whose go directive is, its files have a build constraint.
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
				return p.failf("there is no pass or command %s%s", name, mean)
			}
			return p.failf("there is no pass or command %s; 'toctou help' lists them", name)
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
		fmt.Fprintf(p.stdout, "It is reported by default, with the severity %s.", reason.Severity)
	case race.Strict:
		fmt.Fprintf(p.stdout, "It is reported in strict mode, with the severity %s.", reason.Severity)
	default:
		fmt.Fprint(p.stdout, "It is harmless, and never reported; -debug lists it.")
	}
	if kind != "" {
		fmt.Fprintf(p.stdout, "\n'toctou explain %s' prints what is known about the pass.", kind)
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
	fmt.Fprint(p.stdout, "\npasses (-NAME runs that one alone, -NAME=false all others; those marked * report in strict\nmode only, which -NAME of such a pass implies):\n\n")
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
		fmt.Fprintf(w, "It reports in strict mode only: with -%s alone, -%s.strict or -strict.\n", a.Name, a.Name)
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
	fmt.Fprintf(w, "\t-%s\n\t\trun this pass alone; -%s=false: run all others\n", a.Name, a.Name)
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

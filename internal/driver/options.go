package driver

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/edcacfbd/toctou/internal/config"
	"github.com/edcacfbd/toctou/internal/env"
	"github.com/edcacfbd/toctou/internal/nearest"
	"github.com/edcacfbd/toctou/internal/pass"
	"github.com/edcacfbd/toctou/internal/race"
	"github.com/edcacfbd/toctou/passes"
)

// options are the flags and settings of one run, and the suite that it runs.
type options struct {
	settings  passes.Settings
	env       env.Env
	suite     *pass.Suite
	analyzers []*analysis.Analyzer // all of the suite
	choices   []choice             // what the flags said about each of them
	flagged   *flag.FlagSet        // the flags that were parsed, of a language server

	config string           // the settings file that a flag names
	file   *config.Settings // the settings file that was read; nil if there is none

	json  bool // print JSON as go vet does
	stats bool // print counts
	debug bool // print candidates and internal errors

	garbage collector

	// Of the command line alone.
	dir       string       // run there
	tags      string       // build tags
	platforms platformList // to analyze on, instead of the one of the environment
	format    formatChoice
	output    string // the file to write to; empty for standard output
	color     colorChoice
	zero      bool // findings leave the exit status zero
	narrow    narrowFlags

	// Of the vet tool alone.
	fix     bool   // apply the fixes
	diff    bool   // show what they would change
	context int    // show that many lines around a finding
	flags   bool   // print the flags as JSON
	full    string // print the version in this form
}

// newOptions returns the default options.
func newOptions() *options {
	o := &options{context: -1}
	o.suite = pass.NewSuite(&o.settings, &o.env)
	o.suite.Runs = o.runs
	o.analyzers = passes.Of(o.suite)
	o.choices = make([]choice, len(o.analyzers))
	return o
}

// commandFlags returns the flags of the command line, which set o.
func (o *options) commandFlags() *flag.FlagSet {
	fs := o.sharedFlags()
	fs.StringVar(&o.dir, "C", "", "run in the directory `dir`")
	fs.StringVar(&o.tags, "tags", "", "analyze the files selected by the comma-separated `list` of build tags")
	o.narrow.flags(fs)
	return fs
}

// checkFlags returns the flags of the command line for an analysis.
func (o *options) checkFlags() *flag.FlagSet {
	fs := o.commandFlags()
	o.outputFlags(fs)
	o.narrow.recordFlags(fs)
	return fs
}

// toolFlags returns the flags that go vet and go fix may give, which set o.
func (o *options) toolFlags() *flag.FlagSet {
	fs := o.sharedFlags()
	fs.BoolVar(&o.json, "json", false, "print JSON")
	fs.IntVar(&o.context, "c", -1, "show `n` lines around each finding")
	fs.BoolVar(&o.fix, "fix", false, "apply the first fix of each finding")
	fs.BoolVar(&o.diff, "diff", false, "with -fix, print a diff and change nothing")
	fs.BoolVar(&o.flags, "flags", false, "print the flags in JSON")
	fs.StringVar(&o.full, "V", "", "print the version; the go command uses -V=full")
	return fs
}

// sharedFlags returns the flags of both: the settings of all passes, and for
// each pass the flag that switches it and the flags of its own.
func (o *options) sharedFlags() *flag.FlagSet {
	fs := flag.NewFlagSet("toctou", flag.ContinueOnError)
	fs.SetOutput(io.Discard) // errors come back, and are worded by the caller
	fs.Usage = func() {}

	s := &o.settings
	fs.BoolVar(&s.Strict, "strict", false, "also report races that matter only in some environments")
	fs.Var(&s.Severity, "severity", "report only findings of severity `level` or higher: low, medium or high")
	fs.BoolVar(&s.Tests, "test", false, "also report in test files")
	fs.BoolVar(&s.Generated, "generated", false, "also report in generated files")
	fs.Var(helper{s}, "helper", "whether fixes may import the helper package: `auto` (if the module provides it), always, never, or the import path of a copy")
	fs.Var((*not)(&s.NoFacts), "facts", "analyze functions of other packages that the code calls")
	fs.StringVar(&o.config, "config", "", "read the settings from `file` instead of .toctou.yml next to go.mod; none reads no settings")
	fs.BoolVar(&o.stats, "stats", false, "print statistics of the run to standard error")
	fs.BoolVar(&o.debug, "debug", false, "log every candidate with its verdict and reason, and internal errors, to standard error")
	for i, a := range o.analyzers {
		fs.Var(&o.choices[i], a.Name, "run "+a.Name+": "+title(a))
		a.Flags.VisitAll(func(f *flag.Flag) {
			fs.Var(f.Value, a.Name+"."+f.Name, f.Usage)
		})
	}
	return fs
}

// startDebug makes the passes print candidates and internal errors to w, if the flag
// -debug is set.
func (o *options) startDebug(w io.Writer) {
	if o.debug {
		o.env.Debug = func(format string, args ...any) {
			fmt.Fprintf(w, "toctou: debug: "+format+"\n", args...)
		}
	}
}

// title returns the first line of the analyzer's documentation.
func title(a *analysis.Analyzer) string {
	line, _, _ := strings.Cut(a.Doc, "\n")
	return line
}

// selected returns the passes to run: those that flags or settings switch on by name, or
// else all but those that are switched off.
func (o *options) selected() []*analysis.Analyzer {
	named := slices.Contains(o.choices, choiceOn)
	var out []*analysis.Analyzer
	for i, a := range o.analyzers {
		if c := o.choices[i]; c == choiceOn || c == choiceNone && !named {
			out = append(out, a)
		}
	}
	return out
}

// runs reports whether the pass of a kind is one of those to run.
func (o *options) runs(k race.Kind) bool {
	return slices.ContainsFunc(o.selected(), func(a *analysis.Analyzer) bool { return a.Name == string(k) })
}

// parse sets the flags fs from args, which may have flags after other
// arguments, too, and returns those other arguments.
func parse(fs *flag.FlagSet, args []string) (rest []string, err error) {
	for {
		if err := fs.Parse(args); err != nil {
			return nil, flagError(fs, err)
		}
		// The flag package drops a -- where it stops; what follows is no flag.
		if n := len(args) - fs.NArg(); n > 0 && args[n-1] == "--" {
			return append(rest, fs.Args()...), nil
		}
		if fs.NArg() == 0 {
			return rest, nil
		}
		rest = append(rest, fs.Arg(0))
		args = fs.Args()[1:]
	}
}

// flagError words an error of the flag package.
func flagError(fs *flag.FlagSet, err error) error {
	if errors.Is(err, flag.ErrHelp) {
		return err
	}
	if name, ok := strings.CutPrefix(err.Error(), "flag provided but not defined: "); ok {
		var known []string
		fs.VisitAll(func(f *flag.Flag) { known = append(known, f.Name) })
		return fmt.Errorf("unknown flag %s%s", name, didYouMean("-", strings.TrimLeft(name, "-"), known))
	}
	return err
}

// didYouMean returns a question that names the nearest of the known words, or "" if
// none is near. prefix is what all of them are written with.
func didYouMean(prefix, word string, known []string) string {
	if near := nearest.Of(word, known); near != "" {
		return fmt.Sprintf(": did you mean %s%s?", prefix, near)
	}
	return ""
}

// A choice is what the flags said about a pass.
type choice uint8

const (
	choiceNone choice = iota
	choiceOn
	choiceOff
)

// String implements flag.Value.
func (c *choice) String() string { return strconv.FormatBool(*c != choiceOff) }

// IsBoolFlag says that -NAME is -NAME=true.
func (c *choice) IsBoolFlag() bool { return true }

// Set implements flag.Value.
func (c *choice) Set(s string) error {
	on, err := strconv.ParseBool(s)
	if err != nil {
		return errors.New("want true or false")
	}
	*c = choiceOff
	if on {
		*c = choiceOn
	}
	return nil
}

// not is a boolean flag whose variable holds the opposite.
type not bool

// String implements flag.Value.
func (n *not) String() string { return strconv.FormatBool(!bool(*n)) }

// IsBoolFlag says that -NAME is -NAME=true.
func (n *not) IsBoolFlag() bool { return true }

// Set implements flag.Value.
func (n *not) Set(s string) error {
	b, err := strconv.ParseBool(s)
	if err != nil {
		return errors.New("want true or false")
	}
	*n = not(!b)
	return nil
}

// helper is the setting of the same name.
type helper struct{ *passes.Settings }

// String implements flag.Value.
func (h helper) String() string {
	if h.Settings == nil {
		return "" // the flag package needs the text of a zero value
	}
	return h.Helper
}

// helperIsAuto reports whether fixes may import the helper if the module provides it. This
// is the default.
func (o *options) helperIsAuto() bool {
	return o.settings.Helper == "" || o.settings.Helper == "auto"
}

// Set implements flag.Value.
func (h helper) Set(s string) error { return h.SetHelper(s) }

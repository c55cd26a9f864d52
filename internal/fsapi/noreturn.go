package fsapi

import "slices"

// noReturnFuncs are the functions that do not return, and those that do not if
// they are given an error. A control-flow graph that lets them return joins
// branches that never meet.
var noReturnFuncs = slices.Concat(
	noReturnStandard,
	within("log.", fatal, panics),
	within("(*log.Logger).", fatal, panics),
	noReturnThirdParty,
)

var noReturnStandard = []Func{
	{Name: "os.Exit", Traits: NoReturn},
	{Name: "syscall.Exit", Traits: NoReturn},
	{Name: "runtime.Goexit", Traits: NoReturn},

	// The methods of T, B and F are promoted from common.
	{Name: "(*testing.common).FailNow", Traits: NoReturn},
	{Name: "(*testing.common).Fatal", Traits: NoReturn},
	{Name: "(*testing.common).Fatalf", Traits: NoReturn},
	{Name: "(*testing.common).Skip", Traits: NoReturn},
	{Name: "(*testing.common).SkipNow", Traits: NoReturn},
	{Name: "(*testing.common).Skipf", Traits: NoReturn},
	{Name: "(testing.TB).FailNow", Traits: NoReturn},
	{Name: "(testing.TB).Fatal", Traits: NoReturn},
	{Name: "(testing.TB).Fatalf", Traits: NoReturn},
	{Name: "(testing.TB).Skip", Traits: NoReturn},
	{Name: "(testing.TB).SkipNow", Traits: NoReturn},
	{Name: "(testing.TB).Skipf", Traits: NoReturn},
}

// noReturnThirdParty are those of other modules. Left out is zerolog, which
// exits in the Msg of an event whose level no row can see.
var noReturnThirdParty = slices.Concat(
	within("github.com/sirupsen/logrus.", fatal, panics, []Func{{Name: "Exit", Traits: NoReturn}}),
	within("(*github.com/sirupsen/logrus.Logger).", fatal, panics, []Func{{Name: "Exit", Traits: NoReturn}}),
	within("(*github.com/sirupsen/logrus.Entry).", fatal, panics),
	within("(github.com/sirupsen/logrus.FieldLogger).", fatal, panics),
	within("(github.com/sirupsen/logrus.StdLogger).", fatal, panics),
	within("(*go.uber.org/zap.SugaredLogger).", fatal, panics, []Func{
		{Name: "Fatalw", Traits: NoReturn},
		{Name: "Panicw", Traits: NoReturn},
	}),
	within("k8s.io/klog.", fatal, exits),
	within("k8s.io/klog/v2.", fatal, exits),
	within("github.com/golang/glog.", fatal, exits),
	[]Func{
		{Name: "(*go.uber.org/zap.Logger).Fatal", Traits: NoReturn},
		{Name: "(*go.uber.org/zap.Logger).Panic", Traits: NoReturn},
		{Name: "k8s.io/klog/v2.FlushAndExit", Traits: NoReturn},
		{Name: "github.com/charmbracelet/log.Fatal", Traits: NoReturn},
		{Name: "github.com/charmbracelet/log.Fatalf", Traits: NoReturn},
		{Name: "(*github.com/charmbracelet/log.Logger).Fatal", Traits: NoReturn},
		{Name: "(*github.com/charmbracelet/log.Logger).Fatalf", Traits: NoReturn},
		{Name: "github.com/apex/log.Fatal", Traits: NoReturn},
		{Name: "github.com/apex/log.Fatalf", Traits: NoReturn},
		{Name: "github.com/alecthomas/kingpin/v2.Fatalf", Traits: NoReturn},
		{Name: "github.com/alecthomas/kingpin/v2.FatalUsage", Traits: NoReturn},
		{Name: "(*github.com/alecthomas/kingpin/v2.Application).Fatalf", Traits: NoReturn},
		{Name: "(*github.com/alecthomas/kingpin/v2.Application).FatalUsage", Traits: NoReturn},
		{Name: "(*github.com/alecthomas/kong.Kong).Fatalf", Traits: NoReturn},
		{Name: "golang.org/x/sys/unix.Exit", Traits: NoReturn},
		{Name: "golang.org/x/sys/windows.Exit", Traits: NoReturn},

		{Name: "github.com/spf13/cobra.CheckErr", Traits: Fails},
		{Name: "github.com/alecthomas/kingpin/v2.FatalIfError", Traits: Fails},
		{Name: "(*github.com/alecthomas/kingpin/v2.Application).FatalIfError", Traits: Fails},
		{Name: "(*github.com/alecthomas/kong.Kong).FatalIfErrorf", Traits: Fails},
	},
)

// What loggers have in the manner of package log, and of glog.
var (
	fatal = []Func{
		{Name: "Fatal", Traits: NoReturn},
		{Name: "Fatalf", Traits: NoReturn},
		{Name: "Fatalln", Traits: NoReturn},
	}
	panics = []Func{
		{Name: "Panic", Traits: NoReturn},
		{Name: "Panicf", Traits: NoReturn},
		{Name: "Panicln", Traits: NoReturn},
	}
	exits = []Func{
		{Name: "Exit", Traits: NoReturn},
		{Name: "Exitf", Traits: NoReturn},
		{Name: "Exitln", Traits: NoReturn},
	}
)

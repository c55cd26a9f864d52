package fsapi

// noReturnFuncs are the functions that do not return, and those that do not if
// they are given an error. A control-flow graph that lets them return joins
// branches that never meet.
var noReturnFuncs = []Func{
	{Name: "os.Exit", Traits: NoReturn},
	{Name: "syscall.Exit", Traits: NoReturn},
	{Name: "runtime.Goexit", Traits: NoReturn},

	{Name: "log.Fatal", Traits: NoReturn},
	{Name: "log.Fatalf", Traits: NoReturn},
	{Name: "log.Fatalln", Traits: NoReturn},
	{Name: "log.Panic", Traits: NoReturn},
	{Name: "log.Panicf", Traits: NoReturn},
	{Name: "log.Panicln", Traits: NoReturn},
	{Name: "(*log.Logger).Fatal", Traits: NoReturn},
	{Name: "(*log.Logger).Fatalf", Traits: NoReturn},
	{Name: "(*log.Logger).Fatalln", Traits: NoReturn},
	{Name: "(*log.Logger).Panic", Traits: NoReturn},
	{Name: "(*log.Logger).Panicf", Traits: NoReturn},
	{Name: "(*log.Logger).Panicln", Traits: NoReturn},

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

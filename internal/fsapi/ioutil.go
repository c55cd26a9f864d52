package fsapi

// ioutilFuncs are the functions of package io/ioutil, which older code uses.
var ioutilFuncs = []Func{
	{Name: "io/ioutil.ReadFile", Ops: at(0, Open), Gives: Contents},
	{Name: "io/ioutil.WriteFile", Ops: at(0, Create), Data: 1, Perm: 2},
	{Name: "io/ioutil.ReadDir", Ops: at(0, List), Gives: Entries},
	{Name: "io/ioutil.TempFile", Gives: NewFile},
	{Name: "io/ioutil.TempDir", Gives: NewDir},
}

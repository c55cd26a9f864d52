package fsapi

import "slices"

// Helper is the import path of the package that fixes rewrite to.
const Helper = "github.com/edcacfbd/toctou/atomicfix"

// atomicfixFuncs are the functions of the package that fixes rewrite to, so
// that what they leave behind is silent.
var atomicfixFuncs = slices.Concat(
	within(Helper+".", atomicfixVerbs),
	within("(*"+Helper+".FS).", atomicfixVerbs),
	within("(*"+Helper+".File).", []Func{
		{Name: "Name", Gives: Name},
		{Name: "Stat", Ops: at(Recv, Check), Gives: Info},
		{Name: "Chmod", Ops: at(Recv, SetMode)},
		{Name: "Commit", Traits: Syncs},
		{Name: "Close", Traits: Closes},
	}),
)

// atomicfixVerbs are functions of the package and methods of its FS.
var atomicfixVerbs = []Func{
	{Name: "WriteFile", Ops: at(0, CreateAtomic), Data: 1, Perm: 2},
	{Name: "WriteFileMode", Ops: at(0, CreateAtomic), Data: 1, Perm: 2},
	{Name: "WriteReader", Ops: at(0, CreateAtomic), Data: 1, Perm: 2},
	{Name: "WriteFunc", Ops: at(0, CreateAtomic), Perm: 1},
	{Name: "Create", Ops: at(0, CreateAtomic), Gives: Handle},
	{Name: "CreatePerm", Ops: at(0, CreateAtomic), Gives: Handle, Perm: 1},
	{Name: "CreateMode", Ops: at(0, CreateAtomic), Gives: Handle, Perm: 1},
	{Name: "CreateExcl", Ops: at(0, CreateExclusive), Gives: Handle, Perm: 1},
	{Name: "WriteFileExcl", Ops: at(0, CreateExclusive), Data: 1, Perm: 2},
	{Name: "OpenStat", Ops: at(0, Open), Gives: Handle},
	{Name: "OpenRegular", Ops: at(0, Open), Gives: Handle},
	{Name: "Update", Ops: []Op{{0, Open}, {0, CreateAtomic}}, Perm: 1, Traits: LocksFile},
	{Name: "UpdateContext", Ops: []Op{{1, Open}, {1, CreateAtomic}}, Perm: 2, Traits: LocksFile},
	{Name: "RenameNoReplace", Ops: []Op{{0, Move}, {1, Link}}},
	{Name: "Rename", Ops: []Op{{0, Move}, {1, Replace}}},
	{Name: "Symlink", Ops: at(1, CreateAtomic)},
}

package fsapi

// osFuncs are the functions of package os.
var osFuncs = []Func{
	{Name: "os.Stat", Ops: at(0, Check), Gives: Info},
	{Name: "os.Lstat", Ops: at(0, Check), Gives: Info, Traits: NoFollow},
	{Name: "os.Open", Ops: at(0, Open), Gives: Handle},
	{Name: "os.OpenFile", Ops: at(0, ByFlags), Gives: Handle, Flags: 1, Perm: 2},
	{Name: "os.Create", Ops: at(0, Create), Gives: Handle},
	{Name: "os.ReadFile", Ops: at(0, Open), Gives: Contents},
	{Name: "os.WriteFile", Ops: at(0, Create), Data: 1, Perm: 2},
	{Name: "os.Rename", Ops: []Op{{0, Move}, {1, Replace}}},
	{Name: "(*os.File).Stat", Ops: at(Recv, Check), Gives: Info},
}

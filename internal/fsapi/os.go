package fsapi

// osFuncs are the functions of package os.
//
// Of a link, only the new name is operated on: a symbolic link's target is
// text, and a hard link leaves its old name as it was.
var osFuncs = []Func{
	// Looking.
	{Name: "os.Stat", Ops: at(0, Check), Gives: Info},
	{Name: "os.Lstat", Ops: at(0, Check), Gives: Info, Traits: NoFollow},
	{Name: "os.Readlink", Ops: at(0, Resolve), Traits: NoFollow},
	{Name: "os.ReadDir", Ops: at(0, List), Gives: Entries},
	{Name: "os.DirFS", Gives: Scope},

	// Opening.
	{Name: "os.Open", Ops: at(0, Open), Gives: Handle},
	{Name: "os.OpenFile", Ops: at(0, ByFlags), Gives: Handle, Flags: 1, Perm: 2},
	{Name: "os.OpenRoot", Ops: at(0, Open), Gives: Scope},
	{Name: "os.OpenInRoot", Ops: at(1, Open), Gives: Handle, Traits: AtDir | Beneath},
	{Name: "os.ReadFile", Ops: at(0, Open), Gives: Contents},
	{Name: "os.NewFile", Traits: Adopts},

	// Making.
	{Name: "os.Create", Ops: at(0, Create), Gives: Handle},
	{Name: "os.WriteFile", Ops: at(0, Create), Data: 1, Perm: 2},
	{Name: "os.CopyFS", Ops: at(0, MakeDirAll)},
	{Name: "os.Mkdir", Ops: at(0, MakeDir), Perm: 1},
	{Name: "os.MkdirAll", Ops: at(0, MakeDirAll), Perm: 1},
	{Name: "os.Link", Ops: at(1, Link)},
	{Name: "os.Symlink", Ops: at(1, Link)},
	{Name: "os.CreateTemp", Gives: NewFile},
	{Name: "os.MkdirTemp", Gives: NewDir},

	// Changing.
	{Name: "os.Chmod", Ops: at(0, SetMode), Perm: 1},
	{Name: "os.Chown", Ops: at(0, SetOwner)},
	{Name: "os.Lchown", Ops: at(0, SetOwner), Traits: NoFollow},
	{Name: "os.Chtimes", Ops: at(0, SetTimes)},
	{Name: "os.Truncate", Ops: at(0, Write)},
	{Name: "os.Rename", Ops: []Op{{0, Move}, {1, Replace}}},
	{Name: "os.Remove", Ops: at(0, Remove)},
	{Name: "os.RemoveAll", Ops: at(0, RemoveAll)},
	{Name: "os.Chdir", Ops: at(0, ChangeDir)},
	{Name: "os.StartProcess", Ops: at(0, Exec)},

	// By the handle.
	{Name: "(*os.File).Name", Gives: Name},
	{Name: "(*os.File).Stat", Ops: at(Recv, Check), Gives: Info},
	{Name: "(*os.File).ReadDir", Ops: at(Recv, List), Gives: Entries},
	{Name: "(*os.File).Readdir", Ops: at(Recv, List), Gives: Entries},
	{Name: "(*os.File).Readdirnames", Ops: at(Recv, List), Gives: EntryNames},
	{Name: "(*os.File).Chmod", Ops: at(Recv, SetMode)},
	{Name: "(*os.File).Chown", Ops: at(Recv, SetOwner)},
	{Name: "(*os.File).Truncate", Ops: at(Recv, Write), Traits: Truncates},
	{Name: "(*os.File).Write", Ops: at(Recv, Write)},
	{Name: "(*os.File).WriteAt", Ops: at(Recv, Write)},
	{Name: "(*os.File).WriteString", Ops: at(Recv, Write)},
	{Name: "(*os.File).ReadFrom", Ops: at(Recv, Write)},
	{Name: "(*os.File).Chdir", Ops: at(Recv, ChangeDir)},
	{Name: "(*os.File).Sync", Traits: Syncs},
	{Name: "(*os.File).Close", Traits: Closes},
	{Name: "(*os.File).Fd", Traits: Descriptor},
	{Name: "(*os.File).SyscallConn"}, // keeps the file alive, so it is no Descriptor

	// Beneath a directory.
	{Name: "(*os.Root).Name", Gives: Name},
	{Name: "(*os.Root).FS", Gives: Scope},
	{Name: "(*os.Root).Close", Traits: Closes},
	{Name: "(*os.Root).Stat", Ops: at(0, Check), Gives: Info, Traits: Beneath},
	{Name: "(*os.Root).Lstat", Ops: at(0, Check), Gives: Info, Traits: Beneath | NoFollow},
	{Name: "(*os.Root).Readlink", Ops: at(0, Resolve), Traits: Beneath | NoFollow},
	{Name: "(*os.Root).Open", Ops: at(0, Open), Gives: Handle, Traits: Beneath},
	{Name: "(*os.Root).OpenFile", Ops: at(0, ByFlags), Gives: Handle, Flags: 1, Perm: 2, Traits: Beneath},
	{Name: "(*os.Root).OpenRoot", Ops: at(0, Open), Gives: Scope, Traits: Beneath},
	{Name: "(*os.Root).ReadFile", Ops: at(0, Open), Gives: Contents, Traits: Beneath},
	{Name: "(*os.Root).Create", Ops: at(0, Create), Gives: Handle, Traits: Beneath},
	{Name: "(*os.Root).WriteFile", Ops: at(0, Create), Data: 1, Perm: 2, Traits: Beneath},
	{Name: "(*os.Root).Mkdir", Ops: at(0, MakeDir), Perm: 1, Traits: Beneath},
	{Name: "(*os.Root).MkdirAll", Ops: at(0, MakeDirAll), Perm: 1, Traits: Beneath},
	{Name: "(*os.Root).Link", Ops: at(1, Link), Traits: Beneath},
	{Name: "(*os.Root).Symlink", Ops: at(1, Link), Traits: Beneath},
	{Name: "(*os.Root).Chmod", Ops: at(0, SetMode), Perm: 1, Traits: Beneath},
	{Name: "(*os.Root).Chown", Ops: at(0, SetOwner), Traits: Beneath},
	{Name: "(*os.Root).Lchown", Ops: at(0, SetOwner), Traits: Beneath | NoFollow},
	{Name: "(*os.Root).Chtimes", Ops: at(0, SetTimes), Traits: Beneath},
	{Name: "(*os.Root).Rename", Ops: []Op{{0, Move}, {1, Replace}}, Traits: Beneath},
	{Name: "(*os.Root).Remove", Ops: at(0, Remove), Traits: Beneath},
	{Name: "(*os.Root).RemoveAll", Ops: at(0, RemoveAll), Traits: Beneath},

	// Where paths come from.
	{Name: "os.UserHomeDir", From: UserDir},
	{Name: "os.UserConfigDir", From: UserDir},
	{Name: "os.UserCacheDir", From: UserDir},
	{Name: "os.TempDir", From: TempDir},
	{Name: "os.Getwd", From: WorkDir},
	{Name: "os.Executable", From: Executable},
	{Name: "os.Getenv", From: Environ},
	{Name: "os.LookupEnv", From: Environ},
	{Name: "os.ExpandEnv", From: Environ},

	// What goes into names, and stays as it is while the program runs.
	{Name: "os.Getpid", Gives: Pure},
	{Name: "os.Getppid", Gives: Pure},
	{Name: "os.Getuid", Gives: Pure},
	{Name: "os.Geteuid", Gives: Pure},
	{Name: "os.Hostname", Gives: Pure},

	// Asking.
	{Name: "os.IsNotExist", Traits: TestsNotExist},
	{Name: "os.IsExist", Traits: TestsExist},
	{Name: "os.SameFile", Traits: TestsSame},
	{Name: "os.NewSyscallError", Traits: Wraps},
}

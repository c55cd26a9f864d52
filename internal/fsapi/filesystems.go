package fsapi

import "slices"

// fileSystems are interfaces to file systems. A path is taken for one of the
// real file system, the one that such a program mostly runs on.
var fileSystems = slices.Concat(
	within("(github.com/spf13/afero.Fs).", aferoMethods),
	within("(github.com/spf13/afero.OsFs).", aferoMethods),
	within("(*github.com/spf13/afero.BasePathFs).", having(Beneath|Prefixes, aferoMethods), having(Beneath|Prefixes, []Func{
		{Name: "LstatIfPossible", Ops: at(0, Check), Gives: Info, Traits: NoFollow},
		{Name: "SymlinkIfPossible", Ops: at(1, Link)},
		{Name: "ReadlinkIfPossible", Ops: at(0, Resolve), Traits: NoFollow},
	})),
	within("(github.com/spf13/afero.Afero).", having(Beneath|Prefixes, aferoHelpers(0))),
	within("github.com/spf13/afero.", having(AtDir|Prefixes, aferoHelpers(1))),
	[]Func{
		{Name: "(*github.com/spf13/afero.BasePathFs).RealPath", Gives: Pure, Traits: Beneath | Prefixes},
		{Name: "github.com/spf13/afero.FullBaseFsPath", Gives: Pure, Traits: Beneath | Prefixes},
		{Name: "(github.com/spf13/afero.Lstater).LstatIfPossible", Ops: at(0, Check), Gives: Info, Traits: NoFollow},
		{Name: "(github.com/spf13/afero.Linker).SymlinkIfPossible", Ops: at(1, Link)},
		{Name: "(github.com/spf13/afero.LinkReader).ReadlinkIfPossible", Ops: at(0, Resolve), Traits: NoFollow},
		{Name: "(github.com/spf13/afero.Afero).TempFile", Gives: NewFile},
		{Name: "(github.com/spf13/afero.Afero).TempDir", Gives: NewDir},
		{Name: "github.com/spf13/afero.TempFile", Gives: NewFile},
		{Name: "github.com/spf13/afero.TempDir", Gives: NewDir},
		{Name: "(github.com/spf13/afero.File).Name", Gives: Name},
		{Name: "(github.com/spf13/afero.File).Stat", Ops: at(Recv, Check), Gives: Info},
		{Name: "(github.com/spf13/afero.File).Readdir", Ops: at(Recv, List), Gives: Entries},
		{Name: "(github.com/spf13/afero.File).Readdirnames", Ops: at(Recv, List), Gives: EntryNames},
		{Name: "(github.com/spf13/afero.File).Truncate", Ops: at(Recv, Write), Traits: Truncates},
		{Name: "(github.com/spf13/afero.File).WriteString", Ops: at(Recv, Write)},
		{Name: "(github.com/spf13/afero.File).Sync", Traits: Syncs},
	},
	within("(github.com/go-git/go-billy/v5.Basic).", []Func{
		{Name: "Stat", Ops: at(0, Check), Gives: Info},
		{Name: "Open", Ops: at(0, Open), Gives: Handle},
		{Name: "OpenFile", Ops: at(0, ByFlags), Gives: Handle, Flags: 1, Perm: 2},
		{Name: "Create", Ops: at(0, Create), Gives: Handle},
		{Name: "Rename", Ops: []Op{{0, Move}, {1, Replace}}},
		{Name: "Remove", Ops: at(0, Remove)},
		{Name: "Join", Gives: Pure, Traits: Joins},
	}),
	[]Func{
		{Name: "(github.com/go-git/go-billy/v5.Dir).ReadDir", Ops: at(0, List), Gives: Entries},
		{Name: "(github.com/go-git/go-billy/v5.Dir).MkdirAll", Ops: at(0, MakeDirAll), Perm: 1},
		{Name: "(github.com/go-git/go-billy/v5.Symlink).Lstat", Ops: at(0, Check), Gives: Info, Traits: NoFollow},
		{Name: "(github.com/go-git/go-billy/v5.Symlink).Symlink", Ops: at(1, Link)},
		{Name: "(github.com/go-git/go-billy/v5.Symlink).Readlink", Ops: at(0, Resolve), Traits: NoFollow},
		{Name: "(github.com/go-git/go-billy/v5.TempFile).TempFile", Gives: NewFile},
		{Name: "(github.com/go-git/go-billy/v5.File).Name", Gives: Name},
		{Name: "(github.com/go-git/go-billy/v5.File).Truncate", Ops: at(Recv, Write), Traits: Truncates},
	},
	[]Func{
		{Name: "github.com/karrick/godirwalk.Walk", Ops: at(0, Walk)},
		{Name: "github.com/karrick/godirwalk.ReadDirents", Ops: at(0, List)},
		{Name: "github.com/karrick/godirwalk.ReadDirnames", Ops: at(0, List), Gives: EntryNames},
		{Name: "github.com/karrick/godirwalk.NewScanner", Ops: at(0, List)},
		{Name: "(github.com/karrick/godirwalk.Dirent).Name", Gives: EntryName},
		{Name: "(github.com/karrick/godirwalk.Dirent).IsDir", Gives: IsDir},
		{Name: "(github.com/karrick/godirwalk.Dirent).IsRegular", Gives: IsRegular},
		{Name: "(github.com/karrick/godirwalk.Dirent).ModeType", Gives: Mode},
		{Name: "github.com/charlievieth/fastwalk.Walk", Ops: at(1, Walk)},
		{Name: "github.com/charlievieth/fastwalk.StatDirEntry", Ops: at(0, Check), Gives: Info},
	},
)

// aferoMethods are the methods of afero.Fs and of its implementations.
var aferoMethods = []Func{
	{Name: "Stat", Ops: at(0, Check), Gives: Info},
	{Name: "Open", Ops: at(0, Open), Gives: Handle},
	{Name: "OpenFile", Ops: at(0, ByFlags), Gives: Handle, Flags: 1, Perm: 2},
	{Name: "Create", Ops: at(0, Create), Gives: Handle},
	{Name: "Mkdir", Ops: at(0, MakeDir), Perm: 1},
	{Name: "MkdirAll", Ops: at(0, MakeDirAll), Perm: 1},
	{Name: "Chmod", Ops: at(0, SetMode)},
	{Name: "Chown", Ops: at(0, SetOwner)},
	{Name: "Chtimes", Ops: at(0, SetTimes)},
	{Name: "Rename", Ops: []Op{{0, Move}, {1, Replace}}},
	{Name: "Remove", Ops: at(0, Remove)},
	{Name: "RemoveAll", Ops: at(0, RemoveAll)},
}

// aferoHelpers are functions of afero, whose path is argument 1 after the file
// system, and methods of afero.Afero, whose path is argument 0.
//
// Both ways of writing from a reader make the parent directories first.
// SafeWriteReader looks whether the file is there before it truncates it.
func aferoHelpers(path int) []Func {
	return []Func{
		{Name: "Exists", Ops: at(path, Check), Gives: Exists},
		{Name: "DirExists", Ops: at(path, Check), Gives: IsDir},
		{Name: "IsDir", Ops: at(path, Check), Gives: IsDir},
		{Name: "IsEmpty", Ops: at(path, Check)},
		{Name: "ReadDir", Ops: at(path, List), Gives: Entries},
		{Name: "Walk", Ops: at(path, Walk)},
		{Name: "ReadFile", Ops: at(path, Open), Gives: Contents},
		{Name: "FileContainsBytes", Ops: at(path, Open)},
		{Name: "FileContainsAnyBytes", Ops: at(path, Open)},
		{Name: "WriteFile", Ops: at(path, Create), Data: path + 1, Perm: path + 2},
		{Name: "WriteReader", Ops: at(path, Create), Data: path + 1},
		{Name: "SafeWriteReader", Ops: []Op{{path, Check}, {path, Create}}, Data: path + 1},
	}
}

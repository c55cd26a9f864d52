package fsapi

// fsFuncs are the functions of package io/fs. A file system may be anything,
// but is mostly os.DirFS or a Root's; its names cannot leave it, by contract.
var fsFuncs = []Func{
	// On a file system.
	{Name: "io/fs.Stat", Ops: at(1, Check), Gives: Info, Traits: AtDir | Beneath},
	{Name: "io/fs.Lstat", Ops: at(1, Check), Gives: Info, Traits: AtDir | Beneath | NoFollow},
	{Name: "io/fs.ReadLink", Ops: at(1, Resolve), Traits: AtDir | Beneath | NoFollow},
	{Name: "io/fs.ReadFile", Ops: at(1, Open), Gives: Contents, Traits: AtDir | Beneath},
	{Name: "io/fs.ReadDir", Ops: at(1, List), Gives: Entries, Traits: AtDir | Beneath},
	{Name: "io/fs.WalkDir", Ops: at(1, Walk), Traits: AtDir | Beneath},
	{Name: "io/fs.Glob", Ops: at(1, List), Traits: AtDir | Beneath},
	{Name: "io/fs.Sub", Gives: Scope},

	// As a file system's method.
	{Name: "(io/fs.FS).Open", Ops: at(0, Open), Gives: Handle, Traits: Beneath},
	{Name: "(io/fs.StatFS).Stat", Ops: at(0, Check), Gives: Info, Traits: Beneath},
	{Name: "(io/fs.ReadLinkFS).Lstat", Ops: at(0, Check), Gives: Info, Traits: Beneath | NoFollow},
	{Name: "(io/fs.ReadLinkFS).ReadLink", Ops: at(0, Resolve), Traits: Beneath | NoFollow},
	{Name: "(io/fs.ReadFileFS).ReadFile", Ops: at(0, Open), Gives: Contents, Traits: Beneath},
	{Name: "(io/fs.ReadDirFS).ReadDir", Ops: at(0, List), Gives: Entries, Traits: Beneath},
	{Name: "(io/fs.GlobFS).Glob", Ops: at(0, List), Traits: Beneath},
	{Name: "(io/fs.SubFS).Sub", Gives: Scope},

	// By the handle.
	{Name: "(io/fs.File).Stat", Ops: at(Recv, Check), Gives: Info},
	{Name: "(io/fs.File).Close", Traits: Closes},
	{Name: "(io/fs.ReadDirFile).ReadDir", Ops: at(Recv, List), Gives: Entries},

	// Metadata.
	{Name: "(io/fs.FileInfo).Name", Gives: EntryName},
	{Name: "(io/fs.FileInfo).IsDir", Gives: IsDir},
	{Name: "(io/fs.FileInfo).Mode", Gives: Mode},
	{Name: "(io/fs.FileInfo).Size", Gives: Size},
	{Name: "(io/fs.FileInfo).ModTime", Gives: ModTime},
	{Name: "(io/fs.FileInfo).Sys", Gives: Sys},
	{Name: "(io/fs.DirEntry).Name", Gives: EntryName},
	{Name: "(io/fs.DirEntry).IsDir", Gives: IsDir},
	{Name: "(io/fs.DirEntry).Type", Gives: Mode},
	{Name: "(io/fs.DirEntry).Info", Gives: Info, Traits: ReadsEntry},
	{Name: "(io/fs.FileMode).IsDir", Gives: IsDir},
	{Name: "(io/fs.FileMode).IsRegular", Gives: IsRegular},
	{Name: "(io/fs.FileMode).Perm", Gives: Mode, Traits: PermBits},
	{Name: "(io/fs.FileMode).Type", Gives: Mode, Traits: TypeBits},
}

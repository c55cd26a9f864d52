package fsapi

import (
	"slices"
	"strings"
	"sync"
)

// Shapes are the methods of interfaces that look like a file system, by their
// bare names. A program that hides os behind an interface of its own, for its
// tests, still races on the real one.
//
// An interface looks like a file system if it has Stat or Lstat, taking a
// string and returning (fs.FileInfo, error), and at least two more of these
// methods. The caller must also compare each method's parameters with its row: the paths
// are strings, Flags is an int, Perm an integer.
var Shapes = []Func{
	{Name: "Stat", Ops: at(0, Check), Gives: Info},
	{Name: "Lstat", Ops: at(0, Check), Gives: Info, Traits: NoFollow},
	{Name: "Exists", Ops: at(0, Check), Gives: Exists},
	{Name: "FileExists", Ops: at(0, Check), Gives: Exists},
	{Name: "DirExists", Ops: at(0, Check), Gives: IsDir},
	{Name: "IsDir", Ops: at(0, Check), Gives: IsDir},
	{Name: "Readlink", Ops: at(0, Resolve), Traits: NoFollow},
	{Name: "EvalSymlinks", Ops: at(0, Resolve)},
	{Name: "ReadDir", Ops: at(0, List), Gives: Entries},
	{Name: "Glob", Ops: at(0, List)},
	{Name: "Walk", Ops: at(0, Walk)},
	{Name: "WalkDir", Ops: at(0, Walk)},

	{Name: "Open", Ops: at(0, Open), Gives: Handle},
	{Name: "OpenFile", Ops: at(0, ByFlags), Gives: Handle, Flags: 1, Perm: 2},
	{Name: "ReadFile", Ops: at(0, Open), Gives: Contents},

	{Name: "Create", Ops: at(0, Create), Gives: Handle},
	{Name: "WriteFile", Ops: at(0, Create), Data: 1, Perm: 2},
	{Name: "Mkdir", Ops: at(0, MakeDir), Perm: 1},
	{Name: "MkdirAll", Ops: at(0, MakeDirAll), Perm: 1},
	{Name: "Link", Ops: at(1, Link)},
	{Name: "Symlink", Ops: at(1, Link)},

	{Name: "Chmod", Ops: at(0, SetMode)},
	{Name: "Chown", Ops: at(0, SetOwner)},
	{Name: "Lchown", Ops: at(0, SetOwner), Traits: NoFollow},
	{Name: "Chtimes", Ops: at(0, SetTimes)},
	{Name: "Truncate", Ops: at(0, Write)},
	{Name: "Rename", Ops: []Op{{0, Move}, {1, Replace}}},
	{Name: "Remove", Ops: at(0, Remove)},
	{Name: "RemoveAll", Ops: at(0, RemoveAll)},
	{Name: "Chdir", Ops: at(0, ChangeDir)},

	{Name: "IsNotExist", Traits: TestsNotExist},
	{Name: "IsExist", Traits: TestsExist},
}

// stores are more methods of interfaces whose methods take a context first: stores
// of objects by a path, which a program has on a disk as well as elsewhere.
//
//	Stat(ctx context.Context, path string) (FileInfo, error)
//	Reader(ctx context.Context, path string, offset int64) (io.ReadCloser, error)
//	Delete(ctx context.Context, path string) error
var stores = []Func{
	{Name: "GetContent", Ops: at(0, Open), Gives: Contents},
	{Name: "Reader", Ops: at(0, Open), Gives: Handle},
	{Name: "Delete", Ops: at(0, Remove)},
	{Name: "Move", Ops: []Op{{0, Move}, {1, Replace}}},
	{Name: "List", Ops: at(0, List)},
}

// ShapeOf returns the row of the method with the bare name, or nil.
func ShapeOf(name string) *Func { return shapes()[name] }

// ShapeAfterContext returns the row of the method with the bare name that takes a
// context first, or nil.
func ShapeAfterContext(name string) *Func { return shapesAfterContext()[name] }

// IsShape reports whether the row is that of a method by its bare name.
func (f *Func) IsShape() bool { return !strings.Contains(f.Name, ".") }

var shapes = sync.OnceValue(func() map[string]*Func { return byName(Shapes) })

var shapesAfterContext = sync.OnceValue(func() map[string]*Func {
	rows := slices.Concat(Shapes, stores)
	rows = slices.DeleteFunc(rows, func(f Func) bool { return len(f.Ops) == 0 })
	for i := range rows {
		rows[i] = rows[i].shifted()
	}
	return byName(rows)
})

// shifted returns a row whose parameters come one later.
func (f Func) shifted() Func {
	f.Ops = slices.Clone(f.Ops)
	for i := range f.Ops {
		f.Ops[i].Arg++
	}
	for _, index := range []*int{&f.Flags, &f.Perm, &f.Data} {
		if *index > 0 {
			*index++
		}
	}
	return f
}

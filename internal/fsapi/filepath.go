package fsapi

// pathFuncs are the functions that compute paths, and text that goes into
// paths, and those of path/filepath that look at the file system.
//
// filepath.Abs is Pure though it reads the working directory: so does every
// use of a relative path.
var pathFuncs = []Func{
	// Looking.
	{Name: "path/filepath.EvalSymlinks", Ops: at(0, Resolve)},
	{Name: "path/filepath.Walk", Ops: at(0, Walk)},
	{Name: "path/filepath.WalkDir", Ops: at(0, Walk)},
	{Name: "path/filepath.Glob", Ops: at(0, List)},

	// Paths.
	{Name: "path/filepath.Abs", Gives: Pure},
	{Name: "path/filepath.Base", Gives: Pure},
	{Name: "path/filepath.Clean", Gives: Pure},
	{Name: "path/filepath.Dir", Gives: Pure},
	{Name: "path/filepath.Ext", Gives: Pure},
	{Name: "path/filepath.FromSlash", Gives: Pure},
	{Name: "path/filepath.Join", Gives: Pure},
	{Name: "path/filepath.Localize", Gives: Pure},
	{Name: "path/filepath.Rel", Gives: Pure},
	{Name: "path/filepath.Split", Gives: Pure},
	{Name: "path/filepath.ToSlash", Gives: Pure},
	{Name: "path/filepath.VolumeName", Gives: Pure},
	{Name: "path.Base", Gives: Pure},
	{Name: "path.Clean", Gives: Pure},
	{Name: "path.Dir", Gives: Pure},
	{Name: "path.Ext", Gives: Pure},
	{Name: "path.Join", Gives: Pure},
	{Name: "path.Split", Gives: Pure},

	// Is it inside?
	{Name: "path/filepath.IsLocal", Traits: AsksWithin},
	{Name: "path/filepath.HasPrefix", Traits: AsksWithin},
	{Name: "strings.HasPrefix", Traits: AsksWithin},

	// Text.
	{Name: "strings.Clone", Gives: Pure},
	{Name: "strings.Cut", Gives: Pure},
	{Name: "strings.CutPrefix", Gives: Pure},
	{Name: "strings.CutSuffix", Gives: Pure},
	{Name: "strings.Join", Gives: Pure},
	{Name: "strings.Repeat", Gives: Pure},
	{Name: "strings.Replace", Gives: Pure},
	{Name: "strings.ReplaceAll", Gives: Pure},
	{Name: "strings.Title", Gives: Pure},
	{Name: "strings.ToLower", Gives: Pure},
	{Name: "strings.ToTitle", Gives: Pure},
	{Name: "strings.ToUpper", Gives: Pure},
	{Name: "strings.ToValidUTF8", Gives: Pure},
	{Name: "strings.Trim", Gives: Pure},
	{Name: "strings.TrimLeft", Gives: Pure},
	{Name: "strings.TrimPrefix", Gives: Pure},
	{Name: "strings.TrimRight", Gives: Pure},
	{Name: "strings.TrimSpace", Gives: Pure},
	{Name: "strings.TrimSuffix", Gives: Pure},
	{Name: "fmt.Sprint", Gives: Pure},
	{Name: "fmt.Sprintf", Gives: Pure},
	{Name: "fmt.Sprintln", Gives: Pure},
	{Name: "strconv.FormatInt", Gives: Pure},
	{Name: "strconv.FormatUint", Gives: Pure},
	{Name: "strconv.Itoa", Gives: Pure},
	{Name: "strconv.Quote", Gives: Pure},
	{Name: "net/url.PathEscape", Gives: Pure},
	{Name: "net/url.PathUnescape", Gives: Pure},
	{Name: "net/url.QueryEscape", Gives: Pure},
	{Name: "net/url.QueryUnescape", Gives: Pure},
	{Name: "(time.Time).Format", Gives: Pure},
}

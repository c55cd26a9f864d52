package overlay

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
)

// wrapperMark begins the line above each wrapper, which names the function as
// runtime.Frame does.
const wrapperMark = "// toctou wraps "

// paths lists the functions of package os that take paths, with the parameters that
// are paths. A result that is a path is written "=".
var paths = map[string][]string{
	"Chmod": {"name"}, "Chown": {"name"}, "Chtimes": {"name"}, "Create": {"name"},
	"CreateTemp": {"="}, "CopyFS": {"dir"}, "Lchown": {"name"}, "Link": {"newname", "oldname"},
	"Lstat": {"name"}, "Mkdir": {"name"}, "MkdirAll": {"path"}, "MkdirTemp": {"="},
	"Open": {"name"}, "OpenFile": {"name"}, "OpenInRoot": {"dir"}, "OpenRoot": {"name"},
	"ReadDir": {"name"}, "ReadFile": {"name"}, "Readlink": {"name"}, "Remove": {"name"},
	"RemoveAll": {"path"}, "Rename": {"oldpath", "newpath"}, "Stat": {"name"},
	"StartProcess": {"name"}, "Symlink": {"newname"}, "Truncate": {"name"}, "WriteFile": {"name"},
}

// handles lists the methods of *os.File that change the file, which is the operation
// on the path by which it was opened.
var handles = []string{"Chmod", "Chown", "Truncate"}

// writes lists the methods of *os.File that write, with what they return if the disk
// is full.
var writes = []string{"ReadFrom", "Write", "WriteAt"}

// parts lists functions that only operations call.
var parts = []string{"rename", "removeAll"}

// required lists what has to be found in a package, as edit names it.
var required = map[string][]string{
	"os": append(names(), "(*File).Chmod", "(*File).Chown", "(*File).Truncate",
		"(*File).ReadFrom", "(*File).Write", "(*File).WriteAt", "Chdir", "(*Root).OpenFile"),
	"testing": {"runExample", "tRunner"},
}

func names() []string {
	var list []string
	for name := range paths {
		list = append(list, name)
	}
	return list
}

// edit returns the instrumented text of a file of package os or testing, or nil if
// nothing changes. It notes what it has found. No line moves.
func edit(pkg, name string, src []byte, found map[string]bool) ([]byte, error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, name, src, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	e := &editor{fset: fset, src: src, found: found, methods: make(map[string]bool)}
	for _, d := range file.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok && e.isRootMethod(fn) {
			e.methods[fn.Name.Name] = true
		}
	}
	for _, d := range file.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok || fn.Body == nil {
			continue
		}
		var err error
		if pkg == "os" {
			err = e.osFunc(fn)
		} else {
			err = e.testingFunc(fn)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", fn.Name.Name, err)
		}
	}
	if len(e.edits) == 0 {
		return nil, nil
	}
	return e.apply(), nil
}

// An editor collects the changes of one file.
type editor struct {
	fset  *token.FileSet
	src   []byte
	found map[string]bool
	edits []change
	end   bytes.Buffer // wrappers

	methods map[string]bool // those of *Root in the file that are wrapped
}

type change struct {
	at   int // where text is inserted
	text string
}

func (e *editor) insert(at token.Pos, text string) {
	e.edits = append(e.edits, change{e.fset.Position(at).Offset, text})
}

func (e *editor) apply() []byte {
	slices.SortStableFunc(e.edits, func(a, b change) int { return a.at - b.at })
	var out bytes.Buffer
	last := 0
	for _, c := range e.edits {
		out.Write(e.src[last:c.at])
		out.WriteString(c.text)
		last = c.at
	}
	out.Write(e.src[last:])
	out.Write(e.end.Bytes())
	return out.Bytes()
}

// text returns the source of a node.
func (e *editor) text(n ast.Node) string {
	return string(e.src[e.fset.Position(n.Pos()).Offset:e.fset.Position(n.End()).Offset])
}

// receiver returns the type of a method's receiver, as in *File, and its name; both
// are empty for a function.
func (e *editor) receiver(fn *ast.FuncDecl) (typ, name string) {
	if fn.Recv == nil || len(fn.Recv.List) != 1 {
		return "", ""
	}
	r := fn.Recv.List[0]
	if len(r.Names) == 1 {
		name = r.Names[0].Name
	}
	return e.text(r.Type), name
}

// osFunc instruments a function of package os, if it is one of those to record.
func (e *editor) osFunc(fn *ast.FuncDecl) error {
	typ, recv := e.receiver(fn)
	name := fn.Name.Name
	switch typ {
	case "":
		if name == "Chdir" {
			e.note("", name)
			e.insert(fn.Body.Lbrace+1, " defer toctouDir.Store(nil);")
			return nil
		}
		if params, ok := paths[name]; ok {
			return e.wrap(fn, "", "", params)
		}
		if slices.Contains(parts, name) {
			e.unwrap(fn, "")
		}
	case "*Root":
		if e.isRootMethod(fn) {
			return e.wrap(fn, typ, recv, pathParams(fn))
		}
	case "*File":
		switch {
		case slices.Contains(handles, name) && recv != "":
			return e.wrap(fn, typ, recv, nil)
		case slices.Contains(writes, name) && recv != "":
			e.note(typ, name)
			e.insert(fn.Body.Lbrace+1, fmt.Sprintf(" if toctouArmed.Load() != nil { if toctouE := toctouFull(%s); toctouE != nil { return 0, toctouE } };", recv))
		}
	}
	return nil
}

// isRootMethod reports whether a function is a method of *Root to be wrapped.
func (e *editor) isRootMethod(fn *ast.FuncDecl) bool {
	typ, recv := e.receiver(fn)
	return typ == "*Root" && recv != "" && fn.Body != nil && ast.IsExported(fn.Name.Name) && len(pathParams(fn)) > 0
}

// unwrap has a part of an operation call the functions that others have wrappers for,
// and not the wrappers: only the outermost operation is recorded, and a wrapper takes
// time to find out that it is not. recv is the receiver of a method of *Root.
//
//	f, err := OpenFile(name, O_RDONLY, 0)        // in ReadFile
//	f, err := toctouOpenFile(name, O_RDONLY, 0)
//
//	f, err := Open(fullname) // in DirFS's Open, which has no wrapper: as it is
func (e *editor) unwrap(fn *ast.FuncDecl, recv string) {
	ast.Inspect(fn.Body, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		switch f := call.Fun.(type) {
		case *ast.Ident:
			if _, ok := paths[f.Name]; ok {
				e.insert(f.Pos(), "toctou")
			}
		case *ast.SelectorExpr:
			if x, ok := f.X.(*ast.Ident); ok && recv != "" && x.Name == recv && e.methods[f.Sel.Name] {
				e.insert(f.Sel.Pos(), "toctou")
			}
		}
		return true
	})
}

// pathParams returns those parameters of a method of *Root that are paths.
func pathParams(fn *ast.FuncDecl) []string {
	var list []string
	for _, p := range fn.Type.Params.List {
		for _, n := range p.Names {
			if n.Name == "name" || n.Name == "oldname" || n.Name == "newname" {
				list = append(list, n.Name)
			}
		}
	}
	if fn.Name.Name == "Symlink" || fn.Name.Name == "Link" {
		slices.Reverse(list) // the new one is what appears
	}
	if fn.Name.Name == "Symlink" {
		list = list[:1]
	}
	return list
}

func (e *editor) note(typ, name string) {
	if typ != "" {
		name = "(" + typ + ")." + name
	}
	e.found[name] = true
}

// wrap renames a function and adds a wrapper by its name.
func (e *editor) wrap(fn *ast.FuncDecl, typ, recv string, params []string) error {
	name := fn.Name.Name
	e.note(typ, name)
	args, flag, err := arguments(fn, params)
	if err != nil {
		return err
	}
	results := 0
	if fn.Type.Results != nil {
		for _, r := range fn.Type.Results.List {
			results += max(1, len(r.Names))
		}
	}
	if results == 0 || e.text(fn.Type.Results.List[len(fn.Type.Results.List)-1].Type) != "error" {
		return fmt.Errorf("its last result is no error")
	}
	e.insert(fn.Name.Pos(), "toctou")
	if typ == "*Root" {
		e.unwrap(fn, recv)
	} else if typ == "" {
		e.unwrap(fn, "")
	}

	frame, call := "os."+name, "toctou"+name
	header := "func " + name
	if typ != "" {
		frame = "os.(" + typ + ")." + name
		call = recv + "." + call
		header = fmt.Sprintf("func (%s %s) %s", recv, typ, name)
	}
	first, second, made := `""`, `""`, false
	for i, p := range params {
		if p == "=" {
			made = true
			continue
		}
		if typ == "*Root" {
			p = fmt.Sprintf(`%s.Name()+"/"+%s`, recv, p)
		}
		if i == 0 {
			first = p
		} else {
			second = p
		}
	}
	if typ == "*File" {
		first = recv + ".toctouName()"
	}
	vars := make([]string, results)
	for i := range vars {
		vars[i] = fmt.Sprintf("toctou%d", i)
	}
	w := &e.end
	fmt.Fprintf(w, "\n%s%s\n%s%s {\n", wrapperMark, frame, header, strings.TrimPrefix(e.text(fn.Type), "func"+e.between(fn)))
	fmt.Fprintf(w, "\ttoctouC := toctouEnter(%s, %s, %s)\n", first, second, flag)
	if name == "StartProcess" && typ == "" {
		w.WriteString("\tattr = toctouChildEnv(attr)\n")
	}
	fmt.Fprintf(w, "\t%s := %s(%s)\n", strings.Join(vars, ", "), call, strings.Join(args, ", "))
	last := vars[results-1]
	switch {
	case made && name == "CreateTemp":
		fmt.Fprintf(w, "\ttoctouC.made(toctou0.toctouName(), %s)\n", last)
	case made:
		fmt.Fprintf(w, "\ttoctouC.made(toctou0, %s)\n", last)
	default:
		fmt.Fprintf(w, "\ttoctouC.leave(%s)\n", last)
	}
	fmt.Fprintf(w, "\treturn %s\n}\n", strings.Join(vars, ", "))
	return nil
}

// between returns what is between the word func and the parameters.
func (e *editor) between(fn *ast.FuncDecl) string {
	from := e.fset.Position(fn.Type.Pos()).Offset + len("func")
	to := e.fset.Position(fn.Type.Params.Pos()).Offset
	return string(e.src[from:to])
}

// arguments returns what the wrapper passes, and the flags of an opening. It checks
// that the parameters that are paths are there.
func arguments(fn *ast.FuncDecl, params []string) (args []string, flag string, err error) {
	flag = "0"
	have := make(map[string]bool)
	for _, p := range fn.Type.Params.List {
		if len(p.Names) == 0 {
			return nil, "", fmt.Errorf("a parameter has no name")
		}
		for _, n := range p.Names {
			if n.Name == "_" {
				return nil, "", fmt.Errorf("a parameter has no name")
			}
			args = append(args, n.Name)
			have[n.Name] = true
			if n.Name == "flag" {
				flag = "flag"
			}
		}
	}
	for _, p := range params {
		if p != "=" && !have[p] {
			return nil, "", fmt.Errorf("it has no parameter %s", p)
		}
	}
	return args, flag, nil
}

// testingFunc has tRunner and runExample name the test that runs.
func (e *editor) testingFunc(fn *ast.FuncDecl) error {
	if fn.Name.Name == "runExample" && fn.Recv == nil {
		if _, _, err := arguments(fn, []string{"eg"}); err != nil {
			return err
		}
		e.note("", fn.Name.Name)
		e.insert(fn.Body.Lbrace+1, " toctouStart(eg.Name); defer toctouEndTest(eg.Name);")
		return nil
	}
	if fn.Name.Name != "tRunner" || fn.Recv != nil {
		return nil
	}
	for _, stmt := range fn.Body.List {
		call, ok := stmt.(*ast.ExprStmt)
		if ok && e.text(call) == "fn(t)" {
			e.note("", "tRunner")
			e.insert(call.Pos(), "toctouStart(t.name); defer toctouEndTest(t.name); ")
			return nil
		}
	}
	return fmt.Errorf("it does not call fn(t)")
}

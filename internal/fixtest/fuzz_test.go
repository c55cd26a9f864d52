package fixtest

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/edcacfbd/toctou/internal/env"
	"github.com/edcacfbd/toctou/internal/fix"
	"github.com/edcacfbd/toctou/internal/pass"
	"github.com/edcacfbd/toctou/internal/reach"
	"github.com/edcacfbd/toctou/internal/settings"
	"github.com/edcacfbd/toctou/passes"
)

// FuzzFixes checks what must hold of any fix, on files of a few programs of the
// family each, written in one way or another: it parses, compiles and is
// formatted, alone and with the others; what it is for is found no more; and
// it is not fixed on and on.
func FuzzFixes(f *testing.F) {
	all := family()
	for i := range all {
		if i%16 == 0 {
			f.Add([]byte{byte(i), byte(i >> 8), byte(i / 16), byte(i / 7), 1, 0})
			f.Add([]byte{byte(i + 8), byte((i + 8) >> 8), 0})
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) < 3 {
			t.Skip("no program")
		}
		source, plain := written(t, all, data)
		if _, err := compile(source); err != nil {
			if plain {
				t.Fatalf("%v\n%s", err, source)
			}
			t.Skip(err) // a name is taken that the program needs
		}
		for _, helper := range []string{"always", "never"} {
			fixAll(t, helper, false, source)
			fixAll(t, helper, true, source)
		}
	})
}

// written makes a file of up to three programs: two bytes choose each, a third
// how it is written. It is plain if that is as the family has them.
func written(t *testing.T, all []program, data []byte) (source string, plain bool) {
	file := program{}
	plain = true
	for i := 0; len(data) >= 3 && i < 3; i++ {
		p := all[(int(data[0])|int(data[1])<<8)%len(all)]
		chosen := data[2]
		data = data[3:]
		plain = plain && chosen == 0
		if strings.Contains(file.body, "func "+p.name+"(") {
			continue
		}
		for bit, way := range ways {
			if chosen>>bit&1 == 1 {
				p.body = way(p.body)
			}
		}
		file.name = p.name
		file.body += "\n" + p.body
	}
	text, err := format.Source([]byte(file.source()))
	if err != nil {
		t.Fatalf("%v\n%s", err, file.source())
	}
	return string(text), plain
}

// ways change how a program is written, and not what it does.
var ways = []func(string) string{
	func(s string) string { return strings.ReplaceAll(s, "{\n", "{ // so\n") },
	func(s string) string { return strings.ReplaceAll(s, "\treturn ", "\t// That is all.\n\treturn ") },
	func(s string) string { return regexp.MustCompile(`\berr\b`).ReplaceAllString(s, "fs") },
	func(s string) string { return regexp.MustCompile(`\bpath\b`).ReplaceAllString(s, "errors") },
	func(s string) string { return regexp.MustCompile(`\bf\b`).ReplaceAllString(s, "atomicfix") },
	func(s string) string { return strings.ReplaceAll(s, "\n\tif ", "\n\n\tif ") },
	func(s string) string { return strings.ReplaceAll(s, "\n", "\n\n") },
	func(s string) string { return regexp.MustCompile(`\bdata\b`).ReplaceAllString(s, "err2") },
}

// fixAll makes the fixes of a file, round after round, and holds each round
// against what must hold of it. In strict mode a fix need not silence: a file that
// is created with its mode but for the owner's write bit is reported still.
func fixAll(t *testing.T, helper string, strict bool, source string) {
	const enough = 5
	first := source
	var done []string // what was fixed
	for round := 0; ; round++ {
		pkg, err := compile(source)
		if err != nil {
			t.Fatalf("helper %s, round %d: does not compile: %v\n%s\nfixed from\n%s", helper, round, err, source, first)
		}
		found := suggested(t, helper, strict, pkg, source)
		for _, s := range found {
			if slices.Contains(done, s.of) && !strict {
				t.Fatalf("helper %s, round %d: found when it was fixed: %s: %s\n%s\nfixed from\n%s", helper, round, s.of, s.message, source, first)
			}
		}
		var together []textEdit
		for _, s := range found {
			if len(s.edits) == 0 {
				continue
			}
			alone, ok := edited(source, s.edits)
			if !ok {
				t.Fatalf("helper %s: the edits of one fix overlap: %s\n%s", helper, s.message, source)
			}
			if _, err := compile(alone); err != nil {
				t.Fatalf("helper %s: the fix of %q does not compile: %v\n%s\nfixed from\n%s", helper, s.message, err, alone, source)
			}
			for _, e := range s.edits {
				if !slices.Contains(together, e) {
					together = append(together, e)
				}
			}
			// Of a function in which something of the kind is left, nothing is said.
			if !slices.ContainsFunc(found, func(o suggestion) bool { return o.of == s.of && len(o.edits) == 0 }) {
				done = append(done, s.of)
			}
		}
		if len(together) == 0 {
			return
		}
		if round == enough {
			t.Fatalf("helper %s: fixed on and on, to\n%s\nfrom\n%s", helper, source, first)
		}
		after, ok := edited(source, together)
		if !ok {
			t.Fatalf("helper %s: edits of different fixes overlap\n%s", helper, source)
		}
		if formatted, err := format.Source([]byte(after)); err != nil || string(formatted) != after {
			t.Fatalf("helper %s: not formatted (%v)\n%s", helper, err, after)
		}
		source = after
	}
}

// A suggestion is what one finding is about, a pass and a function, and the
// edits of its first fix.
type suggestion struct {
	of, message string
	edits       []textEdit
}

// suggested runs the suite on a package.
func suggested(t *testing.T, helper string, strict bool, pkg *packages.Package, source string) []suggestion {
	suite := passes.Of(pass.NewSuite(&settings.Settings{Helper: helper, Strict: strict}, &env.Env{Fatal: true, Overlay: map[string][]byte{fuzzed: []byte(source)}}))
	for _, a := range suite {
		if slices.Contains(strictAlone, a.Name) {
			if err := a.Flags.Set("strict", "true"); err != nil {
				t.Fatal(err)
			}
		}
	}
	graph, err := checker.Analyze(suite, []*packages.Package{pkg}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var list []suggestion
	for _, act := range graph.Roots {
		if act.Err != nil {
			t.Fatal(act.Err)
		}
		for _, d := range act.Diagnostics {
			file := pkg.Fset.File(d.Pos)
			if file.Name() != fuzzed {
				continue
			}
			s := suggestion{of: act.Analyzer.Name + " in " + function(pkg.Syntax[0], d), message: d.Message}
			if len(d.SuggestedFixes) > 0 {
				for _, e := range d.SuggestedFixes[0].TextEdits {
					s.edits = append(s.edits, textEdit{file.Offset(e.Pos), file.Offset(e.End), string(e.NewText)})
				}
			}
			list = append(list, s)
		}
	}
	return list
}

func function(file *ast.File, d analysis.Diagnostic) string {
	for _, decl := range file.Decls {
		if fn, ok := decl.(*ast.FuncDecl); ok && fn.Pos() <= d.Pos && d.Pos < fn.End() {
			return fn.Name.Name
		}
	}
	return ""
}

// edited makes edits, or reports that two of them overlap.
func edited(source string, list []textEdit) (string, bool) {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b textEdit) int { return a.start - b.start })
	var out bytes.Buffer
	at := 0
	for _, e := range list {
		if e.start < at {
			return "", false
		}
		out.WriteString(source[at:e.start])
		out.WriteString(e.text)
		at = e.end
	}
	out.WriteString(source[at:])
	return out.String(), true
}

const fuzzed = "fuzzed.go"

// compile parses and checks a file beside the harness, as an analysis wants it.
func compile(source string) (*packages.Package, error) {
	fset := token.NewFileSet()
	var files []*ast.File
	for _, f := range []struct{ name, text string }{{fuzzed, source}, {"harness.go", harness}} {
		file, err := parser.ParseFile(fset, f.name, f.text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	info := &types.Info{
		Types: make(map[ast.Expr]types.TypeAndValue), Defs: make(map[*ast.Ident]types.Object), Uses: make(map[*ast.Ident]types.Object),
		Implicits: make(map[ast.Node]types.Object), Selections: make(map[*ast.SelectorExpr]*types.Selection),
		Scopes: make(map[ast.Node]*types.Scope), Instances: make(map[*ast.Ident]types.Instance), FileVersions: make(map[*ast.File]string),
	}
	conf := types.Config{Importer: known(), GoVersion: "go1.25", Sizes: types.SizesFor("gc", "amd64")}
	pkg, err := conf.Check("example.com/family", fset, files, info)
	if err != nil {
		return nil, err
	}
	return &packages.Package{
		ID: pkg.Path(), Name: pkg.Name(), PkgPath: pkg.Path(), GoFiles: []string{fuzzed, "harness.go"}, CompiledGoFiles: []string{fuzzed, "harness.go"},
		Fset: fset, Syntax: files, Types: pkg, TypesInfo: info, TypesSizes: conf.Sizes,
	}, nil
}

// libraries imports the helper from its outline, and the standard library.
type libraries struct {
	std    types.Importer
	helper *types.Package
}

// known has read each library once.
var known = sync.OnceValue(func() types.Importer {
	l := libraries{std: importer.Default()}
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "atomicfix.go", fix.HelperOutline(), parser.SkipObjectResolution)
	if err != nil {
		panic(err)
	}
	conf := types.Config{Importer: l.std, IgnoreFuncBodies: true}
	if l.helper, err = conf.Check(reach.Helper, fset, []*ast.File{file}, nil); err != nil {
		panic(fmt.Sprint("the outline of the helper: ", err))
	}
	return l
})

// Import implements types.Importer.
func (l libraries) Import(path string) (*types.Package, error) {
	if path == reach.Helper {
		return l.helper, nil
	}
	return l.std.Import(path)
}

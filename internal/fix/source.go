package fix

import (
	"bytes"
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
	"slices"
	"sync"

	"golang.org/x/tools/go/analysis"

	"github.com/edcacfbd/toctou/internal/env"
)

// Sources is an analyzer whose result keeps, for one package, what its fixes have
// in common: the files are read and indexed once, not for each fix. A pass that
// makes fixes requires it.
var Sources = &analysis.Analyzer{
	Name:       "toctousources",
	Doc:        "read the files that fixes edit, each once",
	ResultType: reflect.TypeFor[*sources](),
	Run:        func(p *analysis.Pass) (any, error) { return newSources(p), nil },
}

// sources are the files of a package that fixes edit. They can be used from
// several goroutines.
type sources struct {
	files []*source

	mu      sync.Mutex
	helpers map[string]string // the results of Helper, by setting
}

// sourcesOf returns the files of the package, those of the analyzer if it ran.
func sourcesOf(p *analysis.Pass) *sources {
	if s, ok := p.ResultOf[Sources].(*sources); ok {
		return s
	}
	return newSources(p)
}

func newSources(p *analysis.Pass) *sources {
	s := &sources{helpers: make(map[string]string)}
	for _, f := range p.Files {
		s.files = append(s.files, &source{file: f, tok: p.Fset.File(f.FileStart)})
	}
	return s
}

// at returns the file at pos, or nil.
func (s *sources) at(pos token.Pos) *source {
	i := slices.IndexFunc(s.files, func(f *source) bool { return f.file.FileStart <= pos && pos < f.file.FileEnd })
	if i < 0 {
		return nil
	}
	return s.files[i]
}

// source is a file of the package as it was analyzed.
type source struct {
	file *ast.File
	tok  *token.File

	once     sync.Once
	text     []byte
	editable bool

	index    sync.Once
	uses     []use                  // of imports, in the order of the file
	counts   map[*types.PkgName]int // how many of the uses are of each
	declared map[string]bool        // the names of variables, parameters and results
}

// A use is an identifier that names an import.
type use struct {
	pos  token.Pos
	name *types.PkgName
}

// read reads the file, and determines whether it can be edited: it is not
// generated, has no cgo, and is what was parsed.
func (s *source) read(p *analysis.Pass, in *env.Env) {
	s.once.Do(func() {
		if ast.IsGenerated(s.file) || slices.ContainsFunc(s.file.Imports, func(spec *ast.ImportSpec) bool { return spec.Path.Value == `"C"` }) {
			return
		}
		text, ok := in.Overlay[s.tok.Name()]
		if !ok {
			var err error
			if text, err = p.ReadFile(s.tok.Name()); err != nil {
				return
			}
		}
		s.text, s.editable = text, len(text) == s.tok.Size()
	})
}

// lineEnd returns what the lines of the file end with.
func (s *source) lineEnd() string {
	if bytes.Contains(s.text, []byte("\r\n")) {
		return "\r\n"
	}
	return "\n"
}

// lookUp goes through the identifiers of the file.
func (s *source) lookUp(info *types.Info) {
	s.index.Do(func() {
		s.counts, s.declared = make(map[*types.PkgName]int), make(map[string]bool)
		ast.Inspect(s.file, func(n ast.Node) bool {
			id, ok := n.(*ast.Ident)
			if !ok {
				return true
			}
			if name, ok := info.Uses[id].(*types.PkgName); ok {
				s.uses = append(s.uses, use{id.Pos(), name})
				s.counts[name]++
			}
			if v, ok := info.Defs[id].(*types.Var); ok && !v.IsField() {
				s.declared[id.Name] = true
			}
			return true
		})
		slices.SortFunc(s.uses, func(a, b use) int { return cmp.Compare(a.pos, b.pos) })
	})
}

// usesIn returns the uses of imports from pos to end.
func (s *source) usesIn(pos, end token.Pos) []use {
	from, _ := slices.BinarySearchFunc(s.uses, pos, func(u use, pos token.Pos) int { return cmp.Compare(u.pos, pos) })
	to, _ := slices.BinarySearchFunc(s.uses, end, func(u use, pos token.Pos) int { return cmp.Compare(u.pos, pos) })
	return s.uses[from:max(from, to)]
}

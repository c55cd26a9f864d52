package depfacts

import (
	"go/ast"
	"go/token"
	"slices"
)

// A declared is one declaration of a package: a function, a type, variables that
// are set together, or a group of constants.
type declared struct {
	node ast.Node
	kept bool
}

// trim takes all declarations from the syntax of a package that the functions
// which are roots do not name, themselves or through what they name, and the
// imports that are left without a use. A declaration that is removed need not be
// type-checked, and the types of its imports need not be read. The comparison is by
// name and conservative: it may keep too much, but never too little.
func trim(files []*ast.File, locals func(*ast.ImportSpec) string, root func(*ast.FuncDecl) bool) {
	all := make(map[ast.Node]*declared)
	byName := make(map[string][]*declared)
	var work []*declared
	add := func(node ast.Node, names ...*ast.Ident) *declared {
		d := &declared{node: node}
		all[node] = d
		for _, name := range names {
			byName[name.Name] = append(byName[name.Name], d)
		}
		return d
	}
	keep := func(d *declared) {
		if !d.kept {
			d.kept = true
			work = append(work, d)
		}
	}
	for _, file := range files {
		for _, decl := range file.Decls {
			switch decl := decl.(type) {
			case *ast.FuncDecl:
				name := decl.Name
				if decl.Recv != nil {
					name = receiver(decl) // a type has all of its methods
				}
				d := add(decl, name)
				if root(decl) {
					keep(d)
				}
			case *ast.GenDecl:
				addGroup(decl, add)
			}
		}
	}
	names := make(map[string]bool)
	for len(work) > 0 {
		d := work[len(work)-1]
		work = work[:len(work)-1]
		clear(names)
		namesIn(d.node, names)
		for name := range names {
			for _, e := range byName[name] {
				keep(e)
			}
		}
	}
	for _, file := range files {
		file.Decls = slices.DeleteFunc(file.Decls, func(decl ast.Decl) bool {
			gen, ok := decl.(*ast.GenDecl)
			switch {
			case !ok || gen.Tok == token.CONST:
				return !all[decl].kept
			case gen.Tok == token.IMPORT:
				return false
			}
			gen.Specs = slices.DeleteFunc(gen.Specs, func(spec ast.Spec) bool { return !all[spec].kept })
			return len(gen.Specs) == 0
		})
		dropUnused(file, locals)
	}
}

// addGroup adds what a declaration declares: constants together, since one may
// repeat the expression of another, all else apart.
func addGroup(decl *ast.GenDecl, add func(ast.Node, ...*ast.Ident) *declared) {
	switch decl.Tok {
	case token.CONST:
		var names []*ast.Ident
		for _, spec := range decl.Specs {
			names = append(names, spec.(*ast.ValueSpec).Names...)
		}
		add(decl, names...)
	case token.VAR:
		for _, spec := range decl.Specs {
			add(spec, spec.(*ast.ValueSpec).Names...)
		}
	case token.TYPE:
		for _, spec := range decl.Specs {
			add(spec, spec.(*ast.TypeSpec).Name)
		}
	}
}

// receiver returns the name of the type that a method is of.
func receiver(decl *ast.FuncDecl) *ast.Ident {
	var name *ast.Ident
	ast.Inspect(decl.Recv.List[0].Type, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && name == nil { // the first one: type parameters follow
			name = id
		}
		return name == nil
	})
	return name
}

// namesIn adds the names in a declaration that may be of the package, or of one
// that the file imports, to names.
func namesIn(node ast.Node, names map[string]bool) {
	var visit func(ast.Node) bool
	visit = func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			ast.Inspect(n.X, visit)
			return false
		case *ast.Ident:
			names[n.Name] = true
		}
		return true
	}
	ast.Inspect(node, visit)
}

// dropUnused takes those imports from a file that nothing in it names.
func dropUnused(file *ast.File, local func(*ast.ImportSpec) string) {
	named := make(map[string]bool)
	for _, decl := range file.Decls {
		namesIn(decl, named)
	}
	unused := func(spec *ast.ImportSpec) bool {
		name := local(spec)
		return name != "." && !named[name]
	}
	file.Imports = slices.DeleteFunc(file.Imports, unused)
	file.Decls = slices.DeleteFunc(file.Decls, func(decl ast.Decl) bool {
		gen, ok := decl.(*ast.GenDecl)
		if !ok || gen.Tok != token.IMPORT {
			return false
		}
		gen.Specs = slices.DeleteFunc(gen.Specs, func(spec ast.Spec) bool { return unused(spec.(*ast.ImportSpec)) })
		return len(gen.Specs) == 0
	})
}

// Package growth makes programs of any size, one shape each, to see how the cost
// of an analysis grows with them.
package growth

import (
	"fmt"
	"strings"
)

// A Shape is a way in which a program can be large.
type Shape struct {
	Name string
	// Body writes the functions of one package of size n, below its package clause
	// and imports.
	Body func(w *strings.Builder, n int)

	Operations  int  // on paths, or branches, for each of n
	OneFunction bool // all of them are in one
	Linear      bool // no two of them have to do with each other
	Long        bool // but what is worked out for one of them is as long as the program
}

// Source returns the source of one package of the shape.
func (s Shape) Source(n int) string {
	var w strings.Builder
	w.WriteString("package p\n\nimport (\n\t\"os\"\n\t\"path/filepath\"\n)\n\nvar _ = filepath.Join\n\nvar _ = os.Stat\n\n")
	s.Body(&w, n)
	return w.String()
}

// Shapes are the ways. Each has something that pairing, numbering or walking
// could do n times for each of n.
var Shapes = []Shape{
	{Name: "functions", Operations: 2, Linear: true, Long: true, Body: func(w *strings.Builder, n int) { // a fix for each, which is tried on the file
		for i := range n {
			fmt.Fprintf(w, "func f%d(dir string) error {\n%s\treturn nil\n}\n\n", i, checked(`filepath.Join(dir, "a")`))
		}
	}},
	{Name: "wrappers", Operations: 1, Linear: true, Body: func(w *strings.Builder, n int) {
		w.WriteString("func f0(path string) error { _, err := os.Stat(path); return err }\n\n")
		for i := 1; i < n; i++ {
			fmt.Fprintf(w, "func f%d(path string) error { return f%d(path) }\n\n", i, i-1)
		}
		fmt.Fprintf(w, "func use(path string) error {\n\tif f%d(path) != nil {\n\t\treturn nil\n\t}\n\treturn os.WriteFile(path, nil, 0o600)\n}\n", n-1)
	}},
	{Name: "wrappers handed down", Operations: 1, Linear: true, Long: true, Body: func(w *strings.Builder, n int) { // callers before callees, each computing a path
		for i := range n {
			fmt.Fprintf(w, "func f%d(path string) error { return f%d(path + \"/a\") }\n\n", i, i+1)
		}
		fmt.Fprintf(w, "func f%d(path string) error { return os.WriteFile(path, nil, 0o600) }\n", n)
	}},
	{Name: "commands in variables", Operations: 1, Linear: true, Body: func(w *strings.Builder, n int) { // literals of one function, with variables that any of them may change
		for i := range n {
			fmt.Fprintf(w, "var (\n\tlog%d *os.File\n\tflag%d string\n\tcommand%d = func() error { log%d.WriteString(flag%d); return os.Remove(flag%d) }\n)\n\n", i, i, i, i, i, i)
		}
	}},
	{Name: "operations on many paths", Operations: 1, OneFunction: true, Linear: true, Body: function(func(w *strings.Builder, i int) {
		fmt.Fprintf(w, "\tos.WriteFile(filepath.Join(dir, \"%d\"), nil, 0o600)\n", i)
	})},
	{Name: "operations on many paths, errors handled", Operations: 1, OneFunction: true, Body: function(func(w *strings.Builder, i int) {
		fmt.Fprintf(w, "\tif err := os.WriteFile(filepath.Join(dir, \"%d\"), nil, 0o600); err != nil {\n\t\treturn err\n\t}\n", i)
	})},
	{Name: "checks and uses of many paths", Operations: 2, OneFunction: true, Body: function(func(w *strings.Builder, i int) {
		w.WriteString(checked(fmt.Sprintf(`filepath.Join(dir, "%d")`, i)))
	})},
	{Name: "operations on one path", Operations: 1, OneFunction: true, Linear: true, Body: function(func(w *strings.Builder, _ int) {
		w.WriteString("\tos.WriteFile(dir, nil, 0o600)\n")
	})},
	{Name: "checks and uses of one path", Operations: 2, OneFunction: true, Body: function(func(w *strings.Builder, _ int) {
		w.WriteString(checked("dir"))
	})},
	{Name: "paths from fields", Operations: 1, OneFunction: true, Linear: true, Body: func(w *strings.Builder, n int) {
		w.WriteString("type store struct{ path, other string }\n\n")
		function(func(w *strings.Builder, i int) {
			fmt.Fprintf(w, "\ts.path = filepath.Join(dir, \"%d\")\n\tos.Chmod(s.path, 0o600)\n", i)
		}, "s *store")(w, n)
	}},
	{Name: "paths of two ways", Operations: 1, OneFunction: true, Body: function(func(w *strings.Builder, i int) {
		fmt.Fprintf(w, "\tpath = dir\n\tif n > %d {\n\t\tpath = filepath.Join(dir, \"%d\")\n\t}\n\tos.WriteFile(path, nil, 0o600)\n", i, i)
	}, "n int", "path string")},
	{Name: "elements of a slice", Operations: 1, OneFunction: true, Linear: true, Body: function(func(w *strings.Builder, i int) {
		fmt.Fprintf(w, "\tnames[%d] = \"%d\"\n\tos.Remove(names[%d])\n", i, i, i)
	}, "names []string")},
	{Name: "branches", Operations: 1, OneFunction: true, Body: func(w *strings.Builder, n int) {
		function(func(w *strings.Builder, i int) {
			fmt.Fprintf(w, "\tif n > %d {\n\t\tn += %d\n\t}\n", i, i)
		}, "n int")(w, n)
		w.WriteString("func around(dir string, n int) error {\n\tif _, err := os.Stat(dir); err != nil {\n\t\treturn err\n\t}\n")
		for i := range n {
			fmt.Fprintf(w, "\tif n > %d {\n\t\tn += %d\n\t}\n", i, i)
		}
		w.WriteString("\treturn os.WriteFile(dir, nil, 0o600)\n}\n")
	}},
	{Name: "flags", Operations: 2, OneFunction: true, Body: func(w *strings.Builder, n int) { // n bits that a walk may learn
		w.WriteString("func around(dir string, flags []bool) error {\n\tif _, err := os.Stat(dir); err != nil {\n\t\treturn err\n\t}\n")
		for i := range n {
			fmt.Fprintf(w, "\tb%d := len(dir) > %d\n\tif b%d {\n\t\tprintln(dir)\n\t}\n", i, i, i)
		}
		for i := range n {
			fmt.Fprintf(w, "\tif b%d {\n\t\tprintln(dir)\n\t}\n", i)
		}
		w.WriteString("\treturn os.WriteFile(dir, nil, 0o600)\n}\n")
	}},
	{Name: "cases", Operations: 2, OneFunction: true, Body: func(w *strings.Builder, n int) {
		w.WriteString("func around(dir string, n int) error {\n\tswitch n {\n")
		for i := range n {
			fmt.Fprintf(w, "\tcase %d:\n%s", i, checked("dir"))
		}
		w.WriteString("\t}\n\treturn nil\n}\n")
	}},
	{Name: "loops", Operations: 1, OneFunction: true, Body: function(func(w *strings.Builder, i int) {
		fmt.Fprintf(w, "\tfor i := range n {\n\t\tif i == %d {\n\t\t\tos.Remove(dir)\n\t\t}\n\t}\n", i)
	}, "n int")},
	{Name: "literals", Operations: 1, Linear: true, Body: function(func(w *strings.Builder, i int) {
		fmt.Fprintf(w, "\tfunc() { os.Remove(filepath.Join(dir, \"%d\")) }()\n", i)
	})},
	{Name: "an expression", Operations: 1, OneFunction: true, Linear: true, Long: true, Body: func(w *strings.Builder, n int) {
		w.WriteString("func long(dir string, names []string) error {\n\tpath := dir")
		for i := range n {
			fmt.Fprintf(w, " +\n\t\tnames[%d]", i)
		}
		w.WriteString("\n" + checked("path") + "\treturn nil\n}\n")
	}},
	{Name: "joins", Operations: 1, OneFunction: true, Linear: true, Body: function(func(w *strings.Builder, _ int) {
		w.WriteString("\tdir = filepath.Join(dir, name)\n\tos.Remove(dir)\n")
	}, "name string")},
	{Name: "nested branches", Operations: 1, OneFunction: true, Body: func(w *strings.Builder, n int) {
		w.WriteString("func nested(dir string, n int) error {\n\tif _, err := os.Stat(dir); err != nil {\n\t\treturn err\n\t}\n")
		depth := min(n, 400) // the parser refuses much more
		for i := range depth {
			fmt.Fprintf(w, "\tif n > %d {\n", i)
		}
		w.WriteString("\tos.WriteFile(dir, nil, 0o600)\n")
		w.WriteString(strings.Repeat("\t}\n", depth))
		w.WriteString("\treturn nil\n}\n")
	}},
}

// function makes one function of n steps.
func function(step func(w *strings.Builder, i int), params ...string) func(*strings.Builder, int) {
	return func(w *strings.Builder, n int) {
		fmt.Fprintf(w, "func f(%s) error {\n", strings.Join(append(params, "dir string"), ", "))
		for i := range n {
			step(w, i)
		}
		w.WriteString("\treturn nil\n}\n\n")
	}
}

// checked is a check of a path and a use after it.
func checked(path string) string {
	return fmt.Sprintf("\tif _, err := os.Stat(%[1]s); os.IsNotExist(err) {\n\t\tif err := os.WriteFile(%[1]s, nil, 0o600); err != nil {\n\t\t\treturn err\n\t\t}\n\t}\n", path)
}

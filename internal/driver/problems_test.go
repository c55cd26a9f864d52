package driver

import (
	"testing"

	"golang.org/x/tools/go/packages"
)

func TestDescribeErrors(t *testing.T) {
	tests := []struct {
		name string
		pkg  packages.Package
		want string
	}{
		{
			"type errors, which the go command quotes from the compiler",
			packages.Package{Name: "p", PkgPath: "m/p", IllTyped: true, Errors: []packages.Error{
				{Kind: packages.ListError, Msg: "# m/p\np/a.go:3:1: undefined: y\np/a.go:12:3: undefined: x"},
				{Kind: packages.TypeError, Pos: "/m/p/a.go:12:3", Msg: "undefined: x"},
				{Kind: packages.TypeError, Pos: "/m/p/a.go:3:1", Msg: "undefined: y"},
			}},
			"p/a.go:3:1: undefined: y (and 1 more); m/p is left out",
		},
		{
			"a parse error and what follows from it",
			packages.Package{Name: "p", PkgPath: "m/p", IllTyped: true, Errors: []packages.Error{
				{Kind: packages.TypeError, Pos: "/m/p/a.go:1:3", Msg: "undefined: x"},
				{Kind: packages.ParseError, Pos: "/m/p/a.go:12:3", Msg: "expected ')'"},
			}},
			"p/a.go:12:3: expected ')'; m/p is left out",
		},
		{
			"several lines",
			packages.Package{Errors: []packages.Error{{Kind: packages.ListError, Pos: "-", Msg: "no such package;\n\tgo get it"}}},
			"no such package; go get it",
		},
		{
			"an import that is not there",
			packages.Package{
				Name: "p", PkgPath: "m/p", IllTyped: true,
				Errors:  []packages.Error{{Kind: packages.TypeError, Pos: "/m/p/a.go:3:8", Msg: `could not import x/y (invalid package name: "")`}},
				Imports: map[string]*packages.Package{"x/y": {Errors: []packages.Error{{Msg: "no module provides x/y"}}}},
			},
			"p/a.go:3:8: no module provides x/y; m/p is left out",
		},
	}
	for _, test := range tests {
		if got := describeErrors("/m", &test.pkg); got != test.want {
			t.Errorf("%s:\n got %s\nwant %s", test.name, got, test.want)
		}
	}
}

package fingerprint_test

import (
	"go/parser"
	"go/token"
	"testing"

	"github.com/edcacfbd/toctou/internal/finding"
	"github.com/edcacfbd/toctou/internal/fingerprint"
)

func load() *finding.Finding {
	return &finding.Finding{
		Rule:     "statopen",
		Message:  "os.ReadFile fails if another process removes the file after the os.Stat on line 29",
		Function: "Load",
		Use:      finding.Place{File: "config.go", Start: finding.Position{Line: 33}, Expr: "os.ReadFile(path)"},
		Check:    &finding.Place{File: "config.go", Start: finding.Position{Line: 29}, Expr: "os.Stat(path)"},
	}
}

// TestOf checks what makes a finding another one, and what does not.
func TestOf(t *testing.T) {
	tests := []struct {
		name   string
		change func(f *finding.Finding)
		same   bool
	}{
		{"lines added above", func(f *finding.Finding) {
			f.Use.Start.Line += 2
			f.Check.Start.Line += 2
			f.Message = "os.ReadFile fails if another process removes the file after the os.Stat on line 31"
		}, true},
		{"lines added between", func(f *finding.Finding) { f.Use.Start.Line++ }, true},
		{"a file moved to another package", func(f *finding.Finding) {
			f.Use.File, f.Check.File, f.Package = "settings/load.go", "settings/load.go", "example.com/m/settings"
		}, true},
		{"another rule", func(f *finding.Finding) { f.Rule = "pathreuse" }, false},
		{"another function", func(f *finding.Finding) { f.Function = "Reload" }, false},
		{"another use", func(f *finding.Finding) { f.Use.Expr = "os.Open(path)" }, false},
		{"another check", func(f *finding.Finding) { f.Check.Expr = "os.Lstat(path)" }, false},
		{"no check", func(f *finding.Finding) { f.Check = nil }, false},
		{"check and use exchanged", func(f *finding.Finding) { f.Use.Expr, f.Check.Expr = f.Check.Expr, f.Use.Expr }, false},
		{"a part that has moved into its neighbour", func(f *finding.Finding) {
			f.Function, f.Rule = "", "statopenLoad"
		}, false},
	}
	for _, test := range tests {
		f := load()
		test.change(f)
		if same := fingerprint.Of(f) == fingerprint.Of(load()); same != test.same {
			t.Errorf("%s: same fingerprint = %v", test.name, same)
		}
	}
}

// TestAssign checks that similar findings have different fingerprints.
func TestAssign(t *testing.T) {
	other := load()
	other.Function = "Reload"
	list := []*finding.Finding{load(), other, load()}
	fingerprint.Assign(list)
	seen := make(map[string]bool)
	for _, f := range list {
		if seen[f.Fingerprint] {
			t.Errorf("two have the fingerprint %s", f.Fingerprint)
		}
		seen[f.Fingerprint] = true
	}
	alone := []*finding.Finding{load()}
	fingerprint.Assign(alone)
	if alone[0].Fingerprint != list[0].Fingerprint {
		t.Error("the fingerprint of the first depends on whether there is a second")
	}
}

// TestExpr checks what of an expression makes no difference.
func TestExpr(t *testing.T) {
	tests := []struct {
		a, b string
		same bool
	}{
		{"f(a, b)", "f(a,\n\tb,\n)", true},
		{"f(a /* this */, b)", "f(a, b) // that", true},
		{"f(func() { a() })", "f(func() {\n\tb()\n})", true},
		{"f(a, b)", "f(b, a)", false},
		{"f(a)", "g.f(a)", false},
		{`f("a")`, `f("b")`, false},
	}
	for _, test := range tests {
		if same := text(t, test.a) == text(t, test.b); same != test.same {
			t.Errorf("%s and %s: same = %v", test.a, test.b, same)
		}
	}
}

func text(t *testing.T, src string) string {
	t.Helper()
	e, err := parser.ParseExprFrom(token.NewFileSet(), "", src, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	return fingerprint.Expr(e)
}

package race

import (
	"testing"

	"github.com/edcacfbd/toctou/internal/fspath"
)

// TestTail checks by what a path is known in another function.
func TestTail(t *testing.T) {
	text := func(s string) *fspath.Value { return &fspath.Value{Kind: fspath.Const, Name: s} }
	of := func(function string, args ...*fspath.Value) *fspath.Value {
		return &fspath.Value{Kind: fspath.Pure, Name: function, Args: args}
	}
	field := &fspath.Value{Kind: fspath.Field, Owner: "p.Store", Name: "path"}
	variable := &fspath.Value{Kind: fspath.Global, Name: "p.file"}
	param := &fspath.Value{Kind: fspath.Param}
	const join = "path/filepath.Join"
	for _, test := range []struct {
		source string
		path   *fspath.Value
		want   string
	}{
		{"s.path", field, "p.Store.path"},
		{"file", variable, "p.file"},
		{`"/etc/app/config.json"`, text("/etc/app/config.json"), "config.json"},
		{"name", param, ""},
		{`filepath.Join(dir, "state.json")`, of(join, param, text("state.json")), "state.json"},
		{`filepath.Join("state", name)`, of(join, text("state"), param), ""},
		{`dir + "/lock"`, of("+", param, text("/lock")), "lock"},
		{`s.path + ".tmp"`, of("+", field, text(".tmp")), "p.Store.path.tmp"},
		{`name + ".tmp"`, of("+", param, text(".tmp")), ""},
		{`fmt.Sprintf("%s/state.json", dir)`, of("fmt.Sprintf", text("%s/state.json"), param), "state.json"},
		{`fmt.Sprintf("%s/%d.json", dir, n)`, of("fmt.Sprintf", text("%s/%d.json"), param, param), ""},
		{"filepath.Clean(s.path)", of("path/filepath.Clean", field), "p.Store.path"},
		{"filepath.Base(s.path)", of("path/filepath.Base", field), "p.Store.path"},
		{`filepath.Join(dir, ".")`, of(join, param, text(".")), ""},
	} {
		if got := tail(test.path); got != test.want {
			t.Errorf("%s is known as %q, want %q", test.source, got, test.want)
		}
	}
	if got := dirTail(of(join, field, text("state.json"))); got != "p.Store.path" {
		t.Errorf("the directory is known as %q", got)
	}
}

package driver

import (
	"flag"
	"slices"
	"strings"
	"testing"
)

// names returns the names of the passes that the options select.
func (o *options) names() []string {
	var names []string
	for _, a := range o.selected() {
		names = append(names, a.Name)
	}
	return names
}

func TestSelected(t *testing.T) {
	all := newOptions().names()
	without := slices.DeleteFunc(slices.Clone(all), func(s string) bool { return s == "statopen" })
	tests := []struct {
		args string
		want []string
	}{
		{"", all},
		{"-statopen", []string{"statopen"}},
		{"-statopen=true -pathreuse", []string{"statopen", "pathreuse"}},
		{"-statopen=false", without},
		{"-pathreuse -statopen=false", []string{"pathreuse"}},
		{"-statopen=true -statopen=false", without},
	}
	for _, test := range tests {
		o := newOptions()
		if _, err := parse(o.commandFlags(), strings.Fields(test.args)); err != nil {
			t.Errorf("%s: %v", test.args, err)
		}
		if got := o.names(); !slices.Equal(got, test.want) {
			t.Errorf("%s: selected %v, want %v", test.args, got, test.want)
		}
	}
}

// TestImplyStrict checks that naming passes that report in strict mode alone puts
// them into strict mode, and nothing else does.
func TestImplyStrict(t *testing.T) {
	tests := []struct{ args, want string }{
		{"", ""},
		{"-statopen", ""},
		{"-lostupdate", "lostupdate"},
		{"-lostupdate -statopen", ""},
		{"-lostupdate -strict=false", ""},
		{"-lostupdate -lostupdate.strict=false", ""},
		{"-lostupdate=false", ""},
	}
	for _, test := range tests {
		o := newOptions()
		fs := o.commandFlags()
		if _, err := parse(fs, strings.Fields(test.args)); err != nil {
			t.Fatal(err)
		}
		if err := o.implyStrict(givenFlags(fs)); err != nil {
			t.Fatal(err)
		}
		var strict []string
		for _, a := range o.analyzers {
			if f := a.Flags.Lookup("strict"); f != nil && f.Value.String() == "true" {
				strict = append(strict, a.Name)
			}
		}
		if got := strings.Join(strict, " "); got != test.want {
			t.Errorf("%s: %q is strict, want %q", test.args, got, test.want)
		}
	}
}

func TestParse(t *testing.T) {
	tests := []struct{ args, rest, err string }{
		{args: "./a -strict ./b", rest: "./a ./b"},
		{args: "-strict ./a -- -tags", rest: "./a -tags"},
		{args: "-- ./a -strict", rest: "./a -strict"},
		{args: "-nosuch", err: "unknown flag -nosuch"},
		{args: "./a --nosuch=3", err: "unknown flag -nosuch"},
		{args: "-tags", err: "flag needs an argument: -tags"},
		{args: "-statopen=maybe", err: "want true or false"},
		{args: "-facts=perhaps", err: "want true or false"},
		{args: "-helper=allways", err: "want auto, always, never or an import path"},
		{args: "-helper=example.com/own/atomicfix"},
		{args: "-h", err: flag.ErrHelp.Error()},
	}
	for _, test := range tests {
		rest, err := parse(newOptions().commandFlags(), strings.Fields(test.args))
		switch {
		case err != nil && (test.err == "" || !strings.Contains(err.Error(), test.err)):
			t.Errorf("%s: error %q, want %q", test.args, err, test.err)
		case err == nil && test.err != "":
			t.Errorf("%s: no error, want %q", test.args, test.err)
		case strings.Join(rest, " ") != test.rest:
			t.Errorf("%s: rest %q, want %q", test.args, rest, test.rest)
		}
	}
}

func TestFactsFlag(t *testing.T) {
	o := newOptions()
	if _, err := parse(o.commandFlags(), []string{"-facts=false"}); err != nil || !o.settings.NoFacts {
		t.Errorf("-facts=false: NoFacts = %v, %v", o.settings.NoFacts, err)
	}
}

package config_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/edcacfbd/toctou/internal/config"
	"github.com/edcacfbd/toctou/internal/settings"
	"github.com/edcacfbd/toctou/passes"
)

var update = flag.Bool("update", false, "write the tables of docs/settings.md")

var doc = filepath.Join("..", "..", "docs", "settings.md")

// TestDocs compares the document on settings with the words of this package.
func TestDocs(t *testing.T) {
	data, err := os.ReadFile(doc)
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	head, _, ok := strings.Cut(text, "### Effects\n")
	if !ok {
		t.Fatal("the document has no list of effects")
	}
	want := head +
		"### Effects\n\n" + table(config.Effects) +
		"\n### What is returned\n\n" + table(config.Returns) +
		"\n### What else can be true\n\n" + table(config.Traits)
	if *update {
		if err := os.WriteFile(doc, []byte(want), 0o666); err != nil {
			t.Fatal(err)
		}
	} else if text != want {
		t.Error("the tables are out of date: go test ./internal/config -run TestDocs -update")
	}
}

func table[T any](words []config.Word[T]) string {
	var b strings.Builder
	b.WriteString("| | |\n|---|---|\n")
	for _, w := range words {
		fmt.Fprintf(&b, "| `%s` | %s |\n", w.Word, w.Meaning)
	}
	return b.String()
}

// TestExamples checks that every example of the document is one that toctou
// takes, and that the first, which shows all keys, says what is the default of
// those that have a simple one.
func TestExamples(t *testing.T) {
	data, err := os.ReadFile(doc)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, r := range passes.Rules() {
		names = append(names, r.Name)
	}
	examples := regexp.MustCompile("(?s)```yaml[^\n]*\n(.*?)```").FindAllStringSubmatch(string(data), -1)
	if len(examples) < 3 {
		t.Fatalf("%d examples", len(examples))
	}
	for i, m := range examples {
		s, err := config.Parse("/m/.toctou.yml", []byte(m[1]), names)
		if err != nil {
			t.Error(err)
			continue
		}
		var got settings.Settings
		if err := s.Apply(&got, nil); err != nil {
			t.Error(err)
		}
		if i > 0 {
			continue
		}
		fields := reflect.ValueOf(*s)
		for j := range fields.NumField() {
			name := strings.ToLower(fields.Type().Field(j).Name)
			if !strings.Contains(m[1], name+":") && name != "file" {
				t.Errorf("the first example does not show %s", name)
			}
			if !strings.Contains(string(data), "\n| `"+name+"` |") && name != "file" {
				t.Errorf("the document does not tell of %s", name)
			}
		}
		if got.Strict || got.Tests || got.Generated || got.NoFacts || got.Helper != "auto" {
			t.Errorf("the first example shows %+v, which are not the defaults", &got)
		}
	}
	row := reflect.TypeFor[config.Row]()
	for i := range row.NumField() {
		if key := row.Field(i).Tag.Get("json"); key != "" && !strings.Contains(string(data), "\n| `"+key+"` |") {
			t.Errorf("the document does not tell of the key %s of a row", key)
		}
	}
}

package config_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"github.com/edcacfbd/toctou/internal/config"
	"github.com/edcacfbd/toctou/passes"
)

// object is an object of JSON.
type object = map[string]any

// schema returns the schema of the settings file, made of the words of the package.
func schema() object {
	choice := object{"enum": []any{"on", "off", "strict", true, false}}
	byPass := make(object)
	for _, r := range passes.Rules() {
		byPass[r.Name] = object{"description": r.Title, "enum": choice["enum"]}
		if r.Name == "toctouignore" {
			byPass[r.Name] = object{"description": r.Title, "enum": []any{"on", "off", true, false}}
		}
	}
	choices := object{"type": "object", "additionalProperties": false, "properties": byPass}
	pattern := object{"type": "string", "minLength": 1, "pattern": `^[^/]`}
	argument := object{"oneOf": []any{object{"type": "integer", "minimum": 0, "maximum": 100}, object{"const": "receiver"}}}
	index := object{"type": "integer", "minimum": 1, "maximum": 100}
	word := func(words []any) object { return object{"oneOf": words} }
	boolean := func(text string) object { return object{"type": "boolean", "description": text} }
	row := object{
		"type": "object", "additionalProperties": false, "required": []any{"func"},
		"properties": object{
			"func":    object{"type": "string", "description": "the full name of the function"},
			"path":    argument,
			"effect":  word(words(config.Effects)),
			"then":    object{"type": "array", "items": object{"type": "object", "additionalProperties": false, "properties": object{"path": argument, "effect": word(words(config.Effects))}}},
			"flags":   index,
			"mode":    index,
			"content": index,
			"returns": word(words(config.Returns)),
			"is":      object{"type": "array", "items": word(words(config.Traits))},
		},
	}
	return object{
		"$schema":              "https://json-schema.org/draft/2020-12/schema",
		"title":                "The settings file of toctou, .toctou.yml",
		"type":                 []any{"object", "null"},
		"additionalProperties": false,
		"properties": object{
			"passes":    object{"description": "which passes run", "type": "object", "additionalProperties": false, "properties": byPass},
			"paths":     object{"description": "passes in some files and folders, by pattern", "type": "object", "propertyNames": pattern, "additionalProperties": choices},
			"strict":    boolean("also report races that matter only in some environments, in all passes"),
			"severity":  object{"enum": []any{"low", "medium", "high"}, "description": "leave out what is less severe"},
			"tests":     boolean("also report in test files"),
			"generated": boolean("also report in generated files"),
			"facts":     boolean("analyze functions of other packages that the code calls"),
			"helper":    object{"type": "string", "description": "whether fixes may import the helper package: auto, always, never or the import path of a copy"},
			"exclude":   object{"description": "files and folders that are not reported on", "type": "array", "items": pattern},
			"functions": object{"description": "what functions of your own do to paths", "type": "array", "items": row},
		},
	}
}

// words returns the words as constants of a schema, with their meanings.
func words[T any](list []config.Word[T]) []any {
	var all []any
	for _, w := range list {
		all = append(all, object{"const": w.Word, "description": w.Meaning})
	}
	return all
}

// TestSchema compares the schema in docs with the words of the package, and checks that
// it takes what the parser takes, in the examples of the document and here.
func TestSchema(t *testing.T) {
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "\t")
	if err := enc.Encode(schema()); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join("..", "..", "docs", "settings.schema.json")
	if *update {
		if err := os.WriteFile(name, text.Bytes(), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if have, err := os.ReadFile(name); err != nil || !bytes.Equal(have, text.Bytes()) {
		t.Errorf("docs/settings.schema.json is out of date (%v): go test ./internal/config -run TestSchema -update", err)
	}
	compiled, err := jsonschema.NewCompiler().Compile(name)
	if err != nil {
		t.Fatal(err)
	}

	var names []string
	for _, r := range passes.Rules() {
		names = append(names, r.Name)
	}
	data, err := os.ReadFile(doc)
	if err != nil {
		t.Fatal(err)
	}
	var documents []string
	for _, m := range regexp.MustCompile("(?s)```yaml[^\n]*\n(.*?)```").FindAllStringSubmatch(string(data), -1) {
		documents = append(documents, m[1])
	}
	documents = append(documents,
		"strikt: true\n",
		"strict: maybe\n",
		"severity: severe\n",
		"passes:\n  nosuch: off\n",
		"passes:\n  statopen: perhaps\n",
		"paths:\n  cmd:\n    nosuch: off\n",
		"paths:\n  /cmd:\n    statopen: off\n",
		"paths: [cmd]\n",
		"paths:\n  cmd:\n    statopen: strict\n",
		"exclude: third_party\n",
		"functions:\n  - effect: check\n",
		"functions:\n  - func: example.com/m.F\n    path: -1\n    effect: check\n",
		"functions:\n  - func: example.com/m.F\n    path: 0\n    effect: nosuch\n",
	)
	for _, text := range documents {
		var value any
		if err := yaml.Unmarshal([]byte(text), &value); err != nil {
			t.Fatal(err)
		}
		_, parsed := config.Parse("/m/.toctou.yml", []byte(text), names)
		// The validator wants numbers as encoding/json has them.
		js, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		instance, err := jsonschema.UnmarshalJSON(strings.NewReader(string(js)))
		if err != nil {
			t.Fatal(err)
		}
		if valid := compiled.Validate(instance); (valid == nil) != (parsed == nil) {
			t.Errorf("the schema says %v, and the parser %v, of\n%s", valid, parsed, text)
		}
	}
}

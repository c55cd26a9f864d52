package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
	"go.yaml.in/yaml/v3"

	"github.com/edcacfbd/toctou/internal/nearest"
	"github.com/edcacfbd/toctou/internal/settings"
	"github.com/edcacfbd/toctou/internal/severity"
)

// Error is what is wrong with a settings file, and where.
type Error struct {
	File string
	Line int // 0 if it is about no line
	Err  error
}

// Error implements error.
func (e *Error) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("%s: %v", e.File, e.Err)
	}
	return fmt.Sprintf("%s:%d: %v", e.File, e.Line, e.Err)
}

// Unwrap returns the error without its place.
func (e *Error) Unwrap() error { return e.Err }

// Read reads the settings file. passes are the names that it may use for them.
func Read(file string, passes []string) (*Settings, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return Parse(file, data, passes)
}

// maxSize bounds a settings file: no file written by hand is larger.
const maxSize = 1 << 20

// Parse reads the content of the settings file.
func Parse(file string, data []byte, passes []string) (*Settings, error) {
	p := &parser{s: &Settings{File: file}, passes: passes}
	if len(data) > maxSize {
		return nil, &Error{File: file, Err: errors.New("too large for a settings file")}
	}
	var doc, second yaml.Node
	dec := yaml.NewDecoder(bytes.NewReader(data))
	switch err := dec.Decode(&doc); {
	case errors.Is(err, io.EOF):
		return p.s, nil // nothing but comments
	case err != nil:
		return nil, syntaxError(file, err)
	}
	switch err := dec.Decode(&second); {
	case err == nil:
		return nil, &Error{file, second.Line, errors.New("a settings file is one YAML document")}
	case !errors.Is(err, io.EOF):
		return nil, syntaxError(file, err)
	}
	if err := p.document(doc.Content[0]); err != nil {
		return nil, err
	}
	return p.s, nil
}

// syntaxError takes the line out of an error of the YAML library, which says
// "yaml: line 3: found unexpected end of stream".
func syntaxError(file string, err error) error {
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	line := 0
	if rest, ok := strings.CutPrefix(text, "line "); ok {
		if number, why, ok := strings.Cut(rest, ": "); ok {
			if n, err := strconv.Atoi(number); err == nil {
				line, text = n, why
			}
		}
	}
	return &Error{file, line, errors.New("invalid YAML: " + text)}
}

// A parser turns nodes of YAML into settings.
type parser struct {
	s      *Settings
	passes []string
}

func (p *parser) errorf(n *yaml.Node, format string, args ...any) error {
	return &Error{p.s.File, n.Line, fmt.Errorf(format, args...)}
}

// A field is a key of a mapping, and what its value is read by.
type field struct {
	key  string
	read func(*yaml.Node) error
}

func (p *parser) document(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode && n.Tag == "!!null" {
		return nil
	}
	return p.mapping(n, []field{
		{"passes", p.choices(&p.s.Passes)},
		{"strict", p.boolean(&p.s.Strict)},
		{"severity", p.severity},
		{"tests", p.boolean(&p.s.Tests)},
		{"generated", p.boolean(&p.s.Generated)},
		{"facts", p.boolean(&p.s.Facts)},
		{"helper", p.helper},
		{"paths", p.paths},
		{"exclude", p.exclude},
		{"functions", p.functions},
	})
}

// resolve follows an alias.
func resolve(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

// mapping reads a mapping with none but the keys of the fields, each once.
func (p *parser) mapping(n *yaml.Node, fields []field) error {
	seen := make(map[string]bool)
	return p.pairs(n, func(key, value *yaml.Node) error {
		i := slices.IndexFunc(fields, func(f field) bool { return f.key == key.Value })
		if i < 0 {
			var names []string
			for _, f := range fields {
				names = append(names, f.key)
			}
			return p.errorf(key, "unknown key %q%s; the keys are %s", key.Value, meant(key.Value, names), strings.Join(names, ", "))
		}
		if seen[key.Value] {
			return p.errorf(key, "duplicate key %s", key.Value)
		}
		seen[key.Value] = true
		return fields[i].read(value)
	})
}

// pairs calls read for each key of a mapping.
func (p *parser) pairs(n *yaml.Node, read func(key, value *yaml.Node) error) error {
	if n = resolve(n); n.Kind != yaml.MappingNode {
		return p.errorf(n, "want a mapping, have %s", describe(n))
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Kind != yaml.ScalarNode {
			return p.errorf(n.Content[i], "want a string as key, have %s", describe(n.Content[i]))
		}
		if err := read(n.Content[i], resolve(n.Content[i+1])); err != nil {
			return err
		}
	}
	return nil
}

// list calls read for each element of a list.
func (p *parser) list(n *yaml.Node, of string, read func(*yaml.Node) error) error {
	if n.Kind != yaml.SequenceNode {
		return p.errorf(n, "want a list of %s, have %s", of, describe(n))
	}
	for _, element := range n.Content {
		if err := read(resolve(element)); err != nil {
			return err
		}
	}
	return nil
}

// describe names what a node is.
func describe(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.MappingNode:
		return "a mapping"
	case n.Kind == yaml.SequenceNode:
		return "a list"
	case n.Tag == "!!null":
		return "nothing"
	}
	return strconv.Quote(n.Value)
}

func (p *parser) severity(n *yaml.Node) error {
	var level severity.Level
	if n.Kind != yaml.ScalarNode || level.Set(n.Value) != nil {
		return p.errorf(n, "want low, medium or high, have %s", describe(n))
	}
	p.s.Severity = &level
	return nil
}

func (p *parser) boolean(to **bool) func(*yaml.Node) error {
	return func(n *yaml.Node) error {
		if n.Kind != yaml.ScalarNode || n.Tag != "!!bool" {
			return p.errorf(n, "want true or false, have %s", describe(n))
		}
		var b bool
		if err := n.Decode(&b); err != nil {
			return p.errorf(n, "want true or false, have %s", describe(n))
		}
		*to = &b
		return nil
	}
}

func (p *parser) text(to *string) func(*yaml.Node) error {
	return func(n *yaml.Node) error {
		if n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
			return p.errorf(n, "want a string, have %s", describe(n))
		}
		*to = n.Value
		return nil
	}
}

func (p *parser) helper(n *yaml.Node) error {
	var helper string
	if err := p.text(&helper)(n); err != nil {
		return err
	}
	if err := new(settings.Settings).SetHelper(helper); err != nil {
		return p.errorf(n, "helper: %v", err)
	}
	p.s.Helper = &helper
	return nil
}

// choices reads what is said about each pass.
func (p *parser) choices(to *map[string]Choice) func(*yaml.Node) error {
	return func(n *yaml.Node) error {
		choices := make(map[string]Choice)
		*to = choices
		return p.pairs(n, func(key, value *yaml.Node) error {
			switch {
			case !slices.Contains(p.passes, key.Value):
				return p.errorf(key, "unknown pass %q%s; the passes are %s", key.Value, meant(key.Value, p.passes), strings.Join(p.passes, ", "))
			case choices[key.Value] != "":
				return p.errorf(key, "duplicate pass %s", key.Value)
			}
			var choice Choice
			switch value.Value {
			case "on", "true":
				choice = On
			case "off", "false":
				choice = Off
			case "strict":
				choice = Strict
			}
			if choice == "" || value.Kind != yaml.ScalarNode {
				return p.errorf(value, "want on, off or strict, have %s", describe(value))
			}
			choices[key.Value] = choice
			return nil
		})
	}
}

// meant returns a question that names the nearest of the known words, or "".
func meant(word string, known []string) string {
	if near := nearest.Of(word, known); near != "" {
		return fmt.Sprintf(": did you mean %s?", near)
	}
	return ""
}

// paths reads what is said about passes in some files.
func (p *parser) paths(n *yaml.Node) error {
	return p.pairs(n, func(key, value *yaml.Node) error {
		pattern, err := p.pattern(key)
		if err != nil {
			return err
		}
		c := PathChoices{Pattern: pattern}
		if err := p.choices(&c.Passes)(value); err != nil {
			return err
		}
		p.s.Paths = append(p.s.Paths, c)
		return nil
	})
}

// exclude reads the patterns of files to leave out.
func (p *parser) exclude(n *yaml.Node) error {
	return p.list(n, "patterns", func(n *yaml.Node) error {
		pattern, err := p.pattern(n)
		p.s.Exclude = append(p.s.Exclude, pattern)
		return err
	})
}

// pattern reads a pattern of files and folders.
func (p *parser) pattern(n *yaml.Node) (string, error) {
	var pattern string
	if err := p.text(&pattern)(n); err != nil {
		return "", err
	}
	if !doublestar.ValidatePattern(pattern) {
		return "", p.errorf(n, "malformed pattern %q", pattern)
	}
	clean := path.Clean(pattern)
	if path.IsAbs(pattern) || pattern == "" || clean == "." || clean == ".." || strings.HasPrefix(clean, "../") {
		return "", p.errorf(n, "want a pattern for files below the directory of the settings file, have %q", pattern)
	}
	return clean, nil
}

// functions reads the rows.
func (p *parser) functions(n *yaml.Node) error {
	seen := make(map[string]int)
	return p.list(n, "functions", func(n *yaml.Node) error {
		r := Row{lines: make(map[string]int)}
		if err := p.row(n, &r); err != nil {
			return err
		}
		if r.Func == "" {
			return p.errorf(n, "func is missing: it names the function that the row describes")
		}
		if _, err := r.compile(); err != nil {
			return p.s.errorIn(&r, err)
		}
		if line := seen[r.Func]; line > 0 {
			return p.errorf(n, "%s already has a row, on line %d", r.Func, line)
		}
		seen[r.Func] = n.Line
		p.s.Functions = append(p.s.Functions, r)
		return nil
	})
}

// row reads one row.
func (p *parser) row(n *yaml.Node, r *Row) error {
	at := func(key string, read func(*yaml.Node) error) field {
		return field{key, func(n *yaml.Node) error {
			r.lines[key] = n.Line
			return read(n)
		}}
	}
	return p.mapping(n, []field{
		at("func", p.text(&r.Func)),
		at("path", p.arg(&r.Path)),
		at("effect", p.text(&r.Effect)),
		at("then", func(n *yaml.Node) error {
			return p.list(n, "steps, each with path and effect", func(n *yaml.Node) error {
				var step Step
				err := p.mapping(n, []field{{"path", p.arg(&step.Path)}, {"effect", p.text(&step.Effect)}})
				r.Then = append(r.Then, step)
				return err
			})
		}),
		at("flags", p.index(&r.Flags)),
		at("mode", p.index(&r.Mode)),
		at("content", p.index(&r.Content)),
		at("returns", p.text(&r.Returns)),
		at("is", func(n *yaml.Node) error {
			return p.list(n, "words", func(n *yaml.Node) error {
				var word string
				err := p.text(&word)(n)
				r.Is = append(r.Is, word)
				return err
			})
		}),
	})
}

func (p *parser) arg(to **Arg) func(*yaml.Node) error {
	return func(n *yaml.Node) error {
		arg, err := ParseArg(n.Value)
		if err != nil || n.Kind != yaml.ScalarNode {
			return p.errorf(n, "path: want the index of an argument, from 0, or %q, have %s", receiver, describe(n))
		}
		*to = &arg
		return nil
	}
}

// index reads the index of an argument that is never the first.
func (p *parser) index(to *int) func(*yaml.Node) error {
	return func(n *yaml.Node) error {
		arg, err := ParseArg(n.Value)
		if err != nil || n.Kind != yaml.ScalarNode || arg < 1 {
			return p.errorf(n, "want the index of an argument, from 1, have %s", describe(n))
		}
		*to = int(arg)
		return nil
	}
}

// errorIn says on which line an error about a row is.
func (s *Settings) errorIn(r *Row, err error) error {
	line := r.lines["func"]
	var w *wrong
	if errors.As(err, &w) && r.lines[w.key] > 0 {
		line = r.lines[w.key]
	}
	return &Error{s.File, line, err}
}

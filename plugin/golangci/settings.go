package golangci

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// settings are those of .golangci.yml. Enable, disable and disable-all mean
// what they mean for govet.
type settings struct {
	Enable       []string `json:"enable"`
	Disable      []string `json:"disable"`
	DisableAll   bool     `json:"disable-all"`
	Strict       bool     `json:"strict"`
	StrictPasses []string `json:"strict-passes"`
	Helper       string   `json:"helper"`
	Tests        bool     `json:"tests"`
	Facts        bool     `json:"facts"`
}

// errorf words an error of the settings. What golangci-lint puts before it
// does not say that it is about them.
func errorf(format string, args ...any) error {
	return fmt.Errorf("settings of toctou: "+format, args...)
}

// decode returns the settings that conf, a part of the YAML file as
// golangci-lint has read it, makes.
func decode(conf any) (*settings, error) {
	s := &settings{Facts: true}
	data, err := json.Marshal(conf)
	if err != nil {
		return nil, errorf("%w", err)
	}
	dec := json.NewDecoder(strings.NewReader(string(data)))
	dec.DisallowUnknownFields()
	if err := dec.Decode(s); err != nil {
		return nil, decodeError(err)
	}
	return s, nil
}

// decodeError says for people what encoding/json found wrong.
func decodeError(err error) error {
	if key, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		return errorf("unknown key %s; the keys are %s", key, strings.Join(keys(), ", "))
	}
	var wrong *json.UnmarshalTypeError
	if !errors.As(err, &wrong) {
		return errorf("%w", err)
	}
	if wrong.Field == "" {
		return errorf("want keys and values, have %s", kindOf(wrong.Value))
	}
	return errorf("%s: want %s, have %s", wrong.Field, wanted(wrong.Type), kindOf(wrong.Value))
}

// wanted names what a setting of the type can be.
func wanted(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Bool:
		return "true or false"
	case reflect.Slice:
		return "a list of passes"
	}
	return "a " + t.String()
}

// kindOf names in the words of YAML what encoding/json calls a value. Of a
// number it tells the digits, too.
func kindOf(value string) string {
	switch word, _, _ := strings.Cut(value, " "); word {
	case "array":
		return "a list"
	case "object":
		return "keys and values"
	case "bool":
		return "true or false"
	default:
		return "a " + word
	}
}

// keys returns the names of all settings.
func keys() []string {
	t := reflect.TypeFor[settings]()
	var names []string
	for i := range t.NumField() {
		names = append(names, t.Field(i).Tag.Get("json"))
	}
	return names
}

// selection returns those of all passes that are on.
func (s *settings) selection(all []*analysis.Analyzer) ([]*analysis.Analyzer, error) {
	if err := known("enable", s.Enable, all); err != nil {
		return nil, err
	}
	if err := known("disable", s.Disable, all); err != nil {
		return nil, err
	}
	switch {
	case s.DisableAll && len(s.Disable) > 0:
		return nil, errorf("disable has no meaning beside disable-all")
	case !s.DisableAll && len(s.Enable) > 0:
		return nil, errorf("enable has no meaning without disable-all: all passes are on by default")
	}
	var on []*analysis.Analyzer
	for _, a := range all {
		if s.DisableAll && slices.Contains(s.Enable, a.Name) || !s.DisableAll && !slices.Contains(s.Disable, a.Name) {
			on = append(on, a)
		}
	}
	if len(on) == 0 {
		return nil, errorf("all passes are off; to run none, leave toctou out of linters.enable")
	}
	return on, nil
}

// setStrict sets the passes that alone are to be strict.
func (s *settings) setStrict(all []*analysis.Analyzer) error {
	if err := known("strict-passes", s.StrictPasses, all); err != nil {
		return err
	}
	for _, a := range all {
		if !slices.Contains(s.StrictPasses, a.Name) {
			continue
		}
		if err := a.Flags.Set("strict", "true"); err != nil {
			return errorf("strict-passes: %s is never strict", a.Name)
		}
	}
	return nil
}

// known holds that a list has names of passes only.
func known(key string, list []string, all []*analysis.Analyzer) error {
	var names []string
	for _, a := range all {
		names = append(names, a.Name)
	}
	for _, name := range list {
		if !slices.Contains(names, name) {
			return errorf("%s: no pass %q; the passes are %s", key, name, strings.Join(names, ", "))
		}
	}
	return nil
}

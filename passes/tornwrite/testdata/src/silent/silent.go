// Package silent has files that can be made again, or are written otherwise.
package silent

import (
	"encoding/json"
	"flag"
	"fmt"
	"html/template"
	"os"
	"path/filepath"
)

func exportFlag(v any) error {
	file := flag.String("export", "", "the `file` to export the settings to")
	flag.Parse()
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return os.WriteFile(*file, data, 0o644) // nope: the user has asked for it, and can again
}

func report(dir string, v any) error {
	return os.WriteFile(filepath.Join(dir, "config.txt"), []byte(fmt.Sprint(v)), 0o644) // nope: whatever it is called, nothing reads it
}

func page(path string, t *template.Template, v any) error {
	f, err := os.Create(path) // nope: nothing tells that it is read back
	if err != nil {
		return err
	}
	if err := t.Execute(f, v); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

func temporary(v any) (string, error) {
	data, err := json.Marshal(v)
	if err != nil {
		return "", err
	}
	path := filepath.Join(os.TempDir(), "state.json")
	return path, os.WriteFile(path, data, 0o600) // nope: nothing lasting lives there
}

func own(v any) (string, error) {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		return "", err
	}
	data, err := json.Marshal(v)
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "config.json")
	return path, os.WriteFile(path, data, 0o600) // nope: in a directory of our own
}

func aside(path string, v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	next := path + ".config"
	if err := os.WriteFile(next, data, 0o600); err != nil { // nope: it is renamed when it is whole
		return err
	}
	return os.Rename(next, path)
}

func appended(path, line string) error {
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600) // nope: not truncated
	if err != nil {
		return err
	}
	if _, err := f.WriteString(line); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

func exclusive(path string, v any) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600) // nope: there was nothing to tear
	if err != nil {
		return err
	}
	if err := json.NewEncoder(f).Encode(v); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

// Package a has files that somebody will read back, written in place.
package a

import (
	"encoding/json"
	"encoding/pem"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// A configuration in the user's directory.

type config struct{ Editor string }

func configPath() (string, error) {
	dir, err := os.UserConfigDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, "a", "config.json"), nil
}

func load() (*config, error) {
	path, err := configPath()
	if err != nil {
		return nil, err
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	c := new(config)
	return c, json.Unmarshal(data, c)
}

func (c *config) save() error {
	path, err := configPath()
	if err != nil {
		return err
	}
	data, err := json.Marshal(c)
	if err != nil {
		return err
	}
	return os.WriteFile(path, data, 0o644) // want `^os.WriteFile truncates the file before it writes: a reader in between sees an empty or partial file, and a crash or a full disk leaves one$`
}

// The path in a field, which a loader uses, too.

type session struct {
	path   string
	Tokens map[string]string
}

func (s *session) load() error {
	f, err := os.Open(s.path)
	if err != nil {
		return err
	}
	defer f.Close()
	return json.NewDecoder(f).Decode(s)
}

func (s *session) save() error {
	f, err := os.Create(s.path) // want `os.Create truncates the file before it writes`
	if err != nil {
		return err
	}
	if err := json.NewEncoder(f).Encode(s); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

func (s *session) reset() error {
	f, err := os.OpenFile(s.path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600) // want `os.OpenFile truncates the file before it writes`
	if err != nil {
		return err
	}
	if _, err := io.WriteString(f, "{}"); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

func (s *session) later() func() error {
	return func() error {
		data, err := json.Marshal(s)
		if err != nil {
			return err
		}
		return os.WriteFile(s.path, data, 0o600) // want `truncates the file before it writes`
	}
}

// The path in a package-level variable.

var statePath = "/var/lib/a/state"

func readState() ([]byte, error) { return os.ReadFile(statePath) }

func writeState(lines []string) error {
	return os.WriteFile(statePath, []byte(strings.Join(lines, "\n")), 0o644) // want `truncates the file before it writes`
}

// A constant name below a directory that comes from elsewhere.

func readKey(dir string) ([]byte, error) { return os.ReadFile(filepath.Join(dir, "host.key")) }

func writeKey(dir string, key *pem.Block) error {
	return os.WriteFile(filepath.Join(dir, "host.key"), pem.EncodeToMemory(key), 0o600) // want `truncates the file before it writes`
}

// In type parameters and loops.

type table[K comparable, V any] struct {
	indexFile string
	rows      map[K]V
}

func (t *table[K, V]) read() error {
	data, err := os.ReadFile(t.indexFile)
	if err != nil {
		return err
	}
	return json.Unmarshal(data, &t.rows)
}

func (t *table[K, V]) write() error {
	data, err := json.Marshal(t.rows)
	if err != nil {
		return err
	}
	return os.WriteFile(t.indexFile, data, 0o644) // want `truncates the file before it writes`
}

func saveAll(sessions []*session) error {
	for _, s := range sessions {
		data, err := json.Marshal(s)
		if err != nil {
			return err
		}
		if err := os.WriteFile(s.path, data, 0o600); err != nil { // want `truncates the file before it writes`
			return err
		}
	}
	return nil
}

// Through a helper, where there is one finding: in the helper.

func put(path string, data []byte) error {
	return os.WriteFile(path, data, 0o600) // want `truncates the file before it writes`
}

func (s *session) clear() error { return put(s.path, []byte("{}")) }

func suppressed() error {
	//toctou:ignore tornwrite it is made again from the log when it is damaged
	return os.WriteFile(statePath, nil, 0o644)
}

// Package strict has files that are read, changed and written back.
package strict

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
)

// replace writes a file whole.
func replace(path string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	if _, err := f.Write(data); err != nil {
		f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

func appended(path, line string) error {
	old, err := os.ReadFile(path)
	if err != nil && !os.IsNotExist(err) {
		return err
	}
	return replace(path, append(old, line...)) // want `^replace \(os.Rename\) loses any update that another process writes after the os.ReadFile on line 35: no lock is held from the read to the write$`
}

func counted(path string) error {
	old, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(strings.TrimSpace(string(old)))
	if err != nil {
		return err
	}
	tmp := path + ".tmp"
	if err := os.WriteFile(tmp, fmt.Appendln(nil, n+1), 0o600); err != nil {
		return err
	}
	return os.Rename(tmp, path) // want `os.Rename loses any update that another process writes after the os.ReadFile on line 43`
}

type registry struct {
	file  string
	mu    sync.Mutex
	Names map[string]string
}

func (r *registry) load() error {
	data, err := os.ReadFile(r.file)
	if err != nil {
		return err
	}
	return json.Unmarshal(data, &r.Names)
}

func (r *registry) save() error {
	data, err := json.Marshal(r.Names)
	if err != nil {
		return err
	}
	return replace(r.file, data)
}

func (r *registry) add(name, value string) error {
	if err := r.load(); err != nil {
		return err
	}
	r.Names[name] = value
	return r.save() // want `save \(os.Rename\) loses any update that another process writes after the load \(os.ReadFile\) on line 81`
}

func (r *registry) addLocked(name, value string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.load(); err != nil {
		return err
	}
	r.Names[name] = value
	return r.save() // want `loses any update that another process writes after the load \(os.ReadFile\) on line 91: the lock that is held keeps only goroutines out$`
}

type doc struct{ Lines []string }

func readDoc(path string) (*doc, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var d doc
	for s := bufio.NewScanner(f); s.Scan(); {
		d.Lines = append(d.Lines, s.Text())
	}
	return &d, nil
}

func decoded(path string, line string) error {
	d, err := readDoc(path)
	if err != nil {
		return err
	}
	d.Lines = append(d.Lines, line)
	tmp, err := os.Create(path + ".new")
	if err != nil {
		return err
	}
	if err := json.NewEncoder(tmp).Encode(d); err != nil {
		tmp.Close()
		return err
	}
	if err := tmp.Close(); err != nil {
		return err
	}
	return os.Rename(path+".new", path) // want `os.Rename loses any update that another process writes after the readDoc \(os.Open\) on line 114`
}

func independent(path string, fresh []byte) error {
	old, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if bytes.Equal(old, fresh) {
		return nil
	}
	return replace(path, fresh) // nope: what is written does not come from what was read
}

func elsewhere(path string) error {
	old, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return replace(path+".bak", old) // nope: another file
}

func putBack(path string, try func() error) error {
	old, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := try(); err != nil {
		return os.WriteFile(path, old, 0o600) // nope: what was read is put back
	}
	return nil
}

func copied(path, to string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, f); err != nil {
		return err
	}
	return out.Close() // nope: another file
}

func argument() error {
	path := os.Args[1]
	old, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return replace(path, bytes.ToUpper(old)) // nope: a file that the user works on
}

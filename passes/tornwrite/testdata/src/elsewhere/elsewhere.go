// Package elsewhere calls what writes in another module.
package elsewhere

import (
	"os"

	"example.com/store"
)

type app struct {
	config     *store.Config
	configPath string
	statePath  string
}

// The file is the store's: each of these calls leads to the one write there.
func (a *app) rename(old, name string) error {
	if err := a.config.Set(name, ""); err != nil { // want `Set \(os.WriteFile\) of example.com/store truncates the file .*; 2 other calls in this package do the same`
		return err
	}
	return a.config.Unset(old)
}

func (a *app) forget(name string) error { return a.config.Unset(name) }

// The store's reader fails over half of the file.
func (a *app) open() error { return a.config.Load() }

func (a *app) load() ([]byte, error) { return os.ReadFile(a.configPath) }

func (a *app) loadState() ([]byte, error) { return os.ReadFile(a.statePath) }

// Here each call writes a file of ours, and could write it otherwise.
func (a *app) saveConfig() error {
	if err := store.Save(a.configPath, a); err != nil { // want `truncates the file .* leaves one$`
		return err
	}
	return store.Save(a.statePath, a) // want `truncates the file .* leaves one$`
}

// Other files are replaced whole.
func install(data []byte, file string) error {
	if err := os.WriteFile(file+".new", data, 0o600); err != nil {
		return err
	}
	return os.Rename(file+".new", file)
}

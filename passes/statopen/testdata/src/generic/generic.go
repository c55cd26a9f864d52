// Package generic has type parameters on either side.
package generic

import (
	"encoding/json"
	"os"
)

func exists[P ~string](path P) bool {
	_, err := os.Stat(string(path))
	return err == nil
}

func load[T any](path string) (*T, error) {
	v := new(T)
	if _, err := os.Stat(path); err != nil {
		return v, nil
	}
	data, err := os.ReadFile(path) // want `fails if another process removes the file after the os.Stat on line 16`
	if err != nil {
		return nil, err
	}
	return v, json.Unmarshal(data, v)
}

func both(path string) ([]byte, error) {
	if !exists(path) {
		return nil, nil
	}
	return os.ReadFile(path) // want `fails if another process removes the file after the exists \(os.Stat\)`
}

type cache[K comparable, V any] struct {
	path string
	vals map[K]V
}

func (c *cache[K, V]) exists() bool { return exists(c.path) }

func (c *cache[K, V]) load() error {
	if !c.exists() {
		return nil
	}
	data, err := os.ReadFile(c.path) // want `fails if another process removes the file after the exists \(os.Stat\)`
	if err != nil {
		return err
	}
	return json.Unmarshal(data, &c.vals)
}

func use(c *cache[string, int]) error {
	if !c.exists() {
		return nil
	}
	return c.read() // want `read \(os.ReadFile\) fails if another process removes the file after the exists \(os.Stat\)`
}

func (c *cache[K, V]) read() error {
	_, err := os.ReadFile(c.path)
	return err
}

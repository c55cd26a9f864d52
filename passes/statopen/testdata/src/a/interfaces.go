package a

import "os"

// An interface with one implementation in the package.

type source interface {
	Has(path string) bool
	Get(path string) ([]byte, error)
}

type dirSource struct{}

func (dirSource) Has(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func (dirSource) Get(path string) ([]byte, error) { return os.ReadFile(path) }

func fromSource(s source, path string) ([]byte, error) {
	if !s.Has(path) {
		return nil, nil
	}
	return s.Get(path) // want `Get \(os.ReadFile\) fails if another process removes the file after the Has \(os.Stat\)`
}

// An interface with an implementation in memory, which has no say in what is on the disk.

type lookup interface {
	Known(path string) bool
}

type onDisk struct{}

func (onDisk) Known(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

type inMemory map[string]bool

func (m inMemory) Known(path string) bool { return m[path] }

func fromLookup(l lookup, path string) ([]byte, error) {
	if !l.Known(path) {
		return nil, nil
	}
	return os.ReadFile(path) // want `os.ReadFile fails if another process removes the file after the Known \(os.Stat\)`
}

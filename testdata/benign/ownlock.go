// Callers hold a lock of the program's own: one that waits for a flag, a mutex in a method,
// or a helper around a function literal. Nothing that honors it can come in between; that
// another process could is for strict mode. A lock that has been given back is in
// races/ownlock.go.
package benign

import (
	"os"
	"path/filepath"
	"sync"
)

type turnstile struct {
	mu   sync.Mutex
	cond *sync.Cond
	busy bool
}

func (g *turnstile) enter() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for g.busy {
		g.cond.Wait()
	}
	g.busy = true
}

func (g *turnstile) leave() {
	g.mu.Lock()
	g.busy = false
	g.cond.Broadcast()
	g.mu.Unlock()
}

type shelf struct {
	gate turnstile
	mu   sync.Mutex
	dir  string
}

func (s *shelf) discard(name string) error {
	path := filepath.Join(s.dir, name)
	if _, err := os.Stat(path); err != nil {
		return nil
	}
	return os.Remove(path)
}

// Discard takes turns.
func (s *shelf) Discard(name string) error {
	s.gate.enter()
	defer s.gate.leave()
	return s.discard(name)
}

func (s *shelf) lock()   { s.mu.Lock() }
func (s *shelf) unlock() { s.mu.Unlock() }

func (s *shelf) label() ([]byte, error) {
	path := filepath.Join(s.dir, "label")
	if _, err := os.Stat(path); os.IsNotExist(err) {
		return nil, nil
	}
	return os.ReadFile(path)
}

// Label holds a mutex.
func (s *shelf) Label() ([]byte, error) {
	s.lock()
	defer s.unlock()
	return s.label()
}

func (s *shelf) alone(do func() error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return do()
}

// Clear has a helper hold it.
func (s *shelf) Clear() error {
	return s.alone(func() error {
		path := filepath.Join(s.dir, "all")
		if _, err := os.Stat(path); os.IsNotExist(err) {
			return nil
		}
		return os.Remove(path)
	})
}

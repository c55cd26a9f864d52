// The lock has been given back before the use, a caller does not take it, or what looks like
// a lock is a queue. Callers that hold one are in benign/ownlock.go.
package races

import (
	"os"
	"path/filepath"
	"sync"
)

type rack struct {
	mu   sync.Mutex
	cond *sync.Cond
	jobs []string
	dir  string
}

// Late looks under the lock, and removes later.
func (r *rack) Late(name string) error {
	path := filepath.Join(r.dir, name)
	r.mu.Lock()
	_, err := os.Stat(path)
	r.mu.Unlock()
	if os.IsNotExist(err) {
		return nil
	}
	return os.Remove(path) // want `checkact: os.Remove fails if another process removes the file`
}

func (r *rack) discard(name string) error {
	path := filepath.Join(r.dir, name)
	if _, err := os.Stat(path); err != nil {
		return nil
	}
	return os.Remove(path) // want `checkact: os.Remove fails if another process removes the file`
}

// Locked takes the lock.
func (r *rack) Locked(name string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.discard(name)
}

// Unlocked does not.
func (r *rack) Unlocked(name string) error { return r.discard(name) }

func (r *rack) next() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	for len(r.jobs) == 0 {
		r.cond.Wait()
	}
	first := r.jobs[0]
	r.jobs = r.jobs[1:]
	return first
}

// Work takes a job from a queue.
func (r *rack) Work() error {
	path := filepath.Join(r.dir, r.next())
	if _, err := os.Stat(path); os.IsNotExist(err) {
		return nil
	}
	return os.Remove(path) // want `checkact: os.Remove fails if another process removes the file`
}

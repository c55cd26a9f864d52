package atomicfix

import (
	"context"
	"sync"
)

// A queue lets one goroutine at a time have a key. Those that wait use neither
// a thread nor a descriptor.
type queue struct {
	mu    sync.Mutex
	turns map[string]*turn
}

type turn struct {
	free  chan struct{} // has an element while the key is free
	users int           // that have it or wait for it
}

// updates is for Updates of one file within this process; a lock of the system
// excludes the other processes.
var updates queue

// enter takes the key. Unless wait, it does so only if the key is free.
func (q *queue) enter(ctx context.Context, key string, wait bool) error {
	q.mu.Lock()
	t := q.turns[key]
	if t == nil {
		t = &turn{free: make(chan struct{}, 1)}
		t.free <- struct{}{}
		if q.turns == nil {
			q.turns = map[string]*turn{}
		}
		q.turns[key] = t
	}
	t.users++
	q.mu.Unlock()
	if !wait {
		select {
		case <-t.free:
			return nil
		default:
			q.drop(key, t)
			return errLocked
		}
	}
	select {
	case <-t.free:
		return nil
	case <-ctx.Done():
		q.drop(key, t)
		return ctx.Err()
	}
}

// leave gives the key to the one that has waited longest.
func (q *queue) leave(key string) {
	q.mu.Lock()
	t := q.turns[key]
	q.mu.Unlock()
	t.free <- struct{}{}
	q.drop(key, t)
}

func (q *queue) drop(key string, t *turn) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if t.users--; t.users == 0 {
		delete(q.turns, key)
	}
}

package driver

import (
	"fmt"
	"io"
	"sync/atomic"
	"time"
)

// When a run is long enough to tell how far it has come, and how often.
const (
	progressAfter = 2 * time.Second
	progressEvery = 200 * time.Millisecond
)

// A progress tells somebody who waits at a terminal how far a run has come.
type progress struct {
	w    io.Writer
	done func() int64 // how many packages

	total   atomic.Int64 // how many there are; zero until that is known
	stop    chan struct{}
	stopped chan struct{}
}

// startProgress starts to tell on w, which is a terminal.
func startProgress(w io.Writer, after, every time.Duration, done func() int64) *progress {
	p := &progress{w: w, done: done, stop: make(chan struct{}), stopped: make(chan struct{})}
	go p.run(after, every)
	return p
}

func (p *progress) run(after, every time.Duration) {
	defer close(p.stopped)
	select {
	case <-p.stop:
		return
	case <-time.After(after):
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		fmt.Fprintf(p.w, "\r%s\x1b[K", p.line())
		select {
		case <-p.stop:
			fmt.Fprint(p.w, "\r\x1b[K") // as if nothing had been said
			return
		case <-tick.C:
		}
	}
}

func (p *progress) line() string {
	if total := p.total.Load(); total > 0 {
		return fmt.Sprintf("toctou: analyzing: %d of %d packages", min(p.done(), total), total)
	}
	return "toctou: listing packages"
}

// listed says how many packages there are to analyse.
func (p *progress) listed(total int) {
	if p != nil {
		p.total.Store(int64(total))
	}
}

// end takes back what was told.
func (p *progress) end() {
	if p != nil {
		close(p.stop)
		<-p.stopped
	}
}

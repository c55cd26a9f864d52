package driver

import (
	"context"
	"fmt"
	"io"
	"sync"
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
	w      io.Writer
	done   func() int64               // how many packages
	listed func(context.Context) bool // whether the go command has listed the packages, when it has

	total     atomic.Int64 // how many there are; zero until that is known
	compiling atomic.Bool  // the packages are listed, and the go command is not done
	cancel    func()       // of the context of listed
	stopped   chan struct{}
}

// startProgress starts to tell on w, which is a terminal.
func startProgress(w io.Writer, after, every time.Duration, done func() int64, listed func(context.Context) bool) *progress {
	ctx, cancel := context.WithCancel(context.Background())
	p := &progress{w: w, done: done, listed: listed, cancel: cancel, stopped: make(chan struct{})}
	go p.run(ctx, after, every)
	return p
}

func (p *progress) run(ctx context.Context, after, every time.Duration) {
	defer close(p.stopped)
	select {
	case <-ctx.Done():
		return
	case <-time.After(after):
	}
	var asking sync.WaitGroup
	defer asking.Wait()
	if p.total.Load() == 0 {
		asking.Go(func() { p.compiling.Store(p.listed(ctx)) })
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		fmt.Fprintf(p.w, "\r%s\x1b[K", p.line())
		select {
		case <-ctx.Done():
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
	if p.compiling.Load() {
		return "toctou: the go command is compiling dependencies: it keeps them for the next run"
	}
	return "toctou: the go command is listing packages"
}

// found says how many packages there are to analyse.
func (p *progress) found(total int) {
	if p != nil {
		p.total.Store(int64(total))
	}
}

// end takes back what was told.
func (p *progress) end() {
	if p != nil {
		p.cancel()
		<-p.stopped
	}
}

package driver

import (
	"context"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"
)

// After what time a run shows its progress, and how often it updates that.
const (
	progressAfter = 2 * time.Second
	progressEvery = 200 * time.Millisecond
)

// noticeAfter is the time after which a run without a terminal says that it waits for
// the go command.
const noticeAfter = 5 * time.Second

// compilingNow is what the go command does if the load takes long, and why that happens
// only once.
const compilingNow = "toctou: the go command is compiling dependencies: it keeps them for the next run"

// A progress shows the user at a terminal how far a run has come. Without a terminal it
// prints at most one line; see startNotice.
type progress struct {
	w      io.Writer
	done   func() int64               // how many packages
	listed func(context.Context) bool // whether the go command has listed the packages, when it has

	total     atomic.Int64 // how many there are; zero until that is known
	compiling atomic.Bool  // the packages are listed, and the go command is not done
	cancel    func()       // of the context of listed
	stopped   chan struct{}
}

// startProgress starts to show progress on w, which is a terminal.
func startProgress(w io.Writer, after, every time.Duration, done func() int64, listed func(context.Context) bool) *progress {
	p := &progress{w: w, done: done, listed: listed, stopped: make(chan struct{})}
	ctx, cancel := context.WithCancel(context.Background())
	p.cancel = cancel
	go p.run(ctx, after, every)
	return p
}

// startNotice prints a line on w, which is no terminal, if the go command compiles
// dependencies for longer than after. A log then shows why nothing happens.
func startNotice(w io.Writer, after time.Duration, listed func(context.Context) bool) *progress {
	p := &progress{w: w, listed: listed, stopped: make(chan struct{})}
	ctx, cancel := context.WithCancel(context.Background())
	p.cancel = cancel
	go p.notice(ctx, after)
	return p
}

func (p *progress) notice(ctx context.Context, after time.Duration) {
	defer close(p.stopped)
	select {
	case <-ctx.Done():
		return
	case <-time.After(after):
	}
	if p.total.Load() > 0 || !p.listed(ctx) {
		return
	}
	// The load may end while p.listed waits for the go command.
	if ctx.Err() == nil && p.total.Load() == 0 {
		fmt.Fprintln(p.w, compilingNow)
	}
}

func (p *progress) run(ctx context.Context, after, every time.Duration) {
	defer close(p.stopped)
	select {
	case <-ctx.Done():
		return
	case <-time.After(after):
	}
	var listing sync.WaitGroup
	defer listing.Wait()
	if p.total.Load() == 0 {
		listing.Go(func() { p.compiling.Store(p.listed(ctx)) })
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		fmt.Fprintf(p.w, "\r%s\x1b[K", p.line())
		select {
		case <-ctx.Done():
			fmt.Fprint(p.w, "\r\x1b[K") // as if nothing had been shown
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
		return compilingNow
	}
	return "toctou: the go command is listing packages"
}

// found sets the number of packages to analyze.
func (p *progress) found(total int) {
	if p != nil {
		p.total.Store(int64(total))
	}
}

// end stops the display, and removes it from a terminal.
func (p *progress) end() {
	if p != nil {
		p.cancel()
		<-p.stopped
	}
}

// A file is followed by its handle, and its path is watched for another file: from a first
// look at the path, which comes after the open. If the file is rotated in between, the
// look is at the new one, and the follower waits at the end of the old one for ever. The
// twin in benign/rotationcheck.go compares with the open file.
package races

import (
	"bufio"
	"os"
	"time"
)

type pathWatcher interface {
	rotated(stop <-chan struct{}) bool
}

type pollingWatcher struct{ path string }

func (w *pollingWatcher) rotated(stop <-chan struct{}) bool {
	first, err := os.Stat(w.path) // want `pathreuse: os.Stat looks up the path again`
	if err != nil {
		return true
	}
	for {
		select {
		case <-stop:
			return false
		case <-time.After(time.Second):
		}
		now, err := os.Stat(w.path)
		if err != nil || !os.SameFile(first, now) {
			return true
		}
	}
}

type logFollower struct {
	path  string
	file  *os.File
	watch pathWatcher
}

func followLog(path string, lines func(string), stop <-chan struct{}) error {
	l := &logFollower{path: path, watch: &pollingWatcher{path}}
	for {
		f, err := os.Open(l.path)
		if err != nil {
			return err
		}
		l.file = f
		for s := bufio.NewScanner(f); s.Scan(); {
			lines(s.Text())
		}
		again := l.watch.rotated(stop)
		f.Close()
		if !again {
			return nil
		}
	}
}

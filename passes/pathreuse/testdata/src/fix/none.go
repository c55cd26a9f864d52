package fix

import (
	"io"
	"os"
)

// The open may have failed.
func unhandled(path string) (os.FileInfo, error) {
	f, err := os.Open(path)
	if err == nil {
		defer f.Close()
	}
	return os.Stat(path) // want `looks up the path again`
}

// Closed on some way.
func maybeClosed(path string, now bool) (os.FileInfo, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	if now {
		f.Close()
	}
	return os.Stat(path) // want `looks up the path again`
}

// Somebody else may close it.
func handedOver(path string, take func(io.Closer)) (os.FileInfo, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	take(f)
	return os.Stat(path) // want `looks up the path again`
}

// The variable is another file in places.
func reassigned(path, other string) (os.FileInfo, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if other != "" {
		f, err = os.Open(other)
		if err != nil {
			return nil, err
		}
	}
	return os.Stat(path) // want `looks up the path again`
}

// The name means something else.
func shadowed(path string) (int64, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	{
		f := int64(1)
		info, err := os.Stat(path) // want `looks up the path again`
		if err != nil {
			return 0, err
		}
		return info.Size() + f, nil
	}
}

// Kept in a field that a function may change in between.
type ledger struct{ f *os.File }

func (l *ledger) reset() { l.f = nil }

func (l *ledger) open(path string) (int64, error) {
	var err error
	l.f, err = os.Open(path)
	if err != nil {
		return 0, err
	}
	l.reset()
	info, err := os.Stat(path) // want `looks up the path again`
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// Closed in the first round of the loop.
func rounds(path string, n int) (total int64) {
	f, err := os.Open(path)
	if err != nil {
		return 0
	}
	for range n {
		if info, err := os.Stat(path); err == nil { // want `looks up the path again`
			total += info.Size()
		}
		f.Close()
	}
	return total
}

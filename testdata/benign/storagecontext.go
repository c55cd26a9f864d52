package benign

import (
	"context"
	"errors"
	"io"
	"os"
)

// The store is asked only to know how large the object is, and an object that has
// gone is passed over by the second call as well.
type objectStore interface {
	Stat(ctx context.Context, path string) (os.FileInfo, error)
	Reader(ctx context.Context, path string, offset int64) (io.ReadCloser, error)
	Delete(ctx context.Context, path string) error
}

var errObjectGone = errors.New("gone")

func dropObject(ctx context.Context, s objectStore, path string) (freed int64, err error) {
	fi, err := s.Stat(ctx, path)
	if errors.Is(err, errObjectGone) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	if err := s.Delete(ctx, path); err != nil && !errors.Is(err, errObjectGone) {
		return 0, err
	}
	return fi.Size(), nil
}

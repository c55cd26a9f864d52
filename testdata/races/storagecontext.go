package races

import (
	"context"
	"errors"
	"io"
	"os"
)

// A store of objects, whose methods take a context first and answer absence by an
// error of its own. What is gone between the two calls fails the second, though the
// first one passes over it.
type objectStore interface {
	Stat(ctx context.Context, path string) (os.FileInfo, error)
	Reader(ctx context.Context, path string, offset int64) (io.ReadCloser, error)
	Delete(ctx context.Context, path string) error
}

type objectGone struct{ path string }

func (e objectGone) Error() string { return e.path + ": gone" }

func dropObject(ctx context.Context, s objectStore, path string) error {
	if _, err := s.Stat(ctx, path); err != nil {
		var gone objectGone
		if errors.As(err, &gone) {
			return nil
		}
		return err
	}
	return s.Delete(ctx, path) // want `checkact: Delete fails if another process removes the file`
}

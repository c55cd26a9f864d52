// It waits until the file is there; that it may go again is an error like any.
package benign

import (
	"context"
	"os"
	"time"
)

func waitAndRead(ctx context.Context, path string) ([]byte, error) {
	for {
		if _, err := os.Stat(path); err == nil {
			return os.ReadFile(path)
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(time.Second):
		}
	}
}

// Whoever runs it in between cannot; interrupted, it stays so.
package races

import (
	"io"
	"os"
)

func installTool(path string, binary io.Reader) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o644) // want `tornwrite: `
	if err != nil {
		return err
	}
	if _, err := io.Copy(f, binary); err != nil {
		f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Chmod(path, 0o755) // want `writechmod: os.Chmod comes late`
}

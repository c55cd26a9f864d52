// A cleanup whose error nobody looks at: what is gone is gone.
package benign

import (
	"io"
	"os"
)

func fetchInto(dst string, body io.Reader) error {
	f, err := os.Create(dst)
	if err != nil {
		return err
	}
	if _, err := io.Copy(f, body); err != nil {
		f.Close()
		if _, err := os.Stat(dst); err == nil {
			os.Remove(dst)
		}
		return err
	}
	return f.Close()
}

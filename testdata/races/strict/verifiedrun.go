// One reading is verified, and another one is run, or kept with the digest of the
// first.
package races

import (
	"crypto/sha256"
	"errors"
	"io"
	"os"
	"os/exec"
)

func sumOf(path string) (sum [sha256.Size]byte, err error) {
	f, err := os.Open(path)
	if err != nil {
		return sum, err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return sum, err
	}
	return [sha256.Size]byte(h.Sum(nil)), nil
}

func runVerified(plugin string, want [sha256.Size]byte) error {
	sum, err := sumOf(plugin)
	if err != nil {
		return err
	}
	if sum != want {
		return errors.New("not the plugin that was published")
	}
	return exec.Command(plugin).Run() // want `pathreuse: exec.Command may run a different program than the one that the sumOf \(os.Open\) on line 27 verified`
}

type module struct {
	text []byte
	sum  [sha256.Size]byte
}

func loadModule(path string) (m module, err error) {
	if m.text, err = os.ReadFile(path); err != nil {
		return m, err
	}
	m.sum, err = sumOf(path) // want `pathreuse: sumOf \(os.Open\) may read a different file than the one that the os.ReadFile on line 43 read: compute the digest from the content that was read`
	return m, err
}

// An option makes the function that sets the mode: by the path, when the copy is done and
// the file is still open. Another file can have the path by then. In the twin in
// benign/modebyhandle.go it is the open file whose mode is set.
package races

import (
	"io"
	"io/fs"
	"os"
)

type modeOption func(from fs.FileInfo, to string) (apply func() error)

type mirrorOptions struct{ mode modeOption }

func widened(by fs.FileMode) modeOption {
	return func(from fs.FileInfo, to string) func() error {
		return func() error {
			return os.Chmod(to, from.Mode()|by) // want `writechmod: os.Chmod comes late`
		}
	}
}

func mirror(to string, from *os.File, o mirrorOptions) error {
	info, err := from.Stat()
	if err != nil {
		return err
	}
	f, err := os.Create(to)
	if err != nil {
		return err
	}
	defer f.Close()
	apply := o.mode(info, to)
	if _, err := io.Copy(f, from); err != nil {
		return err
	}
	return apply()
}

func mirrorForAll(to string, from *os.File) error {
	return mirror(to, from, mirrorOptions{mode: widened(0o004)})
}

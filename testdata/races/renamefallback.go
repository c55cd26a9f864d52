// The careful rename fails between two file systems, and the fallback truncates
// the target.
package races

import (
	"io"
	"os"
)

func pour(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(to) // want `tornwrite: os.Create truncates the file before it writes`
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, in); err != nil {
		out.Close()
		return err
	}
	return out.Close()
}

func adjust(path string, change func([]byte) []byte) error {
	old, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	f, err := os.CreateTemp("", "adjust-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	if _, err := f.Write(change(old)); err != nil {
		f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if os.Rename(f.Name(), path) == nil {
		return nil
	}
	return pour(f.Name(), path)
}

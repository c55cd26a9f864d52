package staged

import (
	"io"
	"log"
	"os"
)

// The program goes on where the mode cannot be set.
func installAnyway(r io.Reader, path string) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	if _, err := io.Copy(f, r); err != nil {
		f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := os.Chmod(path, 0o711); err != nil { // want `comes late`
		log.Print(err)
	}
	return nil
}

// The mode is another one in between.
func installTwice(r io.Reader, path string) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	if _, err := io.Copy(f, r); err != nil {
		f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := os.Chmod(path, 0o700); err != nil { // want `comes late`
		return err
	}
	if err := os.Chmod(path, 0o711); err != nil { // want `comes late`
		return err
	}
	return nil
}

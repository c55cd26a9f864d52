package benign

import "os"

// GrowImage makes an image as large as its device is to be. The file is open, and
// what it holds is kept: a truncation empties a file only if it is one to nothing.
// That the call stands in a function literal, which takes no size itself, says
// nothing else.
func GrowImage(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := func() error { return f.Truncate(1 << 20) }(); err != nil {
		return err
	}
	return f.Sync()
}

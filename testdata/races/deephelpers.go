// The write is two calls away, and each joins the same name to the directory.
package races

import (
	"os"
	"path/filepath"
)

const layoutName = "layout"

func layoutExists(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, layoutName))
	return err == nil
}

func writeAll(path string, data []byte) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	if _, err := f.Write(data); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

func writeLayout(dir string) error {
	return writeAll(filepath.Join(dir, layoutName), []byte("3\n"))
}

func initRepository(dir string) error {
	if layoutExists(dir) {
		return nil
	}
	return writeLayout(dir) // want `existscreate: writeLayout \(os.Create\) truncates`
}

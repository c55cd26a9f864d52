// Where there is no file nothing is to be done, and one that vanishes before it is opened
// to write to it is a failure.
package races

import "os"

func stampIfThere(path string, stamp []byte) error {
	if _, err := os.Stat(path); os.IsNotExist(err) {
		return nil
	}
	f, err := os.OpenFile(path, os.O_WRONLY, 0) // want `statopen: os.OpenFile fails if another process removes the file after the os.Stat on line 8`
	if err != nil {
		return err
	}
	if _, err := f.WriteAt(stamp, 0); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

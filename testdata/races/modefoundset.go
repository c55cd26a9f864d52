// The mode of what was looked up is set, with more bits, on what has the path by
// then: a link that was put there leads to another file, which gets it.
package races

import "os"

func makeWritable(path string) error {
	fi, err := os.Stat(path)
	if err != nil {
		return err
	}
	return os.Chmod(path, fi.Mode()|0o200) // want `checkact: os.Chmod applies the mode or owner that the os.Stat on line 8 returned, but the path may name a different file by then`
}

// The copy is readable by everybody until it gets the mode of the original.
package races

import "os"

func copyFile(src, dst string) error {
	info, err := os.Stat(src)
	if err != nil {
		return err
	}
	data, err := os.ReadFile(src)
	if err != nil {
		return err
	}
	if err := os.WriteFile(dst, data, 0o666); err != nil {
		return err
	}
	return os.Chmod(dst, info.Mode()) // want `writechmod: os.Chmod comes late`
}

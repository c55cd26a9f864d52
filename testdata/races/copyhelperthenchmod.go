// A helper makes the copy, its caller protects it.
package races

import (
	"io"
	"os"
)

func copyTo(src, dst string) error {
	in, err := os.Open(src)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(dst)
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, in); err != nil {
		out.Close()
		return err
	}
	return out.Close()
}

func backupKey(path string) error {
	if err := copyTo(path, path+".bak"); err != nil {
		return err
	}
	return os.Chmod(path+".bak", 0o400) // want `writechmod: os.Chmod comes late: .* the copyTo \(os.Create\) on line 27 created`
}

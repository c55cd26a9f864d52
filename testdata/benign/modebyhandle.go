// The mode that is set is that of the file which is open, by its handle; or owner and
// mode are set by the handle, wherever the path leads by then.
package benign

import "os"

func makeWritableOpen(f *os.File) error {
	fi, err := f.Stat()
	if err != nil {
		return err
	}
	return f.Chmod(fi.Mode() | 0o200)
}

func giveOpen(f *os.File, uid, gid int, mode os.FileMode) error {
	if err := f.Chown(uid, gid); err != nil {
		return err
	}
	return f.Chmod(mode)
}

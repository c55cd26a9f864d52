// Package strict has what depends on circumstances.
package strict

import "os"

func owner(path string, uid, gid int) error {
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		return err
	}
	return os.Chown(path, uid, gid) // want `^os.Chown comes late: until then, what the os.WriteFile on line 7 created has the wrong owner, and another process can replace it$`
}

func again(path string) error {
	if err := os.WriteFile(path, nil, 0o640); err != nil {
		return err
	}
	return os.Chmod(path, 0o640) // want `comes late: until then, what the os.WriteFile on line 14 created has the mode that the umask left$`
}

func widened(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	return os.Chmod(dir, 0o755) // want `comes late: until then, what the os.MkdirAll on line 21 created has fewer permissions than intended$`
}

func temporary(data []byte, path string) error {
	f, err := os.CreateTemp("", "")
	if err != nil {
		return err
	}
	if _, err := f.Write(data); err != nil {
		f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Chmod(f.Name(), 0o644) // want `comes late`
}

// Renamed before it is on the device, or when nobody knows whether it is.
package races

import "os"

func replaceUnsynced(dir, path string, data []byte) error {
	f, err := os.CreateTemp(dir, ".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	if _, err := f.Write(data); err != nil {
		f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path) // want `tempname: os.Rename publishes a file that was not synced`
}

func replaceUnknown(dir, path string, data []byte) error {
	f, err := os.CreateTemp(dir, ".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	if _, err := f.Write(data); err != nil {
		f.Close()
		return err
	}
	f.Sync() // want `tempname: the error returned by .*Sync is ignored`
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

func replaceAside(path string, data []byte) error {
	aside := path + ".tmp"
	if err := os.WriteFile(aside, data, 0o600); err != nil { // want `tempname: os.WriteFile writes to a temporary file whose name is derived from the target's`
		return err
	}
	return os.Rename(aside, path) // want `tempname: os.Rename publishes a file that was not synced`
}

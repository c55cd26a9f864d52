package mode

import "os"

// commented has a comment within the arguments of os.Chmod, which stays.
func commented(path string) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return os.Chmod(path /* the key */, 0o600) // want `os.Chmod`
}

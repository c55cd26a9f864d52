package races

import "os"

// Whether there is a key is seen by its length: the error of the first read is
// dropped. Of two programs that start at once both make a key, and one goes on with
// one that is no longer in the file.
func keyOrNew(path string, fresh func() []byte) ([]byte, error) {
	key, _ := os.ReadFile(path)
	if len(key) == 0 {
		key = fresh()
		if err := os.WriteFile(path, key, 0o600); err != nil { // want `existscreate: os.WriteFile truncates a file that another process creates`
			return nil, err
		}
	}
	return key, nil
}

// A helper drops the error.
func keyIn(path string) []byte {
	key, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	return key
}

func keyOrNewByHelper(path string, fresh func() []byte) ([]byte, error) {
	if key := keyIn(path); key != nil {
		return key, nil
	}
	key := fresh()
	return key, os.WriteFile(path, key, 0o600) // want `existscreate: os.WriteFile truncates a file that another process creates`
}

package none

import "os"

// Without the helper there is no such call.
func write(path string) error {
	if _, err := os.Stat(path); os.IsNotExist(err) {
		return os.WriteFile(path, nil, 0o600) // want `truncates`
	}
	return nil
}

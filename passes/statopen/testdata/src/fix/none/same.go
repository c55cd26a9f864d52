package none

import "os"

// value takes its argument for the content where it is no file: a name whose file vanishes
// is an error either way.
func value(arg string) ([]byte, error) {
	if _, err := os.Stat(arg); err == nil {
		data, err := os.ReadFile(arg)
		if err != nil {
			return nil, err
		}
		return data, nil
	}
	return []byte(arg), nil
}

// defaults writes the file where there is none: to repeat that would open another window.
func defaults(path string) ([]byte, error) {
	if _, err := os.Stat(path); os.IsNotExist(err) {
		return nil, os.WriteFile(path, nil, 0o600)
	}
	data, err := os.ReadFile(path) // want `fails if another process removes the file`
	if err != nil {
		return nil, err
	}
	return data, nil
}

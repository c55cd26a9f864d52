// The two never run in one execution.
package benign

import "os"

func importOrExport(path string, export bool, data []byte) ([]byte, error) {
	if export {
		if _, err := os.Stat(path); err == nil {
			return nil, os.ErrExist
		}
		return nil, nil
	}
	return data, os.WriteFile(path, data, 0o644)
}

// Not there and not readable are the same answer: not cached.
package benign

import "os"

func cachedPage(path string) ([]byte, bool) {
	info, err := os.Stat(path)
	if err != nil || info.IsDir() {
		return nil, false
	}
	page, err := os.ReadFile(path)
	if err != nil {
		return nil, false
	}
	return page, true
}

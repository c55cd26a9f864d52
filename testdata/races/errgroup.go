// Each worker checks and writes; they are not the only process.
package races

import (
	"os"
	"sync"
)

func fetchAll(paths []string, fetch func(string) []byte) {
	var wg sync.WaitGroup
	for _, path := range paths {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if _, err := os.Stat(path); err == nil {
				return
			}
			os.WriteFile(path, fetch(path), 0o644) // want `existscreate: os.WriteFile truncates`
		}()
	}
	wg.Wait()
}

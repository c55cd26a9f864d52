// What another goroutine does has no order with what follows here.
package benign

import "os"

func warmUp(path string, done chan<- error) error {
	go func() {
		_, err := os.ReadFile(path)
		done <- err
	}()
	_, err := os.Stat(path)
	return err
}

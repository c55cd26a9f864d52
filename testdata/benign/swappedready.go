// The mode is set before anybody finds the file by its name. The other order is in
// races/swappedin.go.
package benign

import "os"

func swapReady(program, staged string) error {
	if err := os.Chmod(staged, 0o755); err != nil {
		return err
	}
	if err := os.Rename(program, program+".old"); err != nil {
		return err
	}
	return os.Rename(staged, program)
}

// The old program is moved away first, which makes the new one no less public.
package races

import "os"

func swapIn(program, staged string) error {
	if err := os.Rename(program, program+".old"); err != nil {
		return err
	}
	if err := os.Rename(staged, program); err != nil { // want `tornwrite: os.Rename comes after`
		os.Rename(program+".old", program)
		return err
	}
	return os.Chmod(program, 0o755) // want `writechmod: os.Chmod comes late: .* the os.Rename on line 10 created`
}

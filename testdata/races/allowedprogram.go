// The program is executed by its name, which may have become another's since
// its mode was looked at.
package races

import (
	"errors"
	"os"
	"os/exec"
)

func runHook(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if info.Mode().Perm()&0o022 != 0 {
		return errors.New("refusing a hook that others may write to")
	}
	return exec.Command(path).Run() // want `checkact: exec.Command may run a different program than the one whose mode was checked by the os.Stat on line 12`
}

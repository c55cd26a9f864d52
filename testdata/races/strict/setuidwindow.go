// The owner, then the mode: in between the new owner can put a link there, and
// the set-user-ID bit goes to what it leads to.
package races

import (
	"net"
	"os"
	"os/exec"
)

func installHelper(path string, uid, gid int) error {
	if err := os.Chown(path, uid, gid); err != nil {
		return err
	}
	return os.Chmod(path, 0o4755) // want `checkact: os.Chmod .* after the os.Chown on line 12`
}

func serve(path string) (net.Listener, error) {
	if err := os.Remove(path); err != nil && !os.IsNotExist(err) {
		return nil, err
	}
	return net.Listen("unix", path) // want `checkact: net.Listen takes over a name that another process may have been listening on before the os.Remove on line 19`
}

func runHook(path string) error {
	if _, err := os.Stat(path); err != nil {
		return nil // no hook
	}
	return exec.Command(path).Run() // want `checkact: exec.Command .*os.Stat on line 26`
}

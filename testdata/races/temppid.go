// The number of a process is no secret, and can be guessed beforehand.
package races

import (
	"fmt"
	"os"
)

func dump(data []byte) error {
	return os.WriteFile(fmt.Sprintf("/tmp/app-%d.dump", os.Getpid()), data, 0o600) // want `tempname: os.WriteFile uses a name in the shared temporary directory that other users can predict: .* truncates`
}

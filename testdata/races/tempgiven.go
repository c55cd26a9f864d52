// A part of the name comes from the caller, and nothing makes it one that others
// cannot guess: another user may have put a link there.
package races

import (
	"os"
	"path/filepath"
)

func openTrace(name string) (*os.File, error) {
	return os.Create(filepath.Join(os.TempDir(), name+".trace")) // want `tempname: os.Create uses a name in the shared temporary directory that other users may be able to predict: .* truncates`
}

// The old package's names.
package races

import (
	"io/ioutil"
	"os"
)

func ensureMotd(path string) error {
	if _, err := os.Stat(path); os.IsNotExist(err) {
		return ioutil.WriteFile(path, []byte("hello\n"), 0o644) // want `existscreate: .*ioutil.WriteFile truncates`
	}
	return nil
}

// sync.Once holds within this process alone.
package races

import (
	"os"
	"sync"
)

type keyring struct {
	once sync.Once
	path string
	err  error
}

func (k *keyring) init(fresh []byte) error {
	k.once.Do(func() {
		if _, err := os.Stat(k.path); err == nil {
			return
		}
		k.err = os.WriteFile(k.path, fresh, 0o600) // want `existscreate: os.WriteFile truncates`
	})
	return k.err
}

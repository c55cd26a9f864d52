// What is gone already need not be removed, but if somebody else is quicker,
// that is an error.
package races

import "os"

type permission struct{ denied string }

func (p *permission) allow() error {
	if _, err := os.Stat(p.denied); err != nil {
		if os.IsNotExist(err) {
			return nil
		}
		return err
	}
	return os.Remove(p.denied) // want `checkact: os.Remove fails if another process removes the file after the os.Stat on line 10, which handles its absence`
}

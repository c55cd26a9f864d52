// Within a root nothing leads out, but who was there first is still lost.
package races

import "os"

func putOnce(root *os.Root, name string, data []byte) error {
	if _, err := root.Stat(name); err == nil {
		return os.ErrExist
	}
	return root.WriteFile(name, data, 0o644) // want `existscreate: \(\*os.Root\).WriteFile truncates a file that another process creates after the \(\*os.Root\).Stat on line 7`
}

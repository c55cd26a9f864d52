// A file is made below /dev of a tree that came from somebody else, for something
// to be mounted on it: a link that the tree brings along is followed.
package races

import "os"

func placeTerminal(mount func(target string) error) error {
	f, err := os.Create("/dev/terminal") // want `resolveopen: os.Create follows a symbolic link that the creator of the tree can put there: open it with O_NOFOLLOW`
	if err != nil {
		return err
	}
	if err := f.Chmod(0o666); err != nil {
		return err
	}
	f.Close()
	return mount("/dev/terminal")
}

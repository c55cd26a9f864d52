// A file is made below /dev of a tree that came from somebody else, for something
// to be mounted on it: a link that the tree brings along is followed.
package races

import "os"

func placeTerminal(mount func(target string) error) error {
	f, err := os.Create("/dev/terminal") // want `resolveopen: os.Create follows a link that whoever made the tree has put there: open it with O_NOFOLLOW`
	if err != nil {
		return err
	}
	if err := f.Chmod(0o666); err != nil {
		return err
	}
	f.Close()
	return mount("/dev/terminal")
}

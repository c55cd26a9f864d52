// The group may read it until then, so that somebody loses a right.
package races

import "os"

func sealTicket(path string, ticket []byte) error {
	if err := os.WriteFile(path, ticket, 0o660); err != nil {
		return err
	}
	return os.Chmod(path, 0o600) // want `writechmod: os.Chmod comes late`
}

// Only what the owner may do changes. Nobody else gets at the file at any time; one
// from whom a right is taken is in races/ownerbitstwin.go.
package benign

import "os"

func hook(path string) error {
	if err := os.WriteFile(path, []byte("#!/bin/sh\nexec make\n"), 0o600); err != nil {
		return err
	}
	return os.Chmod(path, 0o700)
}

func sealed(path string, ticket []byte) error {
	if err := os.WriteFile(path, ticket, 0o600); err != nil {
		return err
	}
	return os.Chmod(path, 0o400)
}

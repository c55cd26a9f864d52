// The pair is made anew unless both are there: two that start at once mix
// theirs.
package races

import "os"

func there(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func ensurePair(certFile, keyFile string, generate func() (cert, key []byte, err error)) error {
	if there(certFile) && there(keyFile) {
		return nil
	}
	cert, key, err := generate()
	if err != nil {
		return err
	}
	if err := os.WriteFile(certFile, cert, 0o644); err != nil { // want `existscreate: os.WriteFile truncates`
		return err
	}
	return os.WriteFile(keyFile, key, 0o600) // want `existscreate: os.WriteFile truncates`
}

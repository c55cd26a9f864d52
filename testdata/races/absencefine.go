// Neither file has to be there, and one that vanishes after the look fails the caller.
package races

import "os"

func overlay(base, local string) ([]byte, error) {
	_, err := os.Stat(local)
	if os.IsNotExist(err) {
		return nil, nil
	}
	if _, berr := os.Stat(base); berr != nil {
		return nil, berr
	}
	if err != nil {
		return nil, err
	}
	return os.ReadFile(local) // want `statopen: os.ReadFile fails if another process removes the file after the os.Stat on line 7`
}

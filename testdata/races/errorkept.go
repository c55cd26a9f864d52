// The error of the check travels through a variable to a later if.
package races

import "os"

func openOrSeed(path string, seed []byte) (data []byte, err error) {
	data, err = os.ReadFile(path)
	created := false
	if os.IsNotExist(err) {
		data, err, created = seed, nil, true
	}
	if err != nil {
		return nil, err
	}
	if created {
		err = os.WriteFile(path, data, 0o644) // want `existscreate: os.WriteFile truncates a file that another process creates after the os.ReadFile on line 7`
	}
	return data, err
}

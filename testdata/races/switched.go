// The answer is told apart by a switch.
package races

import (
	"errors"
	"io/fs"
	"os"
)

func ensureToken(path string, fresh func() string) (string, error) {
	data, err := os.ReadFile(path)
	switch {
	case err == nil:
		return string(data), nil
	case !errors.Is(err, fs.ErrNotExist):
		return "", err
	}
	token := fresh()
	f, err := os.Create(path) // want `existscreate: os.Create truncates a file that another process creates after the os.ReadFile on line 11`
	if err != nil {
		return "", err
	}
	defer f.Close()
	_, err = f.WriteString(token)
	return token, err
}

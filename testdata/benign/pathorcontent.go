// What names no file is taken for the content itself. A name whose file vanishes fails at
// the read, and would have failed as content: an error either way. A default in its place is
// in races/absencefine.go.
package benign

import (
	"io"
	"os"
	"strings"
)

func argument(value string) ([]byte, error) {
	if _, err := os.Stat(value); err != nil {
		return []byte(value), nil
	}
	return os.ReadFile(value)
}

func script(value string) (string, error) {
	text := value
	if _, err := os.Stat(value); err == nil {
		data, err := os.ReadFile(value)
		if err != nil {
			return "", err
		}
		text = string(data)
	}
	return text, nil
}

func input(value string) (io.Reader, error) {
	if _, err := os.Stat(value); os.IsNotExist(err) {
		return strings.NewReader(value), nil
	}
	f, err := os.Open(value)
	if err != nil {
		return nil, err
	}
	return f, nil
}

// The failure is put into other words by a function that nothing is known of.
package races

import "os"

type translator interface{ Translate(error) error }

func translatedBanner(path string, t translator) ([]byte, error) {
	if _, err := os.Stat(path); os.IsNotExist(err) {
		return nil, nil
	}
	text, err := os.ReadFile(path) // want `statopen: os.ReadFile fails if another process removes the file`
	if err != nil {
		return nil, t.Translate(err)
	}
	return text, nil
}

// One case looks, another one writes.
package benign

import "os"

func command(verb, page string, body []byte) error {
	switch verb {
	case "check":
		_, err := os.Stat(page)
		return err
	case "touch":
		f, err := os.OpenFile(page, os.O_CREATE|os.O_WRONLY, 0o644)
		if err != nil {
			return err
		}
		return f.Close()
	case "put":
		return os.WriteFile(page, body, 0o644)
	}
	return nil
}

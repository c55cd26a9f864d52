// The path travels in a struct that is handed over by value.
package races

import "os"

type initOptions struct {
	File  string
	Quiet bool
}

func initProject(o initOptions, text []byte) error {
	if _, err := os.Stat(o.File); err == nil {
		return os.ErrExist
	}
	return writeProject(o, text) // want `existscreate: writeProject \(os.WriteFile\) truncates`
}

func writeProject(o initOptions, text []byte) error {
	return os.WriteFile(o.File, text, 0o644)
}

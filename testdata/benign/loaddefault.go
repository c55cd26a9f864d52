// Whatever keeps the preferences from being read, the defaults are used.
package benign

import (
	"encoding/json"
	"os"
)

type prefs struct {
	Theme string
	Width int
}

func loadPrefs(path string) prefs {
	p := prefs{Theme: "light", Width: 80}
	if _, err := os.Stat(path); err != nil {
		return p
	}
	data, err := os.ReadFile(path)
	if err != nil || json.Unmarshal(data, &p) != nil {
		return prefs{Theme: "light", Width: 80}
	}
	return p
}

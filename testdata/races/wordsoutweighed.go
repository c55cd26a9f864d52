// The field is named after a download and a profile. The file is read at each
// start, which fails over half of it: what it is named does not matter.
package races

import (
	"encoding/json"
	"os"
)

type site struct {
	DownloadProfileOut string
	Rules              []string
}

func (s *site) load() error {
	text, err := os.ReadFile(s.DownloadProfileOut)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, &s.Rules)
}

func (s *site) save() error {
	text, err := json.Marshal(s.Rules)
	if err != nil {
		return err
	}
	return os.WriteFile(s.DownloadProfileOut, text, 0o644) // want `tornwrite: os.WriteFile truncates the file before it writes`
}

// A load that says by nil, or by false, that there is nothing leads to a new key over what
// has appeared.
package races

import (
	"encoding/json"
	"os"
)

type token struct{ Text string }

func stored(path string) *token {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	t := new(token)
	if json.Unmarshal(data, t) != nil {
		return nil
	}
	return t
}

func tokenAt(path string, make func() *token) (*token, error) {
	if t := stored(path); t != nil {
		return t, nil
	}
	t := make()
	data, err := json.Marshal(t)
	if err != nil {
		return nil, err
	}
	return t, os.WriteFile(path, data, 0o600) // want `existscreate: os.WriteFile truncates a file that another process creates`
}

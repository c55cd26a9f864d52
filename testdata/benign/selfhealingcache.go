// The only reader takes whatever it cannot parse for an empty cache.
package benign

import (
	"encoding/json"
	"os"
)

type iconCache struct {
	path  string
	icons map[string]string
}

func (c *iconCache) load() {
	c.icons = make(map[string]string)
	data, err := os.ReadFile(c.path)
	if err != nil || json.Unmarshal(data, &c.icons) != nil {
		clear(c.icons)
	}
}

func (c *iconCache) flush() error {
	data, err := json.Marshal(c.icons)
	if err != nil {
		return err
	}
	return os.WriteFile(c.path, data, 0o644)
}

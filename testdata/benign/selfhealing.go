// Each reader of the cache takes a damaged one for none, and it is made again.
package benign

import (
	"encoding/json"
	"os"
	"path/filepath"
)

type feedCache map[string]string

func feedCacheFile() string {
	dir, err := os.UserCacheDir()
	if err != nil {
		dir = os.TempDir()
	}
	return filepath.Join(dir, "feeds.json")
}

func loadFeeds() feedCache {
	c := make(feedCache)
	data, err := os.ReadFile(feedCacheFile())
	if err != nil {
		return c
	}
	if err := json.Unmarshal(data, &c); err != nil {
		return make(feedCache)
	}
	return c
}

func (c feedCache) store() {
	data, err := json.Marshal(c)
	if err != nil {
		return
	}
	_ = os.WriteFile(feedCacheFile(), data, 0o600)
}

// Package tokens caches access tokens between runs.
package tokens

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"time"
)

// Token is a token of one server.
type Token struct {
	Value   string    `json:"value"`
	Expires time.Time `json:"expires"`
}

// Cache is a file of tokens, by server.
type Cache struct {
	path   string
	tokens map[string]Token
}

// Open reads the cache in the file path, which need not be there yet.
func Open(path string) (*Cache, error) {
	c := &Cache{path: path, tokens: make(map[string]Token)}
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return c, nil
	}
	if err != nil {
		return nil, err
	}
	return c, json.Unmarshal(data, &c.tokens)
}

// Get returns the token for the server, if there is one that is still good.
func (c *Cache) Get(server string) (Token, bool) {
	t, ok := c.tokens[server]
	return t, ok && time.Now().Before(t.Expires)
}

// Put keeps a token for the server.
func (c *Cache) Put(server string, t Token) error {
	c.tokens[server] = t
	return c.save()
}

// save writes the cache, for the user's eyes only.
func (c *Cache) save() error {
	f, err := os.Create(c.path)
	if err != nil {
		return err
	}
	if err := json.NewEncoder(f).Encode(c.tokens); err != nil {
		f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Chmod(c.path, 0o600)
}

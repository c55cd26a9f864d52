package crlf

import (
	"fmt"
	"os"
)

type config struct{ path string }

func (c *config) load() ([]byte, error) { return os.ReadFile(c.path) }

func (c *config) save(data []byte) error {
	fmt.Println("saving")
	return os.WriteFile(c.path, data, 0600) // want `truncates`
}

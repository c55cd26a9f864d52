// Package words has words for each failure: a commit has those of the write.
package words

import (
	"encoding/json"
	"fmt"
	"log"
	"os"
)

type config struct{ path string }

func (c *config) load(v any) error {
	data, err := os.ReadFile(c.path)
	if err != nil {
		return err
	}
	return json.Unmarshal(data, v)
}

func (c *config) save(data []byte) error {
	f, err := os.Create(c.path) // want `truncates`
	if err != nil {
		return fmt.Errorf("opening it: %w", err)
	}
	defer f.Close()
	if _, err := f.Write(data); err != nil {
		return fmt.Errorf("writing it: %w", err)
	}
	log.Print("saved")
	return nil
}

// saveRaw has no words for the write.
func (c *config) saveRaw(data []byte) error {
	f, err := os.Create(c.path) // want `truncates`
	if err != nil {
		return fmt.Errorf("opening it: %w", err)
	}
	defer f.Close()
	if _, err := f.Write(data); err != nil {
		return err
	}
	log.Print("saved")
	return nil
}

func run(do func()) { go do() }

// listen writes in a function literal that another function calls.
func (c *config) listen(ch <-chan []byte) {
	run(func() {
		for data := range ch {
			if err := os.WriteFile(c.path, data, 0o600); err != nil { // want `truncates`
				log.Print(err)
			}
		}
	})
}

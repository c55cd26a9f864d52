// Package jobs remembers which jobs are done.
package jobs

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// State is what the agent has to know after a restart.
type State struct {
	Done map[string]time.Time `json:"done"`
}

// stateFile is where the state lies below the agent's directory.
const stateFile = "state.json"

// Load returns the state of the last run.
func Load(dir string) (*State, error) {
	s := &State{Done: make(map[string]time.Time)}
	data, err := os.ReadFile(filepath.Join(dir, stateFile))
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(data, s); err != nil {
		return nil, fmt.Errorf("the state of the last run is damaged: %w", err)
	}
	return s, nil
}

// Finish records that the job is done.
func (s *State) Finish(dir, job string) error {
	s.Done[job] = time.Now()
	data, err := json.MarshalIndent(s, "", "\t")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, stateFile), data, 0o644)
}

package removals

import (
	"encoding/json"
	"os"
)

// The removal is not that of a failure alone.
func saveFlagged(v any) error {
	f, err := os.Create(settings) // want `truncates`
	if err != nil {
		return err
	}
	done := false
	defer func() {
		if !done {
			os.Remove(settings)
		}
	}()
	defer f.Close()
	if err := json.NewEncoder(f).Encode(v); err != nil {
		return err
	}
	done = true
	return nil
}

// An empty file is removed, and that is no failure.
func saveOrRemove(v []string) error {
	f, err := os.Create(settings) // want `truncates`
	if err != nil {
		return err
	}
	defer f.Close()
	if len(v) == 0 {
		return os.Remove(settings)
	}
	return json.NewEncoder(f).Encode(v)
}

// The error of the removal is used.
func writeOrSay(data []byte) error {
	if err := os.WriteFile(settings, data, 0o600); err != nil { // want `truncates`
		if failed := os.Remove(settings); failed != nil {
			return failed
		}
		return err
	}
	return nil
}

func writeTo(p string, data []byte) error { return os.WriteFile(p, data, 0o600) } // want `truncates`

// The caller removes it.
func (s *store) save(data []byte) error {
	p := s.file()
	if err := writeTo(p, data); err != nil {
		os.Remove(p)
		return err
	}
	return nil
}

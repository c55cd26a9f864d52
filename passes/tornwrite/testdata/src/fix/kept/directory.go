package kept

import (
	"os"
	"path/filepath"

	"github.com/fsnotify/fsnotify"
)

const state = "/var/lib/app/state/current.json"

func saveState(data []byte) error { return os.WriteFile(state, data, 0o600) } // want `truncates`

func loadState() ([]byte, error) { return os.ReadFile(state) }

// watchState watches the directory, which sees the new file.
func watchState(w *fsnotify.Watcher) error { return w.Add(filepath.Dir(state)) }

// Package kept has files that must not be replaced by others.
package kept

import (
	"os"
	"syscall"

	"github.com/fsnotify/fsnotify"
)

const settings = "/var/lib/app/settings.json"

func save(data []byte) error { return os.WriteFile(settings, data, 0o600) } // want `truncates`

func load() ([]byte, error) { return os.ReadFile(settings) }

// watch ends when the file is replaced.
func watch(w *fsnotify.Watcher) error { return w.Add(settings) }

type hosts struct{ path string }

func (h *hosts) save(data []byte) error { return os.WriteFile(h.path, data, 0o600) } // want `truncates`

func (h *hosts) load() ([]byte, error) { return os.ReadFile(h.path) }

// mount goes on to show the old file.
func (h *hosts) mount() error { return syscall.Mount("/etc/hosts", h.path, "", syscall.MS_BIND, "") }

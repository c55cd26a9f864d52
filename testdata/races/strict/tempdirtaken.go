// os.MkdirAll takes a directory in the shared directory as it finds it: another user
// may have made it, and owns what is put there. The name comes from a function, or
// from a variable that holds the path of a file in it.
package races

import (
	"os"
	"path/filepath"
)

var logPath string

func logDir() string {
	if dir := os.Getenv("APP_LOGS"); dir != "" {
		return dir
	}
	return filepath.Join(os.TempDir(), "app")
}

func initLog() error {
	logPath = filepath.Join(logDir(), "app.log")
	return os.MkdirAll(filepath.Dir(logPath), 0o700) // want `tempname: os.MkdirAll uses a name in the shared temporary directory that other users can predict: it accepts a directory`
}

func pidDir() (string, error) {
	dir := logDir()
	return dir, os.MkdirAll(dir, 0o700) // want `tempname: os.MkdirAll uses a name in the shared temporary directory that other users can predict: it accepts a directory`
}

// Everybody may write below /dev/shm.
func shareState(data []byte) error {
	return os.WriteFile("/dev/shm/app.state", data, 0o600) // want `tempname: os.WriteFile uses a name in the shared temporary directory that other users can predict: .* truncates`
}

// Who may ftpSession but not overwrite gets to overwrite if the file comes in time.
package races

import (
	"errors"
	"io/fs"
	"os"
)

type ftpSession struct{ canUpload, canOverwrite bool }

func (s *ftpSession) put(path string) (*os.File, error) {
	_, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		if !s.canUpload {
			return nil, fs.ErrPermission
		}
		return os.Create(path) // want `existscreate: os.Create truncates a file that another process creates after the os.Lstat on line 13`
	}
	if err != nil {
		return nil, err
	}
	if !s.canOverwrite {
		return nil, fs.ErrPermission
	}
	return os.OpenFile(path, os.O_WRONLY, 0)
}

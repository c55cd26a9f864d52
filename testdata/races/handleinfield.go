// The handle lives in a field, opened by another method; the path is asked
// while it is open.
package races

import "os"

type logWriter struct {
	path string
	file *os.File
}

func (l *logWriter) open() (err error) {
	l.file, err = os.OpenFile(l.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o640)
	return err
}

func (l *logWriter) Write(p []byte) (int, error) {
	if l.file == nil {
		if err := l.open(); err != nil {
			return 0, err
		}
	}
	info, err := os.Stat(l.path) // want `pathreuse: os.Stat looks up the path again`
	if err != nil {
		return 0, err
	}
	if info.Size() > 1<<20 {
		if err := l.file.Truncate(0); err != nil {
			return 0, err
		}
	}
	return l.file.Write(p)
}

package atomicfix

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"time"
)

// A stage takes the content until Commit.
type stage interface {
	io.Writer
	io.ReaderFrom
	io.ReaderAt
	io.WriterAt
	io.Seeker
	Truncate(size int64) error
	Stat() (fs.FileInfo, error)
}

// onDisk stages in the temporary beside the target, or is the stream itself.
type onDisk struct {
	sys system
	f   *file
}

func (s onDisk) Write(p []byte) (int, error)               { return s.sys.write(s.f, p) }
func (s onDisk) ReadFrom(r io.Reader) (int64, error)       { return s.sys.readFrom(s.f, r) }
func (s onDisk) ReadAt(p []byte, off int64) (int, error)   { return s.sys.readAt(s.f, p, off) }
func (s onDisk) WriteAt(p []byte, off int64) (int, error)  { return s.sys.writeAt(s.f, p, off) }
func (s onDisk) Truncate(size int64) error                 { return s.sys.truncate(s.f, size) }
func (s onDisk) Seek(off int64, whence int) (int64, error) { return s.sys.seek(s.f, off, whence) }
func (s onDisk) Stat() (fs.FileInfo, error)                { return s.sys.info(s.f) }

// spoolMemory is how much a spool keeps in memory. Files of procfs and cgroups,
// which want their content in one write(2), are far smaller.
const spoolMemory = 1 << 20

// A spool stages for a target beside which no temporary can be made: in memory,
// and what is more than spoolMemory in a file without a name in [os.TempDir].
type spool struct {
	sys    system
	name   string
	mode   fs.FileMode
	data   []byte
	off    int64
	file   *file // holds everything, once there is one
	remove func()
}

func (s *spool) Write(p []byte) (int, error) {
	end := s.off + int64(len(p))
	if s.file == nil && end > spoolMemory {
		if err := s.spill(); err != nil {
			return 0, err
		}
	}
	if s.file != nil {
		n, err := s.sys.write(s.file, p)
		return n, s.relabel(err)
	}
	if end > int64(len(s.data)) {
		s.data = append(s.data, make([]byte, end-int64(len(s.data)))...)
	}
	copy(s.data[s.off:], p)
	s.off = end
	return len(p), nil
}

// spill moves the content from memory to a file.
func (s *spool) spill() error {
	f, remove, err := s.sys.scratch()
	if err != nil {
		return pathError("write", s.name, err)
	}
	s.file, s.remove = f, remove
	if _, err := s.sys.write(f, s.data); err != nil {
		return s.relabel(err)
	}
	if _, err := s.sys.seek(f, s.off, io.SeekStart); err != nil {
		return s.relabel(err)
	}
	s.data = nil
	return nil
}

func (s *spool) relabel(err error) error {
	var e *fs.PathError
	if err != nil && errors.As(err, &e) {
		return pathError(e.Op, s.name, e)
	}
	return err
}

func (s *spool) ReadFrom(r io.Reader) (int64, error) {
	return io.Copy(onlyWriter{s}, r)
}

// onlyWriter hides ReadFrom, which io.Copy would call again.
type onlyWriter struct{ io.Writer }

func (s *spool) ReadAt(p []byte, off int64) (int, error) {
	if s.file != nil {
		return s.sys.readAt(s.file, p, off)
	}
	return bytes.NewReader(s.data).ReadAt(p, off)
}

func (s *spool) WriteAt(p []byte, off int64) (int, error) {
	here, err := s.Seek(0, io.SeekCurrent)
	if err != nil {
		return 0, err
	}
	if _, err := s.Seek(off, io.SeekStart); err != nil {
		return 0, err
	}
	n, err := s.Write(p)
	if _, serr := s.Seek(here, io.SeekStart); err == nil {
		err = serr
	}
	return n, err
}

func (s *spool) Truncate(size int64) error {
	switch {
	case size < 0:
		return pathError("truncate", s.name, errInvalid)
	case s.file == nil && size > spoolMemory:
		if err := s.spill(); err != nil {
			return err
		}
	}
	if s.file != nil {
		return s.relabel(s.sys.truncate(s.file, size))
	}
	if more := size - int64(len(s.data)); more > 0 {
		s.data = append(s.data, make([]byte, more)...)
	}
	s.data = s.data[:size]
	return nil
}

func (s *spool) Seek(off int64, whence int) (int64, error) {
	if s.file != nil {
		pos, err := s.sys.seek(s.file, off, whence)
		return pos, s.relabel(err)
	}
	switch whence {
	case io.SeekCurrent:
		off += s.off
	case io.SeekEnd:
		off += int64(len(s.data))
	}
	if off < 0 {
		return s.off, pathError("seek", s.name, errInvalid)
	}
	s.off = off
	return off, nil
}

// size is that of the content so far.
func (s *spool) size() (int64, error) {
	if s.file == nil {
		return int64(len(s.data)), nil
	}
	m, err := s.sys.fstat(s.file)
	return m.size, err
}

func (s *spool) Stat() (fs.FileInfo, error) {
	size, err := s.size()
	return spoolInfo{s.name, size, s.mode}, err
}

func (s *spool) close() {
	if s.file != nil {
		f := s.file
		s.file = nil
		defer s.remove()
		s.sys.close(f)
	}
}

type spoolInfo struct {
	name string
	size int64
	mode fs.FileMode
}

func (i spoolInfo) Name() string       { return i.name }
func (i spoolInfo) Size() int64        { return i.size }
func (i spoolInfo) Mode() fs.FileMode  { return i.mode }
func (i spoolInfo) ModTime() time.Time { return time.Time{} }
func (i spoolInfo) IsDir() bool        { return false }
func (i spoolInfo) Sys() any           { return nil }

package atomicfix

import (
	"errors"
	"io"
	"io/fs"
	"sync"
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
//
// One goroutine at a time writes. Others may read, stat and close the spool
// meanwhile, and do not wait for a write.
type spool struct {
	sys  system
	name string
	mode fs.FileMode
	off  int64 // of the next Write; only the writer uses it

	mu     sync.Mutex // guards the rest; it is not held while a file is written
	data   []byte
	file   *file // holds everything, once there is one
	remove func()
	closed bool
}

// errNegative has the text that the os package has.
var errNegative = errors.New("negative offset")

func (s *spool) Write(p []byte) (int, error) {
	n, err := s.put(p, s.off)
	s.off += int64(n)
	return n, err
}

func (s *spool) WriteAt(p []byte, off int64) (int, error) {
	if off < 0 {
		return 0, pathError("writeat", s.name, errNegative)
	}
	return s.put(p, off)
}

// put writes p at an offset. No bytes change nothing, wherever they would go.
func (s *spool) put(p []byte, off int64) (int, error) {
	if len(p) == 0 {
		return 0, second(s.fileFor("write", 0))
	}
	end := off + int64(len(p))
	if end < 0 { // too large for an offset
		return 0, pathError("write", s.name, errInvalid)
	}
	f, err := s.fileFor("write", end)
	if err != nil {
		return 0, err
	}
	if f != nil {
		n, err := s.sys.writeAt(f, p, off)
		return n, s.relabel(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if end > int64(len(s.data)) {
		s.resize(end)
	}
	return copy(s.data[off:], p), nil
}

// fileFor returns the file for content that ends at end. It is nil if the content
// is still in memory and stays there.
func (s *spool) fileFor(op string, end int64) (*file, error) {
	s.mu.Lock()
	f, data, closed := s.file, s.data, s.closed
	s.mu.Unlock()
	switch {
	case closed:
		return nil, pathError(op, s.name, fs.ErrClosed)
	case f != nil || end <= spoolMemory:
		return f, nil
	}
	return s.spill(op, data)
}

// spill moves the content from memory to a file.
func (s *spool) spill(op string, data []byte) (*file, error) {
	f, remove, err := s.sys.scratch()
	if err != nil {
		return nil, pathError(op, s.name, err)
	}
	kept := false
	defer func() {
		if !kept {
			defer remove()
			s.sys.close(f)
		}
	}()
	if _, err := s.sys.writeAt(f, data, 0); err != nil {
		return nil, s.relabel(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, pathError(op, s.name, fs.ErrClosed)
	}
	s.file, s.remove, s.data = f, remove, nil
	kept = true
	return f, nil
}

// resize changes the size of the content in memory.
func (s *spool) resize(size int64) {
	if more := size - int64(len(s.data)); more > 0 {
		s.data = append(s.data, make([]byte, more)...)
	}
	s.data = s.data[:size]
}

// relabel makes an error about the scratch file one about the caller's file.
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
	if off < 0 {
		return 0, pathError("readat", s.name, errNegative)
	}
	n := 0
	s.mu.Lock()
	f, closed := s.file, s.closed
	if off < int64(len(s.data)) {
		n = copy(p, s.data[off:])
	}
	s.mu.Unlock()
	switch {
	case closed:
		return 0, pathError("read", s.name, fs.ErrClosed)
	case f != nil:
		n, err := s.sys.readAt(f, p, off)
		return n, s.relabel(err)
	case off+int64(len(p)) < 0: // too large for an offset
		return 0, pathError("read", s.name, errInvalid)
	case n < len(p):
		return n, io.EOF
	}
	return n, nil
}

func (s *spool) Truncate(size int64) error {
	if size < 0 {
		return pathError("truncate", s.name, errInvalid)
	}
	f, err := s.fileFor("truncate", size)
	if err != nil {
		return err
	}
	if f != nil {
		return s.relabel(s.sys.truncate(f, size))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.resize(size)
	return nil
}

func (s *spool) Seek(off int64, whence int) (int64, error) {
	var from int64
	switch whence {
	case io.SeekStart:
	case io.SeekCurrent:
		from = s.off
	case io.SeekEnd:
		var err error
		if from, err = s.size(); err != nil {
			return 0, err
		}
	default:
		return 0, pathError("seek", s.name, errInvalid)
	}
	if from+off < 0 { // as it is, too, if it is too large for an offset
		return 0, pathError("seek", s.name, errInvalid)
	}
	s.off = from + off
	return s.off, nil
}

// size is that of the content so far.
func (s *spool) size() (int64, error) {
	s.mu.Lock()
	f, size, closed := s.file, int64(len(s.data)), s.closed
	s.mu.Unlock()
	switch {
	case closed:
		return 0, pathError("stat", s.name, fs.ErrClosed)
	case f == nil:
		return size, nil
	}
	info, err := s.sys.info(f)
	if err != nil {
		return 0, s.relabel(err)
	}
	return info.Size(), nil
}

func (s *spool) Stat() (fs.FileInfo, error) {
	size, err := s.size()
	return spoolInfo{s.name, size, s.mode}, err
}

// close frees the content. A write that goes on fails from then on.
func (s *spool) close() {
	s.mu.Lock()
	f, remove := s.file, s.remove
	s.file, s.remove, s.data, s.closed = nil, nil, nil, true
	s.mu.Unlock()
	if f != nil {
		defer remove()
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

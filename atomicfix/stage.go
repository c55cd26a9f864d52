package atomicfix

import (
	"bytes"
	"io"
	"io/fs"
	"os"
	"syscall"
	"time"
)

// A stage holds the content until Commit.
type stage interface {
	io.Writer
	io.ReaderFrom
	io.ReaderAt
	io.Seeker
	Stat() (fs.FileInfo, error)
	Chmod(fs.FileMode) error
}

// onDisk stages in the temporary beside the target.
type onDisk struct {
	sys system
	f   *os.File
}

func (s onDisk) Write(p []byte) (int, error)               { return s.sys.write(s.f, p) }
func (s onDisk) ReadFrom(r io.Reader) (int64, error)       { return s.sys.readFrom(s.f, r) }
func (s onDisk) ReadAt(p []byte, off int64) (int, error)   { return s.sys.readAt(s.f, p, off) }
func (s onDisk) Seek(off int64, whence int) (int64, error) { return s.sys.seek(s.f, off, whence) }
func (s onDisk) Stat() (fs.FileInfo, error)                { return s.sys.info(s.f) }
func (s onDisk) Chmod(mode fs.FileMode) error              { return s.sys.chmod(s.f, mode) }

// inMemory stages for a target beside which no temporary can be made: it needs
// nothing that can fail but memory.
type inMemory struct {
	name string
	mode fs.FileMode
	data []byte
	off  int64
}

func (s *inMemory) Write(p []byte) (int, error) {
	end := s.off + int64(len(p))
	if end > int64(len(s.data)) {
		s.data = append(s.data, make([]byte, end-int64(len(s.data)))...)
	}
	copy(s.data[s.off:], p)
	s.off = end
	return len(p), nil
}

func (s *inMemory) ReadFrom(r io.Reader) (int64, error) {
	return io.Copy(onlyWriter{s}, r)
}

// onlyWriter hides ReadFrom, which io.Copy would call again.
type onlyWriter struct{ io.Writer }

func (s *inMemory) ReadAt(p []byte, off int64) (int, error) {
	return bytes.NewReader(s.data).ReadAt(p, off)
}

func (s *inMemory) Seek(off int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		off += s.off
	case io.SeekEnd:
		off += int64(len(s.data))
	}
	if off < 0 {
		return s.off, pathError("seek", s.name, syscall.EINVAL)
	}
	s.off = off
	return off, nil
}

func (s *inMemory) Chmod(mode fs.FileMode) error { s.mode = mode; return nil }

func (s *inMemory) Stat() (fs.FileInfo, error) { return memoryInfo{*s}, nil }

type memoryInfo struct{ s inMemory }

func (i memoryInfo) Name() string       { return i.s.name }
func (i memoryInfo) Size() int64        { return int64(len(i.s.data)) }
func (i memoryInfo) Mode() fs.FileMode  { return i.s.mode }
func (i memoryInfo) ModTime() time.Time { return time.Time{} }
func (i memoryInfo) IsDir() bool        { return false }
func (i memoryInfo) Sys() any           { return nil }

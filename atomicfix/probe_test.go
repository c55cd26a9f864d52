package atomicfix

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"sync"
)

// A probe is between the package and the system. It can make any call fail
// or panic, and it knows which descriptors are open.
type probe struct {
	next system

	mu      sync.Mutex
	calls   []string                   // every operation, in order
	handles map[any]string             // descriptors and the operation that opened them
	fault   func(n int, op string) any // nil, an error, a panicValue or a short write
}

type panicValue struct{ op string }

// shortWrite is a fault: half of the data is written before the error.
type shortWrite struct{ err error }

func newProbe(next system) *probe { return &probe{next: next, handles: map[any]string{}} }

func (p *probe) fs(opts ...Option) *FS { return newFS(p, opts) }

func (p *probe) enter(op string) (fault any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := len(p.calls)
	p.calls = append(p.calls, op)
	if p.fault != nil {
		return p.fault(n, op)
	}
	return nil
}

// do makes one call, unless a fault is due. A call that frees something is made
// all the same, as by close(2), which frees the descriptor and may still fail.
func (p *probe) do(op string, frees bool, call func() error) error {
	switch fault := p.enter(op).(type) {
	case error:
		if frees {
			call()
		}
		return fault
	case panicValue:
		if frees {
			call()
		}
		panic(fault)
	case shortWrite:
		return fault.err
	}
	return call()
}

// doFile is do of a method of f, whose errors name f as the os package does.
func (p *probe) doFile(op string, f *file, frees bool, call func() error) error {
	err := p.do(op, frees, call)
	switch err.(type) {
	case nil, *fs.PathError, *os.LinkError, *os.SyscallError:
		return err
	}
	if err == io.EOF {
		return err
	}
	return &fs.PathError{Op: op, Path: f.Name(), Err: err}
}

func (p *probe) opened(op string, h any, err error) {
	if err == nil {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.handles[h] = op
	}
}

func (p *probe) closed(h any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, ok := p.handles[h]; !ok {
		panic(fmt.Sprintf("closed twice, or never opened: %v", h))
	}
	delete(p.handles, h)
}

// handedOver forgets what the caller has to close.
func (p *probe) handedOver(f *os.File) {
	for h := range p.handles {
		if h, ok := h.(*file); ok && osFile(h) == f {
			p.closed(h)
			return
		}
	}
	panic("never opened: " + f.Name())
}

func (p *probe) stat(name string) (m meta, err error) {
	err = p.do("stat", false, func() error { m, err = p.next.stat(name); return err })
	return m, err
}

func (p *probe) openName(name string, flag int, perm fs.FileMode) (f *file, err error) {
	err = p.do("openName", false, func() error { f, err = p.next.openName(name, flag, perm); return err })
	p.opened("openName", f, err)
	return f, err
}

func (p *probe) openDir(name string) (d *dir, err error) {
	err = p.do("openDir", false, func() error { d, err = p.next.openDir(name); return err })
	p.opened("openDir", d, err)
	return d, err
}

func (p *probe) scratch() (f *file, remove func(), err error) {
	err = p.do("scratch", false, func() error { f, remove, err = p.next.scratch(); return err })
	p.opened("scratch", f, err)
	return f, remove, err
}

func (p *probe) lstat(d *dir, base string) (m meta, err error) {
	err = p.do("lstat", false, func() error { m, err = p.next.lstat(d, base); return err })
	return m, err
}

func (p *probe) readlink(d *dir, base string) (text string, err error) {
	err = p.do("readlink", false, func() error { text, err = p.next.readlink(d, base); return err })
	return text, err
}

func (p *probe) statDir(d *dir) (m meta, err error) {
	err = p.do("statDir", false, func() error { m, err = p.next.statDir(d); return err })
	return m, err
}

func (p *probe) keyOf(d *dir) (key string, err error) {
	err = p.do("keyOf", false, func() error { key, err = p.next.keyOf(d); return err })
	return key, err
}

func (p *probe) magic(d *dir, m meta) bool { return p.next.magic(d, m) }

func (p *probe) within(d *dir, m meta) bool { return p.next.within(d, m) }

func (p *probe) access(d *dir, base string) error {
	return p.do("access", false, func() error { return p.next.access(d, base) })
}

func (p *probe) create(d *dir, base, label string, perm fs.FileMode) (f *file, err error) {
	err = p.do("create", false, func() error { f, err = p.next.create(d, base, label, perm); return err })
	p.opened("create", f, err)
	return f, err
}

func (p *probe) createUnnamed(d *dir, label string, perm fs.FileMode) (f *file, err error) {
	err = p.do("createUnnamed", false, func() error { f, err = p.next.createUnnamed(d, label, perm); return err })
	p.opened("createUnnamed", f, err)
	return f, err
}

func (p *probe) linkUnnamed(f *file, d *dir, base string) error {
	return p.do("linkUnnamed", false, func() error { return p.next.linkUnnamed(f, d, base) })
}

func (p *probe) openStream(d *dir, base, label string, perm fs.FileMode) (f *file, err error) {
	err = p.do("openStream", false, func() error { f, err = p.next.openStream(d, base, label, perm); return err })
	p.opened("openStream", f, err)
	return f, err
}

func (p *probe) open(d *dir, base, label string, flag int, perm fs.FileMode) (f *file, err error) {
	err = p.do("open", false, func() error { f, err = p.next.open(d, base, label, flag, perm); return err })
	p.opened("open", f, err)
	return f, err
}

func (p *probe) rename(d *dir, from string, to *dir, base string) error {
	return p.do("rename", false, func() error { return p.next.rename(d, from, to, base) })
}

func (p *probe) symlink(text string, d *dir, base string) error {
	return p.do("symlink", false, func() error { return p.next.symlink(text, d, base) })
}

func (p *probe) names(d *dir) (names []string, err error) {
	err = p.do("names", false, func() error { names, err = p.next.names(d); return err })
	return names, err
}

func (p *probe) renameExcl(d *dir, from string, to *dir, base string) error {
	return p.do("renameExcl", false, func() error { return p.next.renameExcl(d, from, to, base) })
}

func (p *probe) link(d *dir, from string, to *dir, base string) error {
	return p.do("link", false, func() error { return p.next.link(d, from, to, base) })
}

func (p *probe) unlink(d *dir, base string) error {
	return p.do("unlink", false, func() error { return p.next.unlink(d, base) })
}

func (p *probe) reopenTemp(d *dir, base, label string) (f *file, err error) {
	err = p.do("reopenTemp", false, func() error { f, err = p.next.reopenTemp(d, base, label); return err })
	p.opened("reopenTemp", f, err)
	return f, err
}

func (p *probe) syncDir(d *dir) error {
	return p.do("syncDir", false, func() error { return p.next.syncDir(d) })
}

func (p *probe) closeDir(d *dir) error {
	p.closed(d)
	return p.do("closeDir", true, func() error { return p.next.closeDir(d) })
}

func (p *probe) write(f *file, b []byte) (n int, err error) {
	switch fault := p.enter("write").(type) {
	case error:
		return 0, &fs.PathError{Op: "write", Path: f.Name(), Err: fault}
	case panicValue:
		panic(fault)
	case shortWrite:
		n, _ = p.next.write(f, b[:len(b)/2])
		return n, &fs.PathError{Op: "write", Path: f.Name(), Err: fault.err}
	}
	return p.next.write(f, b)
}

func (p *probe) readFrom(f *file, r io.Reader) (n int64, err error) {
	err = p.doFile("readFrom", f, false, func() error { n, err = p.next.readFrom(f, r); return err })
	return n, err
}

func (p *probe) readAt(f *file, b []byte, off int64) (n int, err error) {
	err = p.doFile("readAt", f, false, func() error { n, err = p.next.readAt(f, b, off); return err })
	return n, err
}

func (p *probe) writeAt(f *file, b []byte, off int64) (n int, err error) {
	err = p.doFile("writeAt", f, false, func() error { n, err = p.next.writeAt(f, b, off); return err })
	return n, err
}

func (p *probe) seek(f *file, off int64, whence int) (pos int64, err error) {
	err = p.doFile("seek", f, false, func() error { pos, err = p.next.seek(f, off, whence); return err })
	return pos, err
}

func (p *probe) reserve(f *file, size int64) error {
	return p.do("reserve", false, func() error { return p.next.reserve(f, size) })
}

func (p *probe) truncate(f *file, size int64) error {
	return p.doFile("truncate", f, false, func() error { return p.next.truncate(f, size) })
}

func (p *probe) fstat(f *file) (m meta, err error) {
	err = p.do("fstat", false, func() error { m, err = p.next.fstat(f); return err })
	return m, err
}

func (p *probe) info(f *file) (i fs.FileInfo, err error) {
	err = p.doFile("info", f, false, func() error { i, err = p.next.info(f); return err })
	return i, err
}

func (p *probe) chown(f *file, uid, gid int) error {
	return p.doFile("chown", f, false, func() error { return p.next.chown(f, uid, gid) })
}

func (p *probe) chmod(f *file, perm fs.FileMode) error {
	return p.doFile("chmod", f, false, func() error { return p.next.chmod(f, perm) })
}

func (p *probe) sync(f *file) error {
	return p.doFile("sync", f, false, func() error { return p.next.sync(f) })
}

func (p *probe) lock(f *file, wait bool) error {
	return p.do("lock", false, func() error { return p.next.lock(f, wait) })
}

func (p *probe) lockContent(f *file, exclusive, wait bool) error {
	return p.do("lockContent", false, func() error { return p.next.lockContent(f, exclusive, wait) })
}

func (p *probe) claim(f *file) error {
	return p.do("claim", false, func() error { return p.next.claim(f) })
}

func (p *probe) unlock(f *file) error {
	return p.do("unlock", true, func() error { return p.next.unlock(f) })
}

func (p *probe) close(f *file) error {
	p.closed(f)
	return p.doFile("close", f, true, func() error { return p.next.close(f) })
}

func (p *probe) listAttrs(d *dir, base string) (names []string, err error) {
	err = p.do("listAttrs", false, func() error { names, err = p.next.listAttrs(d, base); return err })
	return names, err
}

func (p *probe) getAttr(d *dir, base, attr string) (value []byte, err error) {
	err = p.do("getAttr", false, func() error { value, err = p.next.getAttr(d, base, attr); return err })
	return value, err
}

func (p *probe) flistAttrs(f *file) (names []string, err error) {
	err = p.do("flistAttrs", false, func() error { names, err = p.next.flistAttrs(f); return err })
	return names, err
}

func (p *probe) fgetAttr(f *file, attr string) (value []byte, err error) {
	err = p.do("fgetAttr", false, func() error { value, err = p.next.fgetAttr(f, attr); return err })
	return value, err
}

func (p *probe) fsetAttr(f *file, attr string, value []byte) error {
	return p.do("fsetAttr", false, func() error { return p.next.fsetAttr(f, attr, value) })
}

func (p *probe) fremoveAttr(f *file, attr string) error {
	return p.do("fremoveAttr", false, func() error { return p.next.fremoveAttr(f, attr) })
}

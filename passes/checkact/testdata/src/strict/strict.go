package strict

import (
	"net"
	"os"
	"os/exec"
	"sync"
	"time"
)

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

func migrate(old, to string) error {
	if !exists(old) {
		return nil
	}
	return os.Rename(old, to) // want `os.Rename fails if another process removes the file after the exists \(os.Lstat\) on line 17, which handles its absence`
}

func makeRoom(path string, data []byte) error {
	if exists(path) {
		if err := os.Remove(path); err != nil { // want `os.Remove fails if another process removes the file after the exists`
			return err
		}
	}
	return os.WriteFile(path, data, 0o644)
}

var mu sync.Mutex

func underMutex(path string) error {
	mu.Lock()
	defer mu.Unlock()
	if exists(path) {
		return os.Remove(path) // want `os.Remove fails if another process removes the file after the exists`
	}
	return nil
}

type errs interface{ Add(error) }

func handedOn(path string, all errs) {
	if _, err := os.Stat(path); err == nil {
		all.Add(os.Remove(path)) // want `os.Remove may fail if another process removes the file after the os.Stat on line 46`
	}
}

func widen(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	return os.Chmod(path, info.Mode()|0o200) // want `os.Chmod applies the mode or owner that the os.Stat on line 52 returned, but the path may name a different file by then`
}

func handOver(path string, uid int) error {
	if err := os.Lchown(path, uid, -1); err != nil {
		return err
	}
	return os.Chmod(path, 0o4755) // want `os.Chmod follows a symbolic link that the new owner can put at the path after the os.Lchown on line 60`
}

func listen(path string) (net.Listener, error) {
	os.Remove(path)
	return net.Listen("unix", path) // want `net.Listen takes over a name that another process may have been listening on before the os.Remove on line 67`
}

func swap(fresh, path string) error {
	if err := os.Rename(path, path+".old"); err != nil {
		return err
	}
	return os.Rename(fresh, path) // want `os.Rename comes after the os.Rename on line 72: another process finds nothing at the path in between`
}

func restored(fresh, path string) error {
	if err := os.Rename(path, path+".old"); err != nil {
		return err
	}
	if err := os.Rename(fresh, path); err != nil { // want `os.Rename comes after`
		return os.Rename(path+".old", path)
	}
	return nil
}

func emptied(dir string) error {
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return nil
	}
	return os.Remove(dir) // want `os.Remove may remove a different file than the one whose type was checked by the os.Lstat on line 89`
}

func evict(path string, before time.Time) {
	if info, err := os.Stat(path); err == nil && info.ModTime().Before(before) {
		os.Remove(path) // want `os.Remove may remove a different file than the one whose age was checked by the os.Stat on line 100`
	}
}

func hook(path string) error {
	if _, err := os.Stat(path); err != nil {
		return nil
	}
	return exec.Command(path).Run() // want `exec.Command fails if another process removes the program after the os.Stat on line 106, which handles its absence`
}

// The caller has the file, and so it stays open while the descriptor is used.

//go:build unix

package benign

import (
	"os"
	"syscall"
)

func dataSync(f *os.File) error { return syscall.Fsync(int(f.Fd())) }

func descriptorOf(f *os.File) int { return int(f.Fd()) }

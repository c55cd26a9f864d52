// Package godirwalk stands for the real one.
package godirwalk

type Dirent struct{}

func (*Dirent) IsDir() bool { return false }

type WalkFunc func(path string, entry *Dirent) error

type Options struct {
	Callback WalkFunc
	Unsorted bool
}

func Walk(dir string, options *Options) error { return nil }

// Package fastwalk stands for the real one.
package fastwalk

import "io/fs"

type Config struct{}

func Walk(conf *Config, root string, fn fs.WalkDirFunc) error { return nil }

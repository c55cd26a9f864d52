// Package afero has the signatures of the real one, as far as package ops needs
// them.
package afero

import "os"

type Fs interface {
	Stat(name string) (os.FileInfo, error)
	Remove(name string) error
	Name() string
}

type Afero struct{ Fs }

func (a Afero) Exists(path string) (bool, error)

func Exists(fs Fs, path string) (bool, error)

type BasePathFs struct{ source Fs }

func (b *BasePathFs) Stat(name string) (os.FileInfo, error)
func (b *BasePathFs) Remove(name string) error

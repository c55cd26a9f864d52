// Package flock stands for the real one.
package flock

type Flock struct{}

func New(path string) *Flock { return nil }

func (*Flock) Lock() error   { return nil }
func (*Flock) Unlock() error { return nil }

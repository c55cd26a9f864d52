package write

import "io/ioutil"

type token struct{ path string }

func (t *token) load() ([]byte, error) { return ioutil.ReadFile(t.path) }

package write

import "io/ioutil"

func (t *token) save(data []byte) error {
	return ioutil.WriteFile(t.path, data, 0600) // want `truncates`
}

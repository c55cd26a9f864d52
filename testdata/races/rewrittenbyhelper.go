// The account is saved through a helper, and that is where to mend it.
package races

import (
	"encoding/json"
	"os"
	"path/filepath"
)

type account struct{ Mail, Token string }

func accountPath(dir string) string { return filepath.Join(dir, "account.json") }

func writeBytes(path string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	return os.WriteFile(path, data, 0o600) // want `tornwrite: os.WriteFile truncates`
}

func loadAccount(dir string) (*account, error) {
	data, err := os.ReadFile(accountPath(dir))
	if err != nil {
		return nil, err
	}
	a := new(account)
	return a, json.Unmarshal(data, a)
}

func (a *account) save(dir string) error {
	data, err := json.Marshal(a)
	if err != nil {
		return err
	}
	return writeBytes(accountPath(dir), data)
}

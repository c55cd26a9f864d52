// Until the second call, anybody can open the secret, and keep it open.
package races

import "os"

func storeToken(path, token string) error {
	if err := os.WriteFile(path, []byte(token), 0o644); err != nil {
		return err
	}
	return os.Chmod(path, 0o600) // want `writechmod: os.Chmod comes late: .* the os.WriteFile on line 7 created`
}

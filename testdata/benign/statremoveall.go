// os.RemoveAll is content when somebody else has removed the tree meanwhile.
package benign

import "os"

func dropTree(dir string) error {
	if _, err := os.Stat(dir); err != nil {
		if os.IsNotExist(err) {
			return nil
		}
		return err
	}
	return os.RemoveAll(dir)
}

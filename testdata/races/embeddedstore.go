// The methods are promoted from an embedded struct.
package races

import "os"

type fileBase struct{ path string }

func (b *fileBase) present() bool {
	_, err := os.Stat(b.path)
	return err == nil
}

func (b *fileBase) overwrite(data []byte) error { return os.WriteFile(b.path, data, 0o644) }

type manifestFile struct {
	fileBase
	version int
}

func (m *manifestFile) init() error {
	if m.present() {
		return nil
	}
	m.version = 1
	return m.overwrite([]byte("1")) // want `existscreate: overwrite \(os.WriteFile\) truncates`
}

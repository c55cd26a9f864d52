// f.Name() is the path again, and not the file.
package races

import "os"

func sizeByName(f *os.File) (int64, error) {
	info, err := os.Stat(f.Name())
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

func openSized(path string) (*os.File, int64, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, 0, err
	}
	info, err := os.Stat(f.Name()) // want `pathreuse: os.Stat looks up the path again`
	if err != nil {
		f.Close()
		return nil, 0, err
	}
	return f, info.Size(), nil
}

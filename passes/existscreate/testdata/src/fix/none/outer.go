package none

import "os"

// opened falls through to what the first open has said, which would not be so where the
// file has appeared since.
func opened(name string) (int64, error) {
	f, err := os.Open(name)
	if err != nil && os.IsNotExist(err) {
		made, err := os.Create(name) // want `truncates`
		if err != nil {
			return 0, err
		}
		defer made.Close()
		if _, err := made.Write([]byte("{}")); err != nil {
			return 0, err
		}
		return 2, nil
	}
	if err != nil {
		return 0, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	if info.Size() == 0 {
		return 0, os.ErrInvalid
	}
	return info.Size(), nil
}

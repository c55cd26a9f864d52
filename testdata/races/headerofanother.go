// The header of an entry is made from what a look at the path has found, and the content is
// of what is opened there. Who asks the open file is in benign/headerofanother.go.
package races

import (
	"archive/tar"
	"archive/zip"
	"io"
	"os"
)

func addZip(zw *zip.Writer, path string) error {
	fi, err := os.Stat(path)
	if err != nil {
		return err
	}
	h, err := zip.FileInfoHeader(fi)
	if err != nil {
		return err
	}
	w, err := zw.CreateHeader(h)
	if err != nil {
		return err
	}
	f, err := os.Open(path) // want `statopen: os.Open may open a different file than the one whose metadata`
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.Copy(w, f)
	return err
}

func entryOf(fi os.FileInfo, name string) *tar.Header {
	return &tar.Header{Name: name, Size: fi.Size(), Mode: int64(fi.Mode().Perm())}
}

func addTar(tw *tar.Writer, path, name string) error {
	fi, err := os.Stat(path)
	if err != nil {
		return err
	}
	if err := tw.WriteHeader(entryOf(fi, name)); err != nil {
		return err
	}
	data, err := os.ReadFile(path) // want `statopen: os.ReadFile may open a different file than the one whose metadata`
	if err != nil {
		return err
	}
	_, err = tw.Write(data)
	return err
}

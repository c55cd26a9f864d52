// A directory is served by the index file in it: what is opened is another
// path then, and its absence is told to the client.
package benign

import (
	"net/http"
	"os"
	"path/filepath"
)

func serve(w http.ResponseWriter, r *http.Request, path string) {
	info, err := os.Stat(path)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	if info.IsDir() {
		path = filepath.Join(path, "index.html")
	}
	http.ServeFile(w, r, path)
}

package race

// fdLife finds where a file descriptor is used after its file may have been closed.
func fdLife(w *window) []*Finding { return nil }

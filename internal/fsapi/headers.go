package fsapi

// IsHeader reports whether a type, by its full name, is the header of an entry of an
// archive, whose fields describe the content that follows.
func IsHeader(name string) bool {
	switch name {
	case "archive/tar.Header", "archive/zip.FileHeader":
		return true
	}
	return false
}

// Package importer passes on what another package does.
package importer

import "summaries"

func Exists(path string) bool { // want Exists:`^checks\(0\)$`
	return summaries.Stat(path) == nil
}

func Read(dir string) ([]byte, error) { // want Read:`^opens\(filepath.Join\(0, "sub/x"\)\)$`
	return summaries.Joined(dir, "sub/x")
}

func Lock(path string) error { // want Lock:`^creates\(0\+".lock"\)$`
	return summaries.Suffixed(path)
}

func Die() { summaries.Die("importer") } // want Die:`^noReturn$`

type Box struct{ Store *summaries.Store }

func (b *Box) Has() bool { return b.Store.Exists() } // want Has:`^checks\(0.Store.Path\)$`

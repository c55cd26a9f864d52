// The content that was read decides whether the file is removed: another process may have
// put a new one in its place by then. One that is done with the file whatever is in it, and
// one that looks at what it has made itself, are in benign/strict/removedbycontent.go.
package races

import (
	"encoding/json"
	"os"
	"time"
)

type session struct {
	Token  string
	Expiry time.Time
}

func (s *session) expired() bool { return time.Now().After(s.Expiry) }

func readSession(path string) (*session, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	s := new(session)
	return s, json.Unmarshal(data, s)
}

func currentSession(path string) (string, error) {
	s, err := readSession(path)
	if err != nil {
		return "", err
	}
	if s.expired() {
		return "", os.Remove(path) // want `checkact: os.Remove may remove a different file than the one that the readSession \(os.ReadFile\) on line 29 read`
	}
	return s.Token, nil
}

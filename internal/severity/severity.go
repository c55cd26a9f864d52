// Package severity ranks findings by what happens to the user when a race is
// lost.
package severity

import "errors"

// Level is a severity. Greater levels are worse.
type Level uint8

// The levels. None is for what is no race, such as a stale suppression comment.
const (
	None   Level = iota
	Low          // something fails that should not, or what is lost or torn can be made again
	Medium       // data is lost or torn that exists nowhere else
	High         // a secret is exposed, another user's file is changed or removed, or code is executed
)

var names = [...]string{"", "low", "medium", "high"}

// String returns the word for the level: low, medium, high, or the empty string
// for None. It implements flag.Value together with Set.
func (l Level) String() string { return names[l] }

// Set sets the level to the one of that name. It returns an error if there is
// none.
func (l *Level) Set(name string) error {
	for i, n := range names {
		if name == n && name != "" {
			*l = Level(i)
			return nil
		}
	}
	return errors.New("want low, medium or high")
}

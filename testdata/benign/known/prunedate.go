// A partial date is as good as none: its reader goes on as if there were no file,
// prunes once more, and writes it again. What a reader does if the content cannot be
// parsed is not compared with what it does without a file.
package benign

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

type pruner struct{ dir string }

func (p *pruner) prune(remove func(before time.Time)) error {
	stamp := filepath.Join(p.dir, "pruned.txt")
	if data, err := os.ReadFile(stamp); err == nil {
		if t, err := strconv.ParseInt(strings.TrimSpace(string(data)), 10, 64); err == nil {
			if time.Since(time.Unix(t, 0)) < 24*time.Hour {
				return nil
			}
		}
	}
	remove(time.Now().Add(-24 * time.Hour))
	return os.WriteFile(stamp, []byte(fmt.Sprint(time.Now().Unix())), 0o600)
}

package tokens

import (
	"path/filepath"
	"testing"
	"time"
)

func TestPut(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tokens.json")
	cache, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, server := range []string{"one", "two"} {
		if err := cache.Put(server, Token{"secret", time.Now().Add(time.Hour)}); err != nil {
			t.Fatal(err)
		}
	}
	again, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := again.Get("two"); !ok {
		t.Error("the token is gone")
	}
}

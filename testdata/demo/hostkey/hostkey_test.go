package hostkey

import "testing"

func TestEnsure(t *testing.T) {
	dir := t.TempDir()
	key, err := Ensure(dir)
	if err != nil {
		t.Fatal(err)
	}
	again, err := Ensure(dir)
	if err != nil {
		t.Fatal(err)
	}
	if !key.Equal(again) {
		t.Error("the second run has another key")
	}
}

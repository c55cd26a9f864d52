package within

import "testing"

func TestWritten(t *testing.T) {
	if err := writeTested(t.TempDir() + "/file"); err != nil {
		t.Fatal(err)
	}
}

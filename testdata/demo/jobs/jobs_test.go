package jobs

import "testing"

func TestFinish(t *testing.T) {
	dir := t.TempDir()
	state, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, job := range []string{"ship", "rotate"} {
		if err := state.Finish(dir, job); err != nil {
			t.Fatal(err)
		}
	}
	again, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(again.Done) != 2 {
		t.Errorf("%d jobs are done", len(again.Done))
	}
}

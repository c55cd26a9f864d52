package race

// checkAct finds where a path is inspected, then removed, renamed, chmodded, executed or connected to on the strength of it.
func checkAct(w *window) []*Finding { return nil }

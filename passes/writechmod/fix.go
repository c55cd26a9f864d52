package writechmod

import (
	"golang.org/x/tools/go/analysis"

	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/race"
	"github.com/edcacfbd/toctou/internal/rewrite"
)

// fixes offers to create the file with its final mode, and to set that by the
// open file where there is one.
func fixes(p *analysis.Pass, e *race.Engine, f *race.Finding) []analysis.SuggestedFix {
	s := rewrite.New(p, e, f)
	if s == nil {
		return nil
	}
	chmod := s.Direct(f.Use)
	if chmod == nil || chmod.Name != "os.Chmod" || len(chmod.Args) != 2 {
		return nil
	}
	if rename := s.Direct(f.Check); rename != nil && rename.Name == "os.Rename" {
		return beforeRename(s, f, rename, chmod)
	}
	if create := s.Direct(f.Check); create != nil && create.Function() == chmod.Function() {
		list := writeFileMode(s, create, chmod)
		if again := s.Again(); again != nil {
			list = append(list, modeAtCreation(again, f, create, chmod)...)
		}
		if len(list) > 0 {
			return list
		}
	}
	if again := s.Again(); again != nil && f.Check.Effect != fsapi.Open {
		return again.ByHandle(f.Check, chmod, "Chmod")
	}
	return nil
}

// beforeRename sets the mode of what is renamed into place before that. It must
// certainly be there, and a temporary of the program's own is.
func beforeRename(s *rewrite.Site, f *race.Finding, rename, chmod *rewrite.Call) []analysis.SuggestedFix {
	if !s.OwnTemporary(f.Check) || !s.SetBeforeMove(rename, chmod) {
		return nil
	}
	return s.Fix("Set the mode before the file is renamed into place")
}

// writeFileMode makes one call of a write and the os.Chmod that follows.
func writeFileMode(s *rewrite.Site, write, chmod *rewrite.Call) []analysis.SuggestedFix {
	if s.Helper == "" || len(write.Args) != 3 {
		return nil
	}
	switch write.Name {
	case "os.WriteFile", "io/ioutil.WriteFile", s.Helper + ".WriteFile":
	default:
		return nil
	}
	if s.Text(write.Args[0]) != s.Text(chmod.Args[0]) || !s.Stable(chmod.Args[1], write, chmod) || !s.DropFollowing(write, chmod) {
		return nil
	}
	old := s.Text(write.Fun)
	name := s.ReplaceFunc(write, s.Helper, "WriteFileMode")
	s.Replace(write.Args[2], s.Copy(chmod.Args[1]))
	return s.Fix("Replace " + old + " and os.Chmod with " + name)
}

// modeAtCreation has the file created with the mode that is set later.
func modeAtCreation(s *rewrite.Site, f *race.Finding, create, chmod *rewrite.Call) []analysis.SuggestedFix {
	mode := chmod.Args[1]
	if !s.Stable(mode, create, chmod) || s.SetsModeOften() {
		return nil
	}
	if !s.Constant(mode) && !s.Along(create, chmod) {
		return nil // what it is computed from may not be there yet
	}
	// In between the program itself may need the access that its mode takes away.
	if s.Constant(mode) && !s.GivesOwner(mode, f.Check.Effect) && !s.Adjacent(create, chmod) {
		return nil
	}
	switch create.Name {
	case "os.Create":
		name := s.ReplaceFunc(create, "os", "OpenFile")
		flags := s.Use("os", "O_RDWR", create.Pos()) + "|" + s.Use("os", "O_CREATE", create.Pos()) + "|" + s.Use("os", "O_TRUNC", create.Pos())
		s.AppendArgs(create, flags+", "+s.Creation(mode, f.Check.Effect))
		s.TryMethod(f.Check, chmod, "Chmod")
		return s.Fix("Replace os.Create with " + name + " and the final mode")
	case "os.WriteFile", "io/ioutil.WriteFile", "os.OpenFile":
		s.Replace(create.Args[2], s.Creation(mode, f.Check.Effect))
	case "os.Mkdir":
		s.Replace(create.Args[1], s.Creation(mode, f.Check.Effect))
	default:
		return nil
	}
	s.TryMethod(f.Check, chmod, "Chmod")
	return s.Fix("Give " + s.Text(create.Fun) + " the final mode")
}

package witness

import (
	"fmt"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/edcacfbd/toctou/internal/finding"
	"github.com/edcacfbd/toctou/internal/witness/launch"
	"github.com/edcacfbd/toctou/internal/witness/plan"
	"github.com/edcacfbd/toctou/internal/witness/wire"
)

// A judge compares two runs of one test: with the change in the window, and with the
// same change before the check. As in the engine, that alone is a race in which the
// outcomes differ.
type judge struct {
	finding *finding.Finding
	pair    *pair
	plan    plan.Plan
	window  *outcome
	control *outcome // nil if there is nothing to compare with
}

// moment returns a moment of a run.
func (o *outcome) moment(which int) *launch.Moment {
	for i := range o.Moments {
		if o.Moments[i].Moment == which {
			return &o.Moments[i]
		}
	}
	return nil
}

// last returns the last that was seen of the path, after the use or else after the
// check.
func (o *outcome) last() *launch.Moment {
	for _, which := range []int{wire.UseExit, wire.UseEnter, wire.CheckExit, wire.CheckEnter} {
		if m := o.moment(which); m != nil {
			return m
		}
	}
	return nil
}

// returned returns what the function with the finding has returned, after the event
// of a point; nil if that is not known.
func (o *outcome) returned(p *wire.Plan, function string) *wire.Event {
	from := find(o.log, &p.Use, p.Test)
	if from < 0 {
		from = find(o.log, &p.Check, p.Test)
	}
	if from < 0 {
		return nil
	}
	if dot := strings.LastIndex(function, "."); dot >= 0 {
		function = function[dot+1:]
	}
	process := o.log.Events[from].Process
	for i := from; i < len(o.log.Events); i++ {
		e := &o.log.Events[i]
		if e.Kind == wire.Return && e.Function == function && e.Process == process && e.Test == p.Test {
			return e
		}
	}
	return nil
}

// use names the operation of the use.
func (j *judge) use() string { return named(j.pair.plan.Use.Operation) }

// check names the operation of the check.
func (j *judge) check() string { return named(j.pair.plan.Check.Operation) }

// function names the function with the finding.
func (j *judge) function() string {
	if j.finding.Function == "" {
		return "the function"
	}
	return j.finding.Function
}

func (j *judge) returnedOf(o *outcome) *wire.Event {
	return o.returned(&j.pair.plan, j.finding.Function)
}

// window1 judges what the run with the change in the window has shown by itself: a
// verdict, or none if it takes the other run to judge.
func (j *judge) window1() (finding.Verdict, string) {
	o := j.window
	enter, exit := o.moment(wire.UseEnter), o.moment(wire.UseExit)
	switch {
	case o.TimedOut && exit == nil:
		return finding.NotComparable, fmt.Sprintf("%s took too long when it was run again", j.pair.name())
	case enter == nil:
		return finding.NotComparable, fmt.Sprintf("%s goes another way when it is run alone", j.pair.name())
	case enter.Problem != "":
		return finding.NotComparable, fmt.Sprintf("the change could not be made in %s: %s", j.pair.name(), enter.Problem)
	case exit == nil:
		return finding.NotComparable, fmt.Sprintf("%s did not come back from %s", j.pair.name(), j.use())
	}
	return "", ""
}

// comparable reports whether the change can be made before the check as well. A look at
// a file that the open has made has nothing before to be replaced.
func (j *judge) comparable() bool {
	if j.plan.Alone {
		return false
	}
	if j.plan.Harm == plan.Described {
		before := j.window.moment(wire.CheckEnter)
		return before != nil && before.Before.Exists
	}
	return true
}

// compare judges both runs.
func (j *judge) compare() (finding.Verdict, string) {
	if j.control != nil {
		if m := j.control.moment(wire.CheckEnter); m == nil {
			return finding.NotComparable, fmt.Sprintf("%s goes another way when it is run alone", j.pair.name())
		} else if m.Problem != "" {
			return finding.NotComparable, fmt.Sprintf("the change could not be made before the check in %s: %s", j.pair.name(), m.Problem)
		}
	}
	switch j.plan.Harm {
	case plan.Fails:
		return j.fails()
	case plan.Lost:
		return j.lost()
	case plan.Bypassed:
		return j.bypassed()
	case plan.Described:
		return j.described()
	case plan.SetOnOther:
		return j.setOnOther()
	case plan.ThroughLink:
		return j.throughLink()
	case plan.Exposed:
		return j.exposed()
	case plan.Gap:
		return j.gap()
	case plan.Torn:
		return j.torn()
	}
	return finding.NotComparable, "no change is known that shows it"
}

// confirmed returns a sentence of evidence.
func (j *judge) confirmed(format string, args ...any) (finding.Verdict, string) {
	return finding.Confirmed, fmt.Sprintf(format, args...)
}

func (j *judge) survived(format string, args ...any) (finding.Verdict, string) {
	return finding.Survived, fmt.Sprintf(format, args...)
}

// errorText returns the words of a system error.
func errorText(errno uint32) string {
	if errno == ^uint32(0) {
		return "an error"
	}
	return syscall.Errno(errno).Error()
}

// carries reports whether a function has returned the error of the use, and how far
// that is known. Where the function returns no error, its test has to have failed
// with the words of the error.
func (j *judge) carries(o *outcome, errno uint32) bool {
	text := errorText(errno)
	if r := j.returnedOf(o); r != nil {
		return r.Failed && (strings.Contains(r.Error, text) || errno == ^uint32(0))
	}
	return o.Exit != 0 && strings.Contains(o.output, text)
}

// lostFile names what is at a path for people.
func lostFile(s launch.State) string {
	switch s.Type {
	case "directory", "link", "pipe":
		return s.Type
	}
	return "file"
}

// another names what has taken the place of something.
func another(s launch.State) string {
	switch s.Type {
	case "link", "pipe":
		return "a " + s.Type
	}
	return "another " + lostFile(s)
}

// fails judges a use that fails over the change, where the check would have led
// elsewhere.
func (j *judge) fails() (finding.Verdict, string) {
	exit := j.window.moment(wire.UseExit)
	what := "vanished"
	if j.plan.What == launch.Appear {
		what = "appeared"
	}
	thing := lostFile(j.window.moment(wire.UseEnter).Before)
	if j.plan.What == launch.Appear {
		thing = lostFile(j.window.moment(wire.UseEnter).After)
	}
	if exit.Errno == 0 {
		return j.survived("the %s %s in the window, and %s succeeded", thing, what, j.use())
	}
	text := errorText(exit.Errno)
	if !j.carries(j.window, exit.Errno) {
		return j.survived("the %s %s in the window, and the error of %s (%s) did not reach the caller", thing, what, j.use(), text)
	}
	if j.control == nil {
		return j.confirmed("a %s %s in the window, and %s failed: %s", thing, what, j.use(), text)
	}
	if j.carries(j.control, exit.Errno) {
		return j.survived("%s returns the same error (%s) if the %s has %s before the check", j.function(), text, thing, what)
	}
	otherwise := "is no failure"
	if r := j.returnedOf(j.control); r != nil && r.Failed {
		otherwise = fmt.Sprintf("leads to another error (%s)", firstLine(r.Error))
	}
	return j.confirmed("the %s %s in the window, and %s returned the error of %s (%s); before the check the same %s", thing, what, j.function(), j.use(), text, otherwise)
}

// lost judges what has become of another process's content.
func (j *judge) lost() (finding.Verdict, string) {
	exit := j.window.moment(wire.UseExit)
	made := j.window.moment(wire.UseEnter).After
	thing := lostFile(made)
	how := map[launch.What]string{
		launch.Appear: "that appeared in the window",
		launch.Other:  "that replaced the old one in the window",
		launch.Type:   "that replaced what was there in the window",
		launch.Write:  "that another process wrote to in the window",
		launch.Fill:   "that another process filled in the window",
	}[j.plan.What]
	if !gone(made, exit.Before) {
		if exit.Errno != 0 {
			return j.survived("the %s %s is kept: %s failed (%s)", thing, how, j.use(), errorText(exit.Errno))
		}
		return j.survived("the %s %s is kept", thing, how)
	}
	before := j.control.moment(wire.CheckEnter).After
	if gone(before, j.control.last().Before) {
		return j.survived("the %s is lost as well if it is there before the check", thing)
	}
	fate := "was overwritten"
	switch {
	case !exit.Before.Exists:
		fate = "was removed"
	case exit.Before.Inode != made.Inode:
		fate = "was replaced"
	}
	return j.confirmed("a %s %s %s by %s; before the check the same is kept", thing, how, fate, j.use())
}

// gone reports whether what another process has made is no longer there.
func gone(made, now launch.State) bool {
	switch {
	case !now.Exists:
		return true
	case made.Canary:
		return !now.Canary
	}
	return made.Inode != now.Inode
}

// bypassed judges a use of an object that the check would have refused.
func (j *judge) bypassed() (finding.Verdict, string) {
	exit := j.window.moment(wire.UseExit)
	if exit.Errno != 0 {
		return j.survived("%s took the place in the window, and %s failed (%s)", another(exit.Before), j.use(), errorText(exit.Errno))
	}
	if r := j.returnedOf(j.window); r != nil && r.Failed {
		return j.survived("%s took the place in the window, and %s returned an error (%s)", another(exit.Before), j.function(), firstLine(r.Error))
	}
	use := j.control.moment(wire.UseExit)
	refused := use == nil || use.Errno != 0
	if r := j.returnedOf(j.control); r != nil && r.Failed {
		refused = true
	}
	if !refused {
		return j.survived("%s accepts the same before the check: what was changed is not what the check restricts", j.function())
	}
	return j.confirmed("%s took the place in the window, and %s used it; before the check the same is refused", another(exit.Before), j.use())
}

// described judges a look at another file than the one that is open.
//
//	f, err := os.Open(path)   // the check
//	                          // another file takes the place
//	fi, err := os.Stat(path)  // the use is about that one
//
// If the other file is there before the open, both are about it, or the function
// refuses it. Where the open makes the file, nothing can be there before: then the path
// has to lead to one file as long as nothing is changed.
func (j *judge) described() (finding.Verdict, string) {
	opened, enter, exit := j.window.moment(wire.CheckExit), j.window.moment(wire.UseEnter), j.window.moment(wire.UseExit)
	const took = "another file took the place in the window"
	if exit.Errno != 0 {
		return j.survived("%s, and %s failed (%s)", took, j.use(), errorText(exit.Errno))
	}
	if r := j.returnedOf(j.window); r != nil && r.Failed {
		return j.survived("%s, and %s returned an error (%s)", took, j.function(), firstLine(r.Error))
	}
	if opened != nil && opened.Before.Exists && opened.Before.Inode != enter.Before.Inode {
		return finding.NotComparable, fmt.Sprintf("in %s the path leads to another file by then without any change", j.pair.name())
	}
	compared := "without the change both are about one file"
	if j.control != nil {
		early, use := j.control.moment(wire.CheckExit), j.control.moment(wire.UseExit)
		r := j.returnedOf(j.control)
		switch {
		case use != nil && use.Errno == 0 && early != nil && early.Before.Inode != use.Before.Inode:
			return j.survived("%s is about another file than %s as well if that file is there before", j.use(), j.check())
		case r != nil && r.Failed:
			compared = fmt.Sprintf("if it is there before %s, %s returns an error", j.check(), j.function())
		default:
			compared = fmt.Sprintf("if it is there before %s, both are about it", j.check())
		}
	}
	return j.confirmed("another file (%d bytes) took the place of the first one (%d bytes) in the window, %s was about the other one, and %s returned no error; %s", enter.After.Size, enter.Before.Size, j.use(), j.function(), compared)
}

// setOnOther judges a mode that is set on another file.
func (j *judge) setOnOther() (finding.Verdict, string) {
	enter, exit := j.window.moment(wire.UseEnter), j.window.moment(wire.UseExit)
	switch {
	case exit.Errno != 0:
		return j.survived("another file took the place in the window, and %s failed (%s)", j.use(), errorText(exit.Errno))
	case exit.Before.Mode == enter.After.Mode:
		return j.survived("another file took the place in the window, and its mode stayed %04o", exit.Before.Mode)
	}
	early, use := j.control.moment(wire.CheckEnter), j.control.moment(wire.UseExit)
	if use != nil && use.Before.Mode == exit.Before.Mode && early.After.Mode != use.Before.Mode {
		return j.survived("the same mode is set if the other file is there before the check")
	}
	return j.confirmed("%s changed the mode of another file, which took the place in the window, from %04o to %04o", j.use(), enter.After.Mode, exit.Before.Mode)
}

// foreseen lists the reasons that are about the directory that all users share.
var foreseen = map[string]bool{"name-foreseen": true, "name-maybe-foreseen": true, "fallback-name-foreseen": true, "name-freed": true}

// throughLink judges a use that follows a link.
func (j *judge) throughLink() (finding.Verdict, string) {
	enter, exit := j.window.moment(wire.UseEnter), j.window.moment(wire.UseExit)
	if foreseen[j.finding.Reason.ID] && filepath.Dir(enter.Path) != j.window.temp {
		return finding.NotComparable, fmt.Sprintf("in %s the file is not in the directory for temporaries", j.pair.name())
	}
	touched := exit.Outside != enter.Outside
	if exit.Errno != 0 && !touched {
		return j.survived("a link took the place in the window, and %s failed (%s)", j.use(), errorText(exit.Errno))
	}
	if !exit.Before.Exists || exit.Before.Type != "link" {
		if !touched {
			return j.survived("a link took the place in the window, and %s did not follow it", j.use())
		}
	}
	if r := j.returnedOf(j.window); !touched && r != nil && r.Failed {
		return j.survived("a link took the place in the window, and %s returned an error (%s)", j.function(), firstLine(r.Error))
	}
	if !touched && nofollow(j.use()) {
		return j.survived("a link took the place in the window, and %s does not follow it", j.use())
	}
	if j.control != nil {
		use, early := j.control.moment(wire.UseExit), j.control.moment(wire.CheckEnter)
		followed := use != nil && use.Errno == 0
		if r := j.returnedOf(j.control); r != nil && r.Failed {
			followed = false
		}
		if followed && (use.Outside != early.Outside) == touched {
			return j.survived("%s follows the link as well if it is there before the check", j.function())
		}
	}
	did := "read what it leads to"
	if touched {
		did = "changed what it leads to"
	}
	than := "before the check the same is refused"
	if j.control == nil {
		than = "nothing checks it"
	}
	return j.confirmed("a link took the place in the window, and %s followed it and %s; %s", j.use(), did, than)
}

// nofollow reports whether an operation is about a link itself.
func nofollow(op string) bool {
	switch op {
	case "os.Remove", "os.RemoveAll", "os.Rename", "os.Lchown", "os.Lstat", "os.Readlink", "os.Symlink", "os.Link", "os.Mkdir":
		return true
	}
	return strings.HasPrefix(op, "(*os.Root)")
}

// exposed judges a mode that is right too late.
func (j *judge) exposed() (finding.Verdict, string) {
	enter, exit := j.window.moment(wire.UseEnter), j.window.moment(wire.UseExit)
	before, after := enter.Before, exit.Before
	thing := lostFile(before)
	size := fmt.Sprintf("%d bytes", before.Size)
	if before.Type == "directory" {
		size = fmt.Sprintf("%d entries", before.Entries)
	}
	switch {
	case exit.Errno != 0:
		return finding.NotComparable, fmt.Sprintf("%s failed in %s (%s)", j.use(), j.pair.name(), errorText(exit.Errno))
	case !before.Exists:
		return finding.NotComparable, fmt.Sprintf("nothing was at the path before %s in %s", j.use(), j.pair.name())
	case before.Mode == after.Mode:
		return j.survived("the %s had the mode %04o before as well", thing, before.Mode)
	case before.Mode&^after.Mode&0o077 != 0:
		return j.confirmed("the %s had the mode %04o and %s until %s made it %04o", thing, before.Mode, size, j.use(), after.Mode)
	case j.finding.Reason.ID == "readable-before-protected" || j.finding.Reason.ID == "enterable-before-protected" || j.finding.Reason.ID == "opened-before-protected":
		return j.survived("others had no more rights before (%04o) than afterwards (%04o)", before.Mode, after.Mode)
	}
	return j.confirmed("the %s had the mode %04o and %s until %s made it %04o", thing, before.Mode, size, j.use(), after.Mode)
}

// gap judges a path at which nothing is for a while.
func (j *judge) gap() (finding.Verdict, string) {
	check, enter, exit := j.window.moment(wire.CheckEnter), j.window.moment(wire.UseEnter), j.window.moment(wire.UseExit)
	switch {
	case check == nil || !check.Before.Exists:
		return finding.NotComparable, fmt.Sprintf("nothing was at the path before in %s", j.pair.name())
	case enter.Before.Exists:
		return j.survived("something was at the path all the time")
	case exit.Errno != 0 || !exit.Before.Exists:
		return finding.NotComparable, fmt.Sprintf("%s failed in %s", j.use(), j.pair.name())
	}
	return j.confirmed("the path had a %s of %d bytes, then nothing, and a new one after %s", lostFile(check.Before), check.Before.Size, j.use())
}

// torn judges what a full disk leaves: when the function with the finding returns, so
// that it can have repaired what it did.
func (j *judge) torn() (finding.Verdict, string) {
	enter := j.window.moment(wire.UseEnter)
	old := enter.Before
	now, when, known := j.left()
	if !known {
		return finding.NotComparable, fmt.Sprintf("%s writes nothing after %s", j.pair.name(), j.use())
	}
	switch {
	case old.Exists && now.Exists && now.Digest == old.Digest && old.Size > 0:
		return j.survived("the disk was full at the first write, and the old content was there %s", when)
	case !now.Exists && !old.Exists:
		return j.survived("the disk was full at the first write, and no file was left %s", when)
	case !now.Exists:
		return j.confirmed("the disk was full at the first write, and the file with its %d bytes was gone %s", old.Size, when)
	case old.Exists && old.Size > now.Size:
		return j.confirmed("the disk was full at the first write, and of the %d bytes that were there %d were left %s", old.Size, now.Size, when)
	case !old.Exists && now.Size == 0:
		return j.confirmed("the disk was full at the first write, and an empty file was left where none had been %s", when)
	}
	return j.survived("nothing was lost %s", when)
}

// left returns what is at the path when the function has returned after the failed
// write, or when the write is all that the use does, and how a sentence puts that. A function
// that only opens the file returns too early: then the end of the test counts.
func (j *judge) left() (now launch.State, when string, known bool) {
	name := j.finding.Function[strings.LastIndex(j.finding.Function, ".")+1:]
	for i := range j.window.Moments {
		m := &j.window.Moments[i]
		if m.Moment == wire.Returned && m.Path == name {
			if m.Refused {
				return m.After, "when " + j.function() + " returned", true
			}
			break
		}
	}
	if exit := j.window.moment(wire.UseExit); exit.Refused {
		return exit.Before, "after it", true
	}
	if end := j.window.moment(wire.TestEnd); end != nil && end.Refused && (end.After.Exists || j.removed()) {
		return end.After, "when the test ended", true
	}
	return launch.State{}, "", false
}

// removed reports whether the program, and not its test, has removed the file of the
// use in the window's run, or a directory above it.
func (j *judge) removed() bool {
	use := find(j.window.log, &j.pair.plan.Use, j.pair.test)
	if use < 0 {
		return false
	}
	name := j.window.log.Events[use].Name
	for _, e := range j.window.log.Events[use+1:] {
		if e.Kind != wire.Operation || e.Errno != 0 || name != e.Name && !strings.HasPrefix(name, e.Name+"/") {
			continue
		}
		switch named(e.Operation) {
		case "os.Remove", "os.RemoveAll", "os.Rename", "(*os.Root).Remove", "(*os.Root).RemoveAll", "(*os.Root).Rename":
			for _, frame := range e.Frames {
				if packageOf(frame.Function) == j.finding.Package {
					return !strings.HasSuffix(frame.File, "_test.go")
				}
			}
		}
	}
	return false
}

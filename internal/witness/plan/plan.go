// Package plan defines, for each reason of a finding, which change of another process
// shows the race, and how the outcome is judged.
package plan

import (
	"strings"

	"github.com/edcacfbd/toctou/internal/race"
	"github.com/edcacfbd/toctou/internal/witness/launch"
)

// A Plan is the change for a reason.
type Plan struct {
	What  launch.What
	Harm  Harm
	Alone bool // there is nothing to compare with: what is seen is the harm
}

// Harm is what shows that the race was lost.
type Harm int

// The harms.
const (
	None        Harm = iota
	Fails            // the use fails, and its error reaches the caller, which absence at the check does not lead to
	Lost             // what another process has written is gone, which the check would have kept
	Bypassed         // the use succeeds on an object that the check would have refused
	Described        // the use is about another file than the one that is open
	SetOnOther       // mode or owner of another file is changed
	ThroughLink      // the use follows the link
	Exposed          // others have more rights for a while
	Gap              // nothing is at the path for a while
	Torn             // neither the old content nor the new one is there
)

// rows lists the reasons by what shows them.
var rows = []struct {
	Plan
	reasons string
}{
	// if _, err := os.Stat(p); err == nil { return os.ReadFile(p) }
	{Plan{launch.Vanish, Fails, false}, `opens-vanished opens-vanished-checked opens-vanished-forwarded
		opens-vanished-by-callee opens-vanished-to-write opens-vanished-detour opens-vanished-exit-code removes-vanished
		acts-on-vanished acts-on-vanished-forwarded executes-vanished makes-room-for-another
		fails-over-old-entry fails-over-vanished-entry`},
	// if _, err := os.Stat(p); err != nil { return os.Mkdir(p, 0o755) }
	{Plan{launch.Appear, Fails, false}, `fails-over-appeared`},
	{Plan{launch.Appear, Fails, true}, `name-freed-fails`},
	// if _, err := os.Stat(p); err != nil { return os.WriteFile(p, data, 0o600) }
	{Plan{launch.Appear, Lost, false}, `truncates-appeared overwrites-unasked replaces-refused
		truncates-refused-before overwrites-unread truncates-to-constant truncates-begun replaces-appeared replaces-appeared-whole
		replaces-by-helper writes-into-appeared`},
	// if old(p) { return os.Remove(p) }
	{Plan{launch.Other, Lost, false}, `removes-new-lock removes-newer removes-judged removes-listening-socket
		removes-claimed checked-object-removed listens-after-removal`},
	// if fi, err := os.Stat(p); err == nil && fi.IsDir() { return os.Remove(p) }
	{Plan{launch.Type, Lost, false}, `removes-other-type`},
	// if empty(p) { return os.Remove(p) }
	{Plan{launch.Write, Lost, false}, `removes-written size-decides-overwrite update-lost
		update-lost-under-mutex update-kept`},
	{Plan{launch.Fill, Lost, false}, `removes-filled-directory`},
	// if fi, err := os.Stat(p); err != nil || fi.Size() > limit { return errTooLarge }
	// return os.ReadFile(p)
	{Plan{launch.Other, Bypassed, false}, `restriction-bypassed
		checked-object-replaced checked-directory-replaced
		trusted-too-soon type-trusted-too-soon opens-filtered-entry accepts-refused-directory`},
	// if fi, err := os.Stat(p); err != nil || !fi.Mode().IsRegular() { return errType }
	// return os.ReadFile(p)
	{Plan{launch.Type, Bypassed, false}, `type-restriction-bypassed checked-type-replaced`},
	{Plan{launch.Program, Bypassed, false}, `executes-another executes-unverified`},
	// f, err := os.Open(p)
	// fi, err := os.Stat(p)
	{Plan{launch.Other, Described, false}, `beside-open-file beside-temporary beside-given-file
		beside-file-times beside-file-by-interface after-reading after-listing after-writing
		metadata-of-another-file header-of-another-file digest-of-another`},
	// os.Chmod(p, fi.Mode())
	{Plan{launch.Other, SetOnOther, false}, `applies-old-mode`},
	{Plan{launch.Link, ThroughLink, false}, `link-leads-outside refused-link-followed link-followed
		new-owner-links changes-swapped-entry changes-entry-given-away removes-below-link
		writes-back-entry`},
	{Plan{launch.Link, ThroughLink, true}, `name-foreseen name-maybe-foreseen fallback-name-foreseen
		text-leads-outside name-freed`},
	// f, err := os.Create(p)
	// return os.Chmod(p, 0o600)
	{Plan{launch.Nothing, Exposed, true}, `wrong-mode-between readable-before-protected
		enterable-before-protected opened-before-protected mode-widened`},
	// os.Remove(p)
	// return os.Rename(tmp, p)
	{Plan{launch.Nothing, Gap, true}, `replaced-with-gap gap-before-replacing`},
	// return os.WriteFile(p, data, 0o600)
	{Plan{launch.Full, Torn, true}, `torn-loaded torn-edited torn-fallback torn-executed torn-read
		torn-loaded-elsewhere torn-read-elsewhere torn-state torn-maybe torn-by-helper torn-under-lock`},
}

// without lists the reasons that no change of a file shows, and why.
var without = []struct{ why, reasons string }{
	{"a descriptor is reused when the garbage collector runs, and no change of a file brings that about", `
		descriptor-unowned descriptor-leaves-file descriptor-closed-first descriptor-adopted-twice
		descriptor-closed-twice descriptor-number-shared descriptor-closed-again`},
	{"it takes another file system, or a crash of the whole machine", `rename-across-file-systems
		rename-to-program-directory renamed-unsynced sync-unchecked mounts-on-another`},
	{"it takes a device that goes away", `makes-other-type`},
	{"it takes another user", `owner-set-on-found-file owner-set-late owner-set-late-nofollow owner-set-by-interface
		foreign-directory-accepted process-root-changed process-root-read home-given-away home-changed
		system-tree-changed device-link-followed`},
	{"it takes a second process that locks or writes at the same time", `removes-lock-file temporary-shared`},
	{"the only change that shows it is one of the owner's own bits", `owner-bits-set mode-set-again`},
	{"nothing is exposed: it is about a temporary, or the umask", `protected-before-rename
		created-under-umask protects-temporary`},
}

// underMutex is the end of the IDs of reasons that a lock within the process makes
// less severe. The other process does not know of the lock.
const underMutex = "-under-mutex"

// unknown is why there is no plan for a reason that is not listed.
const unknown = "no change is known that shows it"

// Of returns the plan for a finding with the reason of that ID and with that aspect, or
// why there is none. A reason can be of several aspects: a check that restricts the type
// passes another file of the same type.
func Of(reason, aspect string) (p Plan, why string) {
	p, why = ofReason(reason)
	if p.What == launch.Other && p.Harm == Bypassed && aspect == string(race.Type) {
		p.What = launch.Type
	}
	return p, why
}

func ofReason(reason string) (p Plan, why string) {
	for _, id := range []string{reason, strings.TrimSuffix(reason, underMutex)} {
		for _, row := range rows {
			for _, r := range strings.Fields(row.reasons) {
				if r == id {
					return row.Plan, ""
				}
			}
		}
		for _, row := range without {
			for _, r := range strings.Fields(row.reasons) {
				if r == id {
					return Plan{}, row.why
				}
			}
		}
	}
	return Plan{}, unknown
}

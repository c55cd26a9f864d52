package driver

import (
	"flag"
	"fmt"
	"slices"
	"strings"

	"github.com/edcacfbd/toctou/internal/output"
)

const completionUsage = `usage: toctou completion bash | zsh | fish

toctou completion prints a shell script that completes commands, flags, formats and
the names of passes. For example:

	bash:  source <(toctou completion bash)              in ~/.bashrc
	zsh:   source <(toctou completion zsh)               in ~/.zshrc, after compinit
	fish:  toctou completion fish | source               in ~/.config/fish/config.fish
`

// completion prints a script for a shell.
func (p *program) completion(args []string) int {
	shells := map[string]func(*words) string{"bash": bashScript, "zsh": zshScript, "fish": fishScript}
	if len(args) != 1 || shells[args[0]] == nil {
		return p.failf("usage: toctou completion bash | zsh | fish")
	}
	fmt.Fprint(p.stdout, shells[args[0]](newWords()))
	return exitClean
}

// words are what a shell can complete.
type words struct {
	commands []string
	passes   []string
	formats  []string
	flags    []*flag.Flag // in alphabetical order
}

func newWords() *words {
	o := newOptions()
	w := &words{commands: commandNames(), passes: passNames(o.analyzers), formats: output.Formats()}
	o.checkFlags().VisitAll(func(f *flag.Flag) { w.flags = append(w.flags, f) })
	return w
}

// flagNames returns the flags as they are written.
func (w *words) flagNames() []string {
	var names []string
	for _, f := range w.flags {
		names = append(names, "-"+f.Name)
	}
	return append(names, "-diff", "-run", "-timeout", "-record", "-candidates") // of toctou fix and of toctou witness
}

// takesFile lists the flags whose value is the name of a file or a directory.
var takesFile = []string{"o", "config", "baseline", "C"}

// bashScript completes in bash. Flags may be written -format=json and -format json,
// the first of which bash takes apart at the equals sign.
func bashScript(w *words) string {
	return fmt.Sprintf(`# bash completion for toctou, as 'toctou completion bash' prints it
_toctou() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}
	if [[ $cur == = ]]; then
		cur=
	elif [[ $prev == = ]]; then
		prev=${COMP_WORDS[COMP_CWORD-2]}
	fi
	case $prev in
	-format) COMPREPLY=($(compgen -W '%[1]s' -- "$cur")); return ;;
	help | explain) COMPREPLY=($(compgen -W '%[2]s %[3]s' -- "$cur")); return ;;
	completion) COMPREPLY=($(compgen -W 'bash zsh fish' -- "$cur")); return ;;
	%[4]s) COMPREPLY=($(compgen -f -- "$cur")); return ;;
	esac
	case $cur in
	-*) COMPREPLY=($(compgen -W '%[5]s' -- "$cur")) ;;
	*)
		COMPREPLY=($(compgen -d -- "$cur"))
		if ((COMP_CWORD == 1)); then
			COMPREPLY+=($(compgen -W '%[3]s' -- "$cur"))
		fi
		;;
	esac
}
complete -F _toctou toctou
`, strings.Join(w.formats, " "), strings.Join(w.passes, " "), strings.Join(w.commands, " "),
		"-"+strings.Join(takesFile, " | -"), strings.Join(w.flagNames(), " "))
}

// zshScript completes in zsh, by the rules of bash.
func zshScript(w *words) string {
	return "# zsh completion for toctou, as 'toctou completion zsh' prints it\nautoload -U +X bashcompinit && bashcompinit\n" + bashScript(w)
}

// fishScript completes in fish, which shows what each flag is for.
func fishScript(w *words) string {
	quote := func(s string) string {
		return "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(s) + "'"
	}
	b := new(strings.Builder)
	b.WriteString("# fish completion for toctou, as 'toctou completion fish' prints it\n")
	fmt.Fprintf(b, "complete -c toctou -n __fish_use_subcommand -a %s\n", quote(strings.Join(w.commands, " ")))
	fmt.Fprintf(b, "complete -c toctou -n '__fish_seen_subcommand_from help explain' -f -a %s\n", quote(strings.Join(w.passes, " ")))
	for _, f := range w.flags {
		_, text := flag.UnquoteUsage(f)
		fmt.Fprintf(b, "complete -c toctou -o %s -d %s", f.Name, quote(text))
		switch {
		case f.Name == "format":
			fmt.Fprintf(b, " -x -a %s", quote(strings.Join(w.formats, " ")))
		case slices.Contains(takesFile, f.Name):
			b.WriteString(" -r")
		}
		b.WriteString("\n")
	}
	return b.String()
}

package output

// A color is the parameter of a terminal's escape sequence that colors a part of the
// output: one of the basic colors, which users adapt to their background.
type color string

const (
	ruleColor   color = "1;31"
	strongColor color = "1"
	useColor    color = "1;31"
	checkColor  color = "1;35"
	windowColor color = "35"
	noteColor   color = "1;36"
	faintColor  color = "90"
)

// paint returns the text in the color, if the output has colors.
func (l Look) paint(c color, s string) string {
	if !l.Color || s == "" {
		return s
	}
	return "\x1b[" + string(c) + "m" + s + "\x1b[0m"
}

// strokes are what is drawn with.
type strokes struct {
	bar, gap       string // beside the source, and where some of it is left out
	top, side, low string // of the window between check and use
	across, under  string
	file, note     string // before the name of a file
	ellipsis       string
}

func (l Look) strokes() strokes {
	if l.Plain {
		return strokes{bar: "|", gap: ":", top: ",--", side: "|  ", low: "'--", across: "-", under: "^", file: "-->", note: ":::", ellipsis: "..."}
	}
	return strokes{bar: "│", gap: "┆", top: "┌──", side: "│  ", low: "└──", across: "─", under: "━", file: "──▸", note: ":::", ellipsis: "…"}
}

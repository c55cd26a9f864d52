package depfacts

import (
	"bytes"
	"go/token"
)

// A reader returns the tokens of a source that are needed to find functions and the names
// that they use. Package go/scanner returns all tokens and takes several times as long. A
// token that is not needed, such as an operator or a number, is token.ILLEGAL.
type reader struct {
	src    []byte
	at     int         // where to read on
	tok    token.Token // the token
	before token.Token // the token before
	offset int         // where it begins
	ends   bool        // whether a line that ends after it ends a statement
}

func newReader(src []byte) *reader {
	r := &reader{src: src, tok: token.SEMICOLON}
	if bytes.HasPrefix(src, []byte("\uFEFF")) {
		r.at = len("\uFEFF")
	}
	return r
}

// text returns the text of the token.
func (r *reader) text() []byte { return r.src[r.offset:r.at] }

// next reads the next token.
func (r *reader) next() {
	r.before = r.tok
	for r.at < len(r.src) {
		r.offset = r.at
		switch c := r.src[r.at]; {
		case c == '\n':
			r.at++
			if r.ends {
				r.is(token.SEMICOLON, false)
				return
			}
		case c == ' ' || c == '\t' || c == '\r':
			r.at++
		case c == '/' && r.follows("//"):
			r.skipTo("\n")
		case c == '/' && r.follows("/*"):
			r.at += len("/*")
			r.skipTo("*/")
			r.at = min(r.at+len("*/"), len(r.src))
			if r.ends && bytes.IndexByte(r.text(), '\n') >= 0 {
				r.is(token.SEMICOLON, false)
				return
			}
		default:
			r.read(c)
			return
		}
	}
	r.offset = len(r.src)
	r.is(token.EOF, false)
}

func (r *reader) is(tok token.Token, ends bool) { r.tok, r.ends = tok, ends }

func (r *reader) follows(s string) bool { return bytes.HasPrefix(r.src[r.at:], []byte(s)) }

// skipTo goes to where s is next, or to the end.
func (r *reader) skipTo(s string) {
	i := bytes.Index(r.src[r.at:], []byte(s))
	if i < 0 {
		i = len(r.src) - r.at
	}
	r.at += i
}

// read reads a token that begins with c.
func (r *reader) read(c byte) {
	r.at++
	switch c {
	case '"', '\'':
		r.quoted(c)
		r.is(token.STRING, true)
		if c == '\'' {
			r.tok = token.CHAR
		}
	case '`':
		r.skipTo("`")
		r.at = min(r.at+1, len(r.src))
		r.is(token.STRING, true)
	case '{':
		r.is(token.LBRACE, false)
	case '(':
		r.is(token.LPAREN, false)
	case '[':
		r.is(token.LBRACK, false)
	case '}':
		r.is(token.RBRACE, true)
	case ')':
		r.is(token.RPAREN, true)
	case ']':
		r.is(token.RBRACK, true)
	case ';':
		r.is(token.SEMICOLON, false)
	case '.':
		r.is(token.PERIOD, false)
		if r.follows("..") {
			r.at += len("..")
			r.is(token.ELLIPSIS, false)
		}
	default:
		if !isLetter(c) {
			r.is(token.ILLEGAL, (c == '+' || c == '-') && r.src[r.at-2] == c) // ++ and --
			return
		}
		for r.at < len(r.src) && isLetter(r.src[r.at]) {
			r.at++
		}
		r.word(c)
	}
}

// quoted reads a literal to the quote that ends it, or to the end of the line.
func (r *reader) quoted(quote byte) {
	for r.at < len(r.src) {
		c := r.src[r.at]
		if c == '\n' {
			return
		}
		r.at++
		switch c {
		case quote:
			return
		case '\\':
			r.at = min(r.at+1, len(r.src))
		}
	}
}

// word determines the token of the letters that have been read, of which c is the first.
func (r *reader) word(c byte) {
	switch tok := token.Lookup(string(r.text())); {
	case '0' <= c && c <= '9':
		r.is(token.INT, true)
	case tok == token.BREAK || tok == token.CONTINUE || tok == token.FALLTHROUGH || tok == token.RETURN:
		r.is(tok, true)
	default:
		r.is(tok, tok == token.IDENT)
	}
}

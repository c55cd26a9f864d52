package lsp

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/textproto"
	"strconv"
	"sync/atomic"

	"github.com/sourcegraph/jsonrpc2"
)

// maxMessage, in bytes, bounds a message: far above any source file, and below what
// would bring the machine down if a header names a length at random.
const maxMessage = 256 << 20

// A stream reads and writes messages with headers. The library writes them. It reads
// no further after a message that is not JSON; a stream answers such a one with an
// error, as JSON-RPC has it, and reads the next.
type stream struct {
	jsonrpc2.ObjectStream // to write
	in                    *bufio.Reader
	failed                atomic.Pointer[error] // why there is no further message
}

// duplex is two ends that are written to and closed together.
type duplex struct {
	io.Reader
	io.Writer
}

// Close implements io.Closer. The process ends soon, and its standard streams with it.
func (duplex) Close() error { return nil }

func newStream(in io.Reader, out io.Writer) *stream {
	return &stream{
		ObjectStream: jsonrpc2.NewBufferedStream(duplex{in, out}, jsonrpc2.VSCodeObjectCodec{}),
		in:           bufio.NewReader(in),
	}
}

// err returns why there is no further message, or nil.
func (s *stream) err() error {
	if err := s.failed.Load(); err != nil {
		return *err
	}
	return nil
}

// ReadObject implements jsonrpc2.ObjectStream.
func (s *stream) ReadObject(v any) error {
	for {
		body, err := s.read()
		if err != nil {
			s.failed.Store(&err)
			return err
		}
		code := int64(jsonrpc2.CodeInvalidRequest)
		if !json.Valid(body) {
			code = jsonrpc2.CodeParseError
		}
		if err = json.Unmarshal(body, v); err == nil {
			return nil
		}
		if err := s.WriteObject(refusal(code, err)); err != nil {
			return err
		}
	}
}

// refusal returns the answer to a message of which not even the ID is known.
func refusal(code int64, err error) any {
	return map[string]any{
		"jsonrpc": "2.0",
		"id":      nil,
		"error":   jsonrpc2.Error{Code: code, Message: err.Error()},
	}
}

// read returns the body of the next message.
func (s *stream) read() ([]byte, error) {
	header, err := textproto.NewReader(s.in).ReadMIMEHeader()
	if errors.Is(err, io.EOF) && len(header) > 0 {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return nil, err
	}
	length, err := strconv.Atoi(header.Get("Content-Length"))
	if err != nil || length < 0 || length > maxMessage {
		return nil, fmt.Errorf("a message with the header Content-Length %q, want a number of bytes", header.Get("Content-Length"))
	}
	body := make([]byte, length)
	_, err = io.ReadFull(s.in, body)
	return body, err
}

package table

import (
	"errors"
	"io"
)

// A window is the part of a stream that is being looked at: buf[from:to]. It
// never grows, which is what bounds the memory of every reader here.
type window struct {
	src      io.Reader
	buf      []byte
	from, to int
	gone     int64 // bytes that have left the window at its front
	eof      bool
	err      error // what reading failed with, other than its end
}

// leastRead is the least room that a read is given. A text needs some to write
// one character of another encoding.
const leastRead = 16

func newWindow(src io.Reader, size int) window {
	return window{src: src, buf: make([]byte, size)}
}

// rest is what is in view and not yet used.
func (w *window) rest() []byte { return w.buf[w.from:w.to] }

// more brings more of the stream into view, moving what is not yet used to the
// front. It reports false at the end, and when the window is full.
func (w *window) more() bool {
	if w.eof || w.to-w.from > len(w.buf)-leastRead {
		return false
	}
	if w.from > 0 {
		w.gone += int64(w.from)
		w.to = copy(w.buf, w.buf[w.from:w.to])
		w.from = 0
	}
	for empty := 0; empty < 100; empty++ {
		n, err := w.src.Read(w.buf[w.to:])
		w.to += n
		if err != nil {
			w.eof = true
			if !errors.Is(err, io.EOF) {
				w.err = err
			}
			return n > 0
		}
		if n > 0 {
			return true
		}
	}
	w.eof, w.err = true, io.ErrNoProgress
	return false
}

// offset is where the first byte not yet used stands in the stream.
func (w *window) offset() int64 { return w.gone + int64(w.from) }

package main_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// A caller asks over one connection that it keeps, and understands no more of
// HTTP than it must: net/http's client would take as much time as what is
// measured.
type caller struct {
	conn net.Conn
	in   *bufio.Reader
	body []byte // of the last answer
	// bytes is how many came in all, headers included.
	bytes int
}

func newCaller(tb testing.TB, address string) *caller {
	tb.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		tb.Fatal(err)
	}
	c := &caller{conn: conn}
	c.in = bufio.NewReaderSize(c, 64<<10)
	return c
}

// Read counts what comes over the wire.
func (c *caller) Read(into []byte) (int, error) {
	n, err := c.conn.Read(into)
	c.bytes += n
	return n, err
}

// ask sends a request and returns the answer's status. Its body stays until
// the next.
func (c *caller) ask(request []byte) (status int, err error) {
	if _, err := c.conn.Write(request); err != nil {
		return 0, err
	}
	line, err := c.in.ReadSlice('\n')
	if err != nil {
		return 0, err
	}
	if len(line) < 12 {
		return 0, fmt.Errorf("the server answered %q", line)
	}
	if status, err = strconv.Atoi(string(line[9:12])); err != nil {
		return 0, fmt.Errorf("the server answered %q", line)
	}
	length, chunked := 0, false
	for {
		if line, err = c.in.ReadSlice('\n'); err != nil {
			return 0, err
		}
		if line = bytes.TrimRight(line, "\r\n"); len(line) == 0 {
			break
		}
		name, value, _ := bytes.Cut(line, []byte(": "))
		switch string(name) {
		case "Content-Length":
			if length, err = strconv.Atoi(string(value)); err != nil {
				return 0, err
			}
		case "Transfer-Encoding":
			chunked = true
		}
	}
	c.body = c.body[:0]
	if chunked {
		return status, c.readChunks()
	}
	return status, c.read(length)
}

func (c *caller) readChunks() error {
	for {
		line, err := c.in.ReadSlice('\n')
		if err != nil {
			return err
		}
		length, err := strconv.ParseInt(string(bytes.TrimSpace(line)), 16, 32)
		if err != nil {
			return err
		}
		if err := c.read(int(length)); err != nil {
			return err
		}
		if _, err := c.in.Discard(len("\r\n")); err != nil || length == 0 {
			return err
		}
	}
}

// read adds so many bytes to the body.
func (c *caller) read(length int) error {
	from := len(c.body)
	if need := from + length; need > cap(c.body) {
		c.body = append(make([]byte, 0, 2*need), c.body...)
	}
	c.body = c.body[:from+length]
	_, err := io.ReadFull(c.in, c.body[from:])
	return err
}

// getRequest and postRequest are requests as they go over the wire. Further
// headers end with a line break each.
func getRequest(path, headers string) []byte {
	return []byte("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n")
}

func postRequest(path, headers, contentType string, body []byte) []byte {
	head := fmt.Sprintf("POST %s HTTP/1.1\r\nHost: localhost\r\n%sContent-Type: %s\r\nContent-Length: %d\r\n\r\n", path, headers, contentType, len(body))
	return append([]byte(head), body...)
}

// apiRequest calls the API.
func apiRequest(key string, body []byte) []byte {
	return postRequest("/graphql", "Authorization: Bearer "+key+"\r\n", "application/json", body)
}

// address is where an installation listens.
func (i *installation) address() string { return strings.TrimPrefix(i.URL, "http://") }

// drive asks n times over so many connections, as fast as they are answered,
// and tells how long that took. Any status but those wanted fails.
func drive(b *testing.B, address string, connections, n, want int, request func(int) []byte) time.Duration {
	b.Helper()
	callers := make([]*caller, connections)
	for k := range callers {
		callers[k] = newCaller(b, address)
		defer callers[k].conn.Close()
	}
	var next atomic.Int64
	var group sync.WaitGroup
	began := time.Now()
	for _, c := range callers {
		group.Go(func() {
			for {
				k := int(next.Add(1)) - 1
				if k >= n {
					return
				}
				status, err := c.ask(request(k))
				if err != nil || status != want {
					b.Errorf("answer %d: %v\n%.500s", status, err, c.body)
					return
				}
			}
		})
	}
	group.Wait()
	took := time.Since(began)
	if b.Failed() {
		b.FailNow()
	}
	return took
}

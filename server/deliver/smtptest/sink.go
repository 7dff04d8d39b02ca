package smtptest

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
)

// Sink runs the least of an SMTP server, which takes everything and keeps
// nothing, for measuring clients; it returns host and port.
func Sink(t testing.TB) string {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				// A client that goes away ends the connection; nothing is lost.
				_ = drain(conn)
				_ = conn.Close()
			}()
		}
	}()
	return listener.Addr().String()
}

// drain answers one connection's commands.
func drain(conn net.Conn) error {
	in, out := bufio.NewReaderSize(conn, 64<<10), bufio.NewWriter(conn)
	answer := func(text string) error {
		if _, err := out.WriteString(text + "\r\n"); err != nil {
			return err
		}
		if in.Buffered() > 0 {
			return nil // pipelined: one write for all answers
		}
		return out.Flush()
	}
	if err := answer("220 sink"); err != nil {
		return err
	}
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return err
		}
		text := "250 ok"
		switch {
		case bytes.HasPrefix(line, []byte("EHLO")):
			text = "250-sink\r\n250-PIPELINING\r\n250 8BITMIME"
		case bytes.HasPrefix(line, []byte("QUIT")):
			text = "221 bye"
		case bytes.HasPrefix(line, []byte("DATA")):
			if err := answer("354 go on"); err != nil {
				return err
			}
			for !bytes.Equal(line, []byte(".\r\n")) {
				if line, err = in.ReadSlice('\n'); err != nil {
					return err
				}
			}
		}
		if err := answer(text); err != nil {
			return err
		}
	}
}

// Lockstep sends one message n times on each of so many connections, one
// command at a time: the least that a client can do without PIPELINING.
func Lockstep(ctx context.Context, addr string, connections, n int, from, to string, data []byte) error {
	errs := make([]error, connections)
	var group sync.WaitGroup
	for i := range connections {
		group.Go(func() { errs[i] = lockstep(ctx, addr, n, from, to, data) })
	}
	group.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func lockstep(ctx context.Context, addr string, n int, from, to string, data []byte) error {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", addr)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	in := bufio.NewReader(conn)
	say := func(text []byte, code string) error {
		if _, err := conn.Write(text); err != nil {
			return err
		}
		for {
			answer, err := in.ReadString('\n')
			if err != nil {
				return err
			}
			if !strings.HasPrefix(answer, code) {
				return fmt.Errorf("the server answered %q", answer)
			}
			if answer[3] == ' ' {
				return nil
			}
		}
	}
	steps := []struct{ text, code string }{
		{"MAIL FROM:<" + from + ">\r\n", "250"}, {"RCPT TO:<" + to + ">\r\n", "250"}, {"DATA\r\n", "354"}, {string(data) + ".\r\n", "250"},
	}
	if err := say(nil, "220"); err != nil {
		return err
	}
	if err := say([]byte("EHLO localhost\r\n"), "250"); err != nil {
		return err
	}
	for range n {
		for _, step := range steps {
			if err := say([]byte(step.text), step.code); err != nil {
				return err
			}
		}
	}
	_, err = io.WriteString(conn, "QUIT\r\n")
	return err
}

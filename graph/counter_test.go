package graph_test

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"complero/db"
	"complero/db/dbtest"
)

// counted opens a PostgreSQL database behind a proxy that counts the
// statements which reach the server.
func counted(t *testing.T) (*api, *atomic.Int64) {
	t.Helper()
	config := dbtest.Config(t, dbtest.Postgres)
	config.MailRoute = true
	address, err := url.Parse(config.URL)
	if err != nil {
		t.Fatal(err)
	}
	query := address.Query()
	sockets, err := filepath.Glob(filepath.Join(query.Get("host"), ".s.PGSQL.*[0-9]"))
	if err != nil || len(sockets) != 1 {
		t.Fatalf("no PostgreSQL socket in %q: %v", query.Get("host"), err)
	}
	folder, err := os.MkdirTemp("", "proxy") // a socket's path must be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	n := new(atomic.Int64)
	proxy(t, filepath.Join(folder, filepath.Base(sockets[0])), sockets[0], n)
	query.Set("host", folder)
	address.RawQuery = query.Encode()
	config.URL = address.String()
	store, err := db.Open(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	return newAPI(t, store, "Muster"), n
}

// proxy passes connections on and counts the messages that execute something.
func proxy(t *testing.T, at, to string, n *atomic.Int64) {
	t.Helper()
	listener, err := net.Listen("unix", at)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			server, err := net.Dial("unix", to)
			if err != nil {
				_ = client.Close()
				continue
			}
			go func() { _, _ = io.Copy(client, server); _ = client.Close() }()
			go func() { countMessages(client, server, n); _ = server.Close() }()
		}
	}()
}

// countMessages follows PostgreSQL's frontend protocol: a start-up message
// without a type, then messages of a type, a length and a body.
func countMessages(client io.Reader, server io.Writer, n *atomic.Int64) {
	in := bufio.NewReader(client)
	for first := true; ; first = false {
		var head []byte
		if !first {
			kind, err := in.ReadByte()
			if err != nil {
				return
			}
			head = []byte{kind}
		}
		length := make([]byte, 4)
		if _, err := io.ReadFull(in, length); err != nil {
			return
		}
		body := make([]byte, binary.BigEndian.Uint32(length)-4)
		if _, err := io.ReadFull(in, body); err != nil {
			return
		}
		// Query and Execute, but not the driver's look whether the connection lives.
		if !first && (head[0] == 'E' || head[0] == 'Q' && !bytes.HasPrefix(body, []byte("-- ping"))) {
			n.Add(1)
		}
		if _, err := server.Write(append(append(head, length...), body...)); err != nil {
			return
		}
	}
}

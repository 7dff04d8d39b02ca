package db_test

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/url"
	"path/filepath"
	"sync/atomic"
	"testing"

	"complero/db"
	"complero/db/dbtest"
)

// counted stands between a Store and its PostgreSQL and counts the statements
// that pass. It gives the address to connect to.
func counted(t *testing.T, address string, statements *atomic.Int64) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	query := u.Query()
	socket := filepath.Join(query.Get("host"), ".s.PGSQL.5432")
	gate, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = gate.Close() }) // it has served
	go func() {
		for {
			client, err := gate.Accept()
			if err != nil {
				return
			}
			server, err := net.Dial("unix", socket)
			if err != nil {
				_ = client.Close() // the client will say so
				return
			}
			go pass(server, client, statements)
			go func() {
				_, _ = io.Copy(client, server) // ends when either side does
				_ = client.Close()
			}()
		}
	}()
	query.Del("host")
	u.Host, u.RawQuery = gate.Addr().String(), query.Encode()
	return u.String()
}

// pass hands on what a client says and counts its statements: messages of the
// kinds Execute and Query. The first message has no kind.
func pass(server, client net.Conn, statements *atomic.Int64) {
	defer server.Close()
	from := bufio.NewReader(client)
	for first := true; ; first = false {
		n := 5
		if first {
			n = 4
		}
		head := make([]byte, n)
		if _, err := io.ReadFull(from, head); err != nil {
			return
		}
		rest := make([]byte, binary.BigEndian.Uint32(head[n-4:])-4)
		if _, err := io.ReadFull(from, rest); err != nil {
			return
		}
		// A ping asks only whether a connection that has rested is still there.
		if head[0] == 'E' || head[0] == 'Q' && !bytes.HasPrefix(rest, []byte("-- ping")) {
			statements.Add(1)
		}
		if _, err := server.Write(append(head, rest...)); err != nil {
			return
		}
	}
}

// TestStatementsDoNotGrowWithTheNumberOfRows makes, claims and records few
// and many Requests.
func TestStatementsDoNotGrowWithTheNumberOfRows(t *testing.T) {
	var statements atomic.Int64
	store := dbtest.Open(t, dbtest.Postgres, func(c *db.Config) {
		c.MailRoute = true
		c.URL = counted(t, c.URL, &statements)
	})
	live, _ := account(t, store, "Nordlicht")
	system, err := store.Work(t.Context(), db.TenantRef{CompanyID: live.Company.ID, Mode: db.Live})
	if err != nil {
		t.Fatal(err)
	}
	var items, ids []string
	for i := range 90 {
		ids = append(ids, fmt.Sprintf("M-%d", i))
		items = append(items, fmt.Sprintf(`{"externalId": "M-%d", "emails": [{"address": "m%d@example.net"}]}`, i, i))
	}
	upload(t, store, live, items...)
	round := func(n int) string {
		took := func(do func()) int64 {
			before := statements.Load()
			do()
			return statements.Load() - before
		}
		var claimed []*db.Outgoing
		create := took(func() {
			if _, err := live.CreateRequests(t.Context(), db.RequestsCreate{ContactExternalIDs: ids[:n]}); err != nil {
				t.Fatal(err)
			}
		})
		claim := took(func() {
			if claimed, err = system.ClaimDeliveries(t.Context(), 50); err != nil || len(claimed) != min(n, 50) {
				t.Fatal(len(claimed), err)
			}
		})
		outcomes := make([]db.DeliveryOutcome, len(claimed))
		for i, o := range claimed {
			outcomes[i] = db.DeliveryOutcome{DeliveryID: o.DeliveryID, RequestID: o.RequestID, Status: db.DeliverySent}
		}
		record := took(func() {
			if err := system.RecordDeliveries(t.Context(), outcomes); err != nil {
				t.Fatal(err)
			}
		})
		return fmt.Sprintf("create %d, claim %d, record %d", create, claim, record)
	}
	round(10) // prepares
	few, many := round(10), round(90)
	if few != many {
		t.Errorf("10 Requests take %s statements, 90 take %s", few, many)
	}
	t.Log(few)
}

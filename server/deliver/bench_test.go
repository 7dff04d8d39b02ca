package deliver_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"complero/db"
	"complero/db/dbtest"
	"complero/server/deliver"
	"complero/server/deliver/email"
	"complero/server/deliver/smtptest"
)

// BenchmarkDeliver sends Requests, each with its token, Delivery and event
// recorded, to an SMTP server in this process, and in the same run the same
// message without a database, one command at a time, on as many connections:
// what a lockstep client reaches.
func BenchmarkDeliver(b *testing.B) {
	for _, engine := range []dbtest.Engine{dbtest.SQLite, dbtest.Postgres} {
		b.Run(string(engine), func(b *testing.B) {
			const n = 1000
			config := dbtest.Config(b, engine, func(c *db.Config) { c.MailRoute = true; c.Log = nil })
			store, err := db.Open(b.Context(), config)
			if err != nil {
				b.Fatal(err)
			}
			defer func() { _ = store.Close() }()
			tenant := benchTenant(b, store, n)
			benchRequests(b, tenant, n)
			analyze(b, config)
			sink := smtptest.Sink(b)
			route, err := email.ParseURL("smtp://" + sink + "?tls=none")
			if err != nil {
				b.Fatal(err)
			}
			sender, err := deliver.New(store, deliver.Settings{Route: route})
			if err != nil {
				b.Fatal(err)
			}
			defer sender.Close()
			b.ResetTimer()
			for range b.N {
				for more := true; more; {
					if more, _, err = sender.Deliver(b.Context(), tenant); err != nil {
						b.Fatal(err)
					}
				}
				b.StopTimer()
				benchRequests(b, tenant, n) // for the next
				b.StartTimer()
			}
			b.StopTimer()
			rate := float64(b.N*n) / b.Elapsed().Seconds()
			limit := lockstep(b, sink)
			b.ReportMetric(rate, "messages/s")
			b.ReportMetric(limit, "lockstep/s")
			b.ReportMetric(100*rate/limit, "%-of-lockstep")
		})
	}
}

// analyze does at once what autovacuum does within a minute wherever a server
// runs: tell PostgreSQL how large the tables have become.
func analyze(b *testing.B, config db.Config) {
	b.Helper()
	if config.URL == "" {
		return
	}
	conn, err := pgx.Connect(b.Context(), config.URL)
	if err != nil {
		b.Fatal(err)
	}
	if _, err = conn.Exec(b.Context(), "ANALYZE"); err != nil {
		b.Fatal(err)
	}
	if err := conn.Close(b.Context()); err != nil {
		b.Fatal(err)
	}
}

func benchTenant(b *testing.B, store *db.Store, n int) *db.Tenant {
	b.Helper()
	a, err := store.CreateAccount(b.Context(), db.Setup{Customer: "N", Company: "N", Country: "DE", Locale: "de", Sender: "a@nordlicht.example", Imprint: "N AG"})
	if err != nil {
		b.Fatal(err)
	}
	tenant, err := store.Work(b.Context(), db.TenantRef{CompanyID: a.CompanyID, Mode: db.Live})
	if err != nil {
		b.Fatal(err)
	}
	var list []string
	for i := range n {
		list = append(list, fmt.Sprintf(`{"externalId": "C-%d", "salutation": "Frau", "givenName": "Juliane", "familyName": "Kettenis", "emails": [{"address": "c%d@example.net"}]}`, i, i))
	}
	op, err := tenant.UploadContacts(b.Context(), db.ContactsUpload{Contacts: []byte("[" + strings.Join(list, ",") + "]"), Count: n})
	if err != nil {
		b.Fatal(err)
	}
	for done := false; !done; {
		if done, err = tenant.WorkOperation(b.Context(), op.ID); err != nil {
			b.Fatal(err)
		}
	}
	return tenant
}

func benchRequests(b *testing.B, tenant *db.Tenant, n int) {
	b.Helper()
	ids := make([]string, n)
	for i := range ids {
		ids[i] = fmt.Sprintf("C-%d", i)
	}
	if _, err := tenant.CreateRequests(b.Context(), db.RequestsCreate{ContactExternalIDs: ids}); err != nil {
		b.Fatal(err)
	}
}

// benchSize is about that of the messages that BenchmarkDeliver sends.
const benchSize = 7 << 10

// lockstep measures the limit, in messages a second.
func lockstep(b *testing.B, sink string) float64 {
	b.Helper()
	const n, connections = 20_000, 2
	data := []byte("Subject: limit\r\n\r\n" + strings.Repeat(strings.Repeat("x", 70)+"\r\n", benchSize/72))
	start := time.Now()
	if err := smtptest.Lockstep(b.Context(), sink, connections, n/connections, "a@nordlicht.example", "c@example.net", data); err != nil {
		b.Fatal(err)
	}
	return n / time.Since(start).Seconds()
}

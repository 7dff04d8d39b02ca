package main_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"complero/db/dbtest"
	"complero/server/deliver/smtptest"
)

// BenchmarkRequestsSent has Requests made, 1,000 a call, and brought to an SMTP
// server in this process, from the first call until the last is recorded as
// sent: each with its own link, its Delivery and its event. The limit is a
// client that hands messages of the same size to the same server, one command
// at a time, over as many connections. sending/s leaves out what is sent while
// Requests are still being made.
func BenchmarkRequestsSent(b *testing.B) {
	for _, engine := range []dbtest.Engine{dbtest.Postgres, dbtest.SQLite} {
		b.Run(string(engine), func(b *testing.B) {
			const calls = 10
			sink := smtptest.Sink(b)
			i := benchInstall(b, engine, "--smtp", "smtp://"+sink+"?tls=none")
			a := i.setup("Nordlicht")
			uploadFiles(b, i, a.LiveKey)
			i.analyze(b)
			asked := withEmail(exampleContacts(b))
			var sent, sending, limit figure
			events := i.lastNumber(a.LiveKey)
			for b.Loop() {
				began := time.Now()
				n := 0
				for range calls {
					n += len(askAll(b, i, a.LiveKey, asked))
				}
				before, made := i.lastNumber(a.LiveKey), time.Now()
				events += n
				i.awaitNumber(a.LiveKey, events)
				sent.add(n, time.Since(began))
				sending.add(events-before, time.Since(made))
				limit.add(lockstep(b, sink, 2*n))
			}
			b.ReportMetric(sending.perSecond(), "sending/s")
			reportShare(b, "sent", sent, limit)
			i.reportPeak(b)
		})
	}
}

// withEmail are the externalIds of those who can be written to.
func withEmail(contacts []map[string]any) []string {
	var ids []string
	for _, c := range contacts {
		if len(c["emails"].([]any)) > 0 {
			ids = append(ids, c["externalId"].(string))
		}
	}
	return ids
}

// askAll makes a Request for each Contact and returns the links' paths.
func askAll(b *testing.B, i *installation, key string, externalIDs []string) []string {
	b.Helper()
	var paths []string
	for part := range slices.Chunk(externalIDs, 1000) {
		var got struct {
			RequestsCreate struct {
				Requests   []struct{ Status, Link string }
				UserErrors []userError
			}
		}
		i.call(key, `mutation($ids: [String!]!) { requestsCreate(input: {contactExternalIds: $ids}) {
			requests { status link } userErrors { code message path } } }`, map[string]any{"ids": part}, &got)
		if len(got.RequestsCreate.UserErrors) > 0 {
			b.Fatal(got.RequestsCreate.UserErrors)
		}
		for _, r := range got.RequestsCreate.Requests {
			if r.Status != "PENDING" {
				b.Fatalf("a Request is %s", r.Status)
			}
			paths = append(paths, strings.TrimPrefix(r.Link, i.URL))
		}
	}
	return paths
}

// lockstep sends n messages as large as a Request's is, and tells how long
// that took.
func lockstep(b *testing.B, sink string, n int) (int, time.Duration) {
	b.Helper()
	const size, connections = 7 << 10, 2
	line := strings.Repeat("x", 70) + "\r\n"
	data := []byte("Subject: limit\r\n\r\n" + strings.Repeat(line, size/len(line)))
	began := time.Now()
	if err := smtptest.Lockstep(b.Context(), sink, connections, n/connections, "kontakt@nordlicht.example.com", "kim@example.net", data); err != nil {
		b.Fatal(err)
	}
	return n, time.Since(began)
}

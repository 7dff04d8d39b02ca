package db_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"complero/db"
	"complero/db/dbtest"
	"complero/db/profile"
)

// benchAsker is an account with n Contacts of one Employee.
func benchAsker(b *testing.B, engine dbtest.Engine, n int) (store *db.Store, live *db.Tenant, ids []string) {
	b.Helper()
	store = dbtest.Open(b, engine, func(c *db.Config) { c.MailRoute = true })
	live = benchAccount(b, store)
	system := benchSystem(b, store, live)
	op, err := live.UploadEmployees(b.Context(), db.EmployeesUpload{Employees: []byte(`[{"externalId": "V-1", "displayName": "Defne Kupfer", "email": "defne@example.com"}]`), Count: 1})
	benchWork(b, system, op, err)
	for first := 0; first < n; first += 1000 {
		u := uploadOf(first, min(1000, n-first))
		u.Contacts = []byte(strings.ReplaceAll(string(u.Contacts), `"salutation"`, `"employee":"V-1","salutation"`))
		op, err := live.UploadContacts(b.Context(), u)
		benchWork(b, system, op, err)
	}
	for i := range n {
		ids = append(ids, fmt.Sprintf("K-%d", i))
	}
	return store, live, ids
}

func benchSystem(b *testing.B, store *db.Store, live *db.Tenant) *db.Tenant {
	b.Helper()
	system, err := store.Work(b.Context(), db.TenantRef{CompanyID: live.Company.ID, Mode: db.Live})
	if err != nil {
		b.Fatal(err)
	}
	return system
}

func benchWork(b *testing.B, system *db.Tenant, op *db.Operation, err error) {
	b.Helper()
	for done := false; !done && err == nil; {
		done, err = system.WorkOperation(b.Context(), op.ID)
	}
	if err != nil {
		b.Fatal(err)
	}
}

// benchRequests makes a Request for each of n Contacts.
func benchRequests(b *testing.B, live *db.Tenant, ids []string) []*db.Request {
	b.Helper()
	var all []*db.Request
	for first := 0; first < len(ids); first += 1000 {
		made, err := live.CreateRequests(b.Context(), db.RequestsCreate{ContactExternalIDs: ids[first:min(first+1000, len(ids))]})
		if err != nil {
			b.Fatal(err)
		}
		all = append(all, made.Requests...)
	}
	return all
}

func eachEngine(b *testing.B, run func(b *testing.B, engine dbtest.Engine)) {
	for _, engine := range []dbtest.Engine{dbtest.SQLite, dbtest.Postgres} {
		b.Run(string(engine), func(b *testing.B) { run(b, engine) })
	}
}

func BenchmarkCreateRequests(b *testing.B) {
	eachEngine(b, func(b *testing.B, engine dbtest.Engine) {
		_, live, ids := benchAsker(b, engine, 1000)
		for b.Loop() {
			benchRequests(b, live, ids)
		}
		b.ReportMetric(float64(1000*b.N)/b.Elapsed().Seconds(), "requests/s")
	})
}

// BenchmarkDeliver claims and records as a sender does that needs no time.
func BenchmarkDeliver(b *testing.B) {
	eachEngine(b, func(b *testing.B, engine dbtest.Engine) {
		store, live, ids := benchAsker(b, engine, 1000)
		system := benchSystem(b, store, live)
		sent := 0
		for b.Loop() {
			b.StopTimer()
			for range 5 {
				benchRequests(b, live, ids)
			}
			b.StartTimer()
			for more := true; more; {
				claimed, err := system.ClaimDeliveries(b.Context(), 50)
				if err != nil {
					b.Fatal(err)
				}
				outcomes := make([]db.DeliveryOutcome, len(claimed))
				for i, o := range claimed {
					outcomes[i] = db.DeliveryOutcome{DeliveryID: o.DeliveryID, RequestID: o.RequestID, EmailID: o.To.ID, Status: db.DeliverySent, Detail: "250 OK"}
				}
				if err := system.RecordDeliveries(b.Context(), outcomes); err != nil {
					b.Fatal(err)
				}
				sent += len(claimed)
				more = len(claimed) > 0
			}
		}
		b.ReportMetric(float64(sent)/b.Elapsed().Seconds(), "requests/s")
	})
}

func BenchmarkOpenLink(b *testing.B) {
	eachEngine(b, func(b *testing.B, engine dbtest.Engine) {
		store, live, ids := benchAsker(b, engine, 1000)
		var tokens []string
		for _, r := range benchRequests(b, live, ids) {
			link := *live.RequestLink(r)
			tokens = append(tokens, link[strings.LastIndex(link, "/")+1:])
		}
		b.ReportAllocs()
		b.ResetTimer()
		b.RunParallel(func(p *testing.PB) {
			for i := 0; p.Next(); i++ {
				if _, err := store.OpenLink(b.Context(), tokens[i%len(tokens)]); err != nil {
					b.Error(err)
					return
				}
			}
		})
	})
}

// BenchmarkAnswer opens a link and answers it with an Update, one Contact
// after the other.
func BenchmarkAnswer(b *testing.B) {
	eachEngine(b, func(b *testing.B, engine dbtest.Engine) {
		store, live, ids := benchAsker(b, engine, 1000)
		requests := benchRequests(b, live, ids)
		n := 0
		for b.Loop() {
			link := *live.RequestLink(requests[n%len(requests)])
			l, err := store.OpenLink(b.Context(), link[strings.LastIndex(link, "/")+1:])
			if err != nil {
				b.Fatal(err)
			}
			data := &profile.Input{FamilyName: profile.Say(fmt.Sprint("Kettenis-", time.Now().UnixNano()))}
			if _, err := l.Answer(b.Context(), db.Answer{Data: data}); err != nil {
				b.Fatal(err)
			}
			n++
		}
	})
}

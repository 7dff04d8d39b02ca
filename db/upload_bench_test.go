package db_test

import (
	"bytes"
	"fmt"
	"testing"

	"complero/db"
	"complero/db/dbtest"
)

// uploadOf is a call of n believable Contacts, numbered from first.
func uploadOf(first, n int) db.ContactsUpload {
	var b bytes.Buffer
	b.WriteByte('[')
	for i := first; i < first+n; i++ {
		if i > first {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"externalId":"K-%d","salutation":"Frau","givenName":"Juliane","familyName":"Kettenis%d","birthDate":"1970-11-13",
			"emails":[{"address":"Juliane.Kettenis%d@mail.example.net"}],"phones":[{"number":"0049 160/%07d"}],
			"addresses":[{"street":"Alkenrather Str.","houseNumber":"%d","postalCode":"83310","city":"Krullland","countryCode":"DE"}],
			"customFields":{"licencePlate":"SP59ZIG"}}`, i, i%997, i, i%10_000_000, i%300)
	}
	b.WriteByte(']')
	return db.ContactsUpload{Contacts: b.Bytes(), Count: n}
}

// BenchmarkUpload accepts calls of 1,000 Contacts and works them off, one
// after the other: once new, then known and unchanged.
func BenchmarkUpload(b *testing.B) {
	for _, engine := range []dbtest.Engine{dbtest.SQLite, dbtest.Postgres} {
		for _, kind := range []string{"create", "unchanged"} {
			b.Run(string(engine)+"/"+kind, func(b *testing.B) {
				store := dbtest.Open(b, engine)
				live := benchAccount(b, store)
				system, err := store.Work(b.Context(), db.TenantRef{CompanyID: live.Company.ID, Mode: db.Live})
				if err != nil {
					b.Fatal(err)
				}
				call := func(u db.ContactsUpload) {
					op, err := live.UploadContacts(b.Context(), u)
					if err != nil {
						b.Fatal(err)
					}
					if done, err := system.WorkOperation(b.Context(), op.ID); err != nil || !done {
						b.Fatal(done, err)
					}
				}
				if kind == "unchanged" {
					call(uploadOf(0, 1000))
				}
				n := 0
				for b.Loop() {
					first := n * 1000
					if kind == "unchanged" {
						first = 0
					}
					call(uploadOf(first, 1000))
					n++
				}
				b.ReportMetric(float64(n)*1000/b.Elapsed().Seconds(), "contacts/s")
			})
		}
	}
}

func benchAccount(b *testing.B, store *db.Store) *db.Tenant {
	b.Helper()
	a, err := store.CreateAccount(b.Context(), db.Setup{
		Customer: "Nordlicht Gruppe", Company: "Nordlicht", Country: "DE", Locale: "de", Sender: "kontakt@example.com", Imprint: "Kiel",
	})
	if err != nil {
		b.Fatal(err)
	}
	live, err := store.Authenticate(b.Context(), a.LiveKey)
	if err != nil {
		b.Fatal(err)
	}
	return live
}

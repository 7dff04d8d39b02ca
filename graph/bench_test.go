package graph_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"complero/db"
	"complero/db/dbtest"
	"complero/graph"
)

// ask posts a body and fails unless it is answered without errors.
func (a *api) ask(b *testing.B, as *db.Tenant, body string) {
	r := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	a.handler.ServeHTTP(w, r.WithContext(graph.WithTenant(r.Context(), as)))
	if w.Code != http.StatusOK || strings.Contains(w.Body.String()[:min(20, w.Body.Len())], "errors") {
		b.Fatalf("%d %.500s", w.Code, w.Body)
	}
}

const listOfFifty = `{contacts(first: 50) {nodes {id externalId givenName familyName emails {address use} updatedAt
	employee {id displayName email} events(last: 3) {nodes {id number kind occurredAt}}}}}`

func BenchmarkReads(b *testing.B) {
	for _, engine := range []dbtest.Engine{dbtest.SQLite, dbtest.Postgres} {
		a := newAPI(b, dbtest.Open(b, engine), "Muster")
		a.fill(a.live, 1000)
		for range 3 {
			a.run(a.live, "contactsUpload", "operation { id }", map[string]any{"contacts": contacts(1000)})
		}
		id := a.must(a.live, `{contact(externalId: "K-0007") {id}}`).text("contact.id")
		for name, query := range map[string]string{
			"list of 50":   listOfFifty,
			"one by id":    fmt.Sprintf(`{contact(id: %q) {id givenName familyName employee {id displayName}}}`, id),
			"page of 1000": `{contacts(first: 1000) {nodes {id externalId givenName familyName updatedAt emails {address}}}}`,
		} {
			body := jsonOf(b, map[string]any{"query": query})
			b.Run(fmt.Sprintf("%s/%s", engine, name), func(b *testing.B) {
				b.ReportAllocs()
				b.RunParallel(func(p *testing.PB) {
					for p.Next() {
						a.ask(b, a.live, body)
					}
				})
			})
		}
	}
}

// BenchmarkUpload is contactsUpload of 1,000 items up to where it is stored.
func BenchmarkUpload(b *testing.B) {
	for _, engine := range []dbtest.Engine{dbtest.SQLite, dbtest.Postgres} {
		a := newAPI(b, dbtest.Open(b, engine), "Muster")
		const mutation = `mutation($input: ContactsUploadInput!) {contactsUpload(input: $input) {operation {id} userErrors {code}}}`
		body := jsonOf(b, map[string]any{"query": mutation, "variables": map[string]any{"input": map[string]any{"contacts": contacts(1000)}}})
		b.Run(string(engine), func(b *testing.B) {
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			b.SetParallelism(2)
			b.RunParallel(func(p *testing.PB) {
				for p.Next() {
					a.ask(b, a.live, body)
				}
			})
			b.ReportMetric(float64(b.N)*1000/b.Elapsed().Seconds(), "contacts/s")
		})
	}
}

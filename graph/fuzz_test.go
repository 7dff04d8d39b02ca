package graph_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"complero/db/dbtest"
	"complero/graph"
)

// FuzzGraphQL posts whatever comes and wants a clear answer: JSON, below 500
// and without a fault.
func FuzzGraphQL(f *testing.F) {
	for _, seed := range []string{
		`{"query": "{viewer {test scopes company {id brand {name}}}}"}`,
		`{"query": "query($f: ContactFilter, $n: Int) {contacts(first: $n, filter: $f, orderBy: UPDATED_AT_ASC) {totalCount edges {cursor node {id ...c}}}} fragment c on Contact {events(last: 1) {nodes {id changes {field}}}}", "variables": {"f": {"search": "a b", "updatedSince": "2026-01-01T00:00:00Z"}, "n": 3}}`,
		`{"query": "mutation($input: ContactsUploadInput!) {contactsUpload(input: $input) {operation {id} userErrors {code path}}}", "variables": {"input": {"contacts": [{"externalId": "a", "emails": [{"use": "PRIVATE"}], "customFields": {"a": [1]}}], "source": "crm", "idempotencyKey": "k"}}}`,
		`{"query": "mutation {contactsUpload(input: {contacts: [{externalId: \"a\", emails: [{use: HOME}]}]}) {operation {id}}}"}`,
		`{"query": "mutation($c: [ContactInput!]!, $s: String = \"crm\") {contactsUpload(input: {contacts: $c, source: $s}) {userErrors {message}}}", "variables": {"c": {"externalId": "x"}}}`,
		`{"query": "{events(filter: {kinds: [CREATE], since: \"0001-01-01T00:00:00Z\"}, after: \"WyIxIl0\") {nodes {number kind @skip(if: true) contact {id}}}}"}`,
		`{"query": "query a {node(id: \"contact_1\") {... on Contact {id} ... on Event {id}}} query b {__typename}", "operationName": "b"}`,
		`{"query": "mutation($b: BrandUpdateInput!) {brandUpdate(input: $b) {brand {version} userErrors {code path}}}", "variables": {"b": {"colors": {"primary": "#000"}, "logo": null, "formality": "FORMAL"}}}`,
		`{"query": "mutation($i: SandboxRespondInput!) {sandboxRespond(input: $i) {events {id}}}", "variables": {"i": {"contactExternalId": "a", "data": {"givenName": "\ud800", "emails": []}}}}`,
		`{"query": "{permission(contactExternalId: \"a\", channel: EMAIL, at: \"2020-02-30T00:00:00Z\") {code}}"}`,
		`{"query": "subscription {operation(id: \"operation_1\") {status}}"}`,
		`{"query": "{__schema {types {name fields {name type {ofType {name}}}}}}"}`, `{"query": "{\u0000}"}`, `{`, `[]`, `{"query": "\"\"\""}`,
	} {
		f.Add(seed)
	}
	a := newAPI(f, dbtest.Open(f, dbtest.SQLite), "Muster")
	f.Fuzz(func(t *testing.T, body string) {
		for _, as := range []string{"live", "test"} {
			r := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader(body))
			r.Header.Set("Content-Type", "application/json")
			tenant := a.live
			if as == "test" {
				tenant = a.test
			}
			w := httptest.NewRecorder()
			a.handler.ServeHTTP(w, r.WithContext(graph.WithTenant(r.Context(), tenant)))
			var answer reply
			if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
				t.Fatalf("no JSON: %v: %s", err, w.Body)
			}
			if w.Code >= 500 || answer.code() == "INTERNAL" || w.Code != 200 && len(answer.Errors) == 0 {
				t.Errorf("%d %s", w.Code, w.Body)
			}
		}
	})
}

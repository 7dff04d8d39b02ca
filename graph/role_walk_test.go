package graph_test

import (
	"fmt"
	"strings"
	"testing"

	"complero/db"
)

// TestAnEmployeeSeesNothingOfColleagues walks every field of the schema as an
// Employee, with the ids of a colleague, of the colleague's Contact and of what
// belongs to these, and finds none of their texts.
func TestAnEmployeeSeesNothingOfColleagues(t *testing.T) {
	each(t, func(t *testing.T, a *api) {
		known := a.plant(t)
		a.run(a.live, "employeesUpload", "operation { id }", map[string]any{"employees": []any{map[string]any{"externalId": "own-E", "displayName": "zzown Berger"}}})
		// One Contact was always theirs, one was the colleague's before.
		a.run(a.live, "contactsUpload", "operation { id }", map[string]any{"contacts": []any{
			map[string]any{"externalId": "own-K", "employee": "own-E", "familyName": "zzown"},
			map[string]any{"externalId": "own-L", "employee": marker + "E", "familyName": "zzown"},
		}})
		a.run(a.live, "requestsCreate", "requests { id }", map[string]any{"contactExternalIds": []string{"own-K", "own-L"}})
		a.run(a.live, "contactsUpload", "operation { id }", map[string]any{"contacts": []any{map[string]any{"externalId": "own-L", "employee": "own-E"}}})
		r := a.must(a.live, `{employee(externalId: "own-E") {id}}`)
		own := a.user(db.Grant{Role: db.EmployeeRole, EmployeeID: r.text("employee.id")})
		colleague := a.user(db.Grant{Role: db.EmployeeRole, EmployeeID: known["employee"]})
		w := walk{api: a, known: known, without: []string{"operation"}}
		w.learn()
		nested := func(as *db.Tenant) string {
			const contact = `id externalId employee {externalId displayName contacts(first: 5) {totalCount nodes {externalId}}} sources {externalId} provenance {field}
				events(first: 20) {totalCount nodes {kind employee {externalId} contact {externalId} changes {field before after}}}
				requests(first: 5) {totalCount nodes {id employee {externalId} contact {externalId} deliveries {status}}} consents {id}`
			return a.must(as, `{contacts(first: 10) {totalCount nodes {`+contact+`}} events(first: 100) {nodes {kind contactExternalId employee {externalId} changes {before after}}}
				requests(first: 10) {totalCount nodes {contact {externalId} employee {externalId}}} employees {totalCount nodes {externalId contacts {totalCount}}}}`).body
		}
		for _, all := range []string{w.everything(own), nested(own)} {
			if at := strings.Index(all, marker); at >= 0 {
				t.Errorf("the Employee sees …%s…", all[max(0, at-300):min(len(all), at+200)])
			}
			if !strings.Contains(all, "own-K") || !strings.Contains(all, "own-L") {
				t.Error("the Employee does not find their own Contacts")
			}
		}
		if !strings.Contains(w.everything(own), "zzown Berger") {
			t.Error("the Employee does not find themselves")
		}
		if theirs := w.everything(colleague); !strings.Contains(theirs, known["contact"]) || strings.Contains(theirs, "zzown") {
			t.Error("the colleague sees what they should not, or not their own")
		}
	})
}

// TestSupportReadsNoAddress walks every field of the schema in a part-masked
// role, and finds the Contact, but nowhere a whole address, number or date.
func TestSupportReadsNoAddress(t *testing.T) {
	each(t, func(t *testing.T, a *api) {
		known := a.plant(t)
		const address = "azzsecret@example.com"
		a.run(a.live, "contactsUpload", "operation { id }", map[string]any{"contacts": []any{map[string]any{
			"externalId": address, "employee": marker + "E", "givenName": "Juliane", "familyName": "Kettenis", "birthDate": "1970-02-28",
			"emails": []any{map[string]any{"address": address}}, "phones": []any{map[string]any{"number": "0160 4905728"}},
			"addresses":    []any{map[string]any{"street": "Azzsecretstraße", "houseNumber": "9zzsecret", "addition": "zzsecret", "postalCode": "24103", "city": "Kiel", "countryCode": "DE"}},
			"customFields": map[string]any{"vehicle": "zzsecret"}, "metadata": map[string]any{"note": "zzsecret"},
		}}})
		a.run(a.live, "requestsCreate", "requests { id }", map[string]any{"contactExternalIds": []string{address}})
		a.run(a.live, "contactStop", "contact { id }", map[string]any{"externalId": address, "reason": "wrote from " + address})
		r := a.must(a.live, fmt.Sprintf(`{contact(externalId: %q) {id requests {nodes {id}} events {nodes {id}}}}`, address))
		known["contact"], known["request"], known["event"] = r.text("contact.id"), r.text("contact.requests.nodes.0.id"), r.text("contact.events.nodes.0.id")
		w := walk{api: a, known: known}
		w.learn()
		whole := w.everything(a.live)
		w.without = []string{"events"}
		support := a.user(db.Grant{Role: db.Support})
		asker := func(as *db.Tenant) string {
			return a.must(as, `query($q: String!) {contacts(filter: {search: $q}) {nodes {externalId externalIds {value} displayName birthDate emails {address} phones {number}
				addresses {street houseNumber addition postalCode city} customFields metadata sources {externalId values {field value}} provenance {field} requests {nodes {link deliveries {detail}}}}}}`,
				"q", address).body
		}
		secrets := []string{"zzsecret", "4905728", "1970-02", "/u/"}
		for _, secret := range secrets {
			if !strings.Contains(whole, secret) {
				t.Errorf("the walk does not find %q even for a key", secret)
			}
		}
		for _, seen := range []string{w.everything(support), asker(support)} {
			for _, secret := range secrets {
				if at := strings.Index(seen, secret); at >= 0 {
					t.Errorf("SUPPORT sees …%s…", seen[max(0, at-300):min(len(seen), at+100)])
				}
			}
			for _, part := range []string{"Juliane", "Kettenis", "24103", "Kiel", "•••@example.com", "•••• 728"} {
				if !strings.Contains(seen, part) {
					t.Errorf("SUPPORT does not see %q", part)
				}
			}
		}
		log := a.must(a.live, `query($id: ID!) {auditLog(filter: {target: $id}) {nodes {viewerKind action viewerId}}}`, "id", known["contact"])
		if e := "auditLog.nodes.0."; log.text(e+"viewerId") != support.Viewer.UserID || log.text(e+"action") == "" {
			t.Errorf("the audit log: %s", log.body)
		}
	})
}

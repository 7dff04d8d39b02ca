package graph_test

import (
	"fmt"
	"strings"
	"testing"

	"complero/db"
)

// TestAnAgencySeesNothingOfOthers walks every field of the schema with the key
// of an agency and as one of its people, and finds nothing of what the central CRM or another agency
// brought, nor the ids by which they know a Contact whom the agency knows too.
func TestAnAgencySeesNothingOfOthers(t *testing.T) {
	each(t, func(t *testing.T, a *api) {
		known := a.plant(t)
		a.run(a.live, "sourceSave", "source { key }", map[string]any{"key": "agency", "name": "Agentur"})
		a.run(a.live, "sourceSave", "source { key }", map[string]any{"key": marker + "other", "name": marker + "name"})
		agency := a.agency("agency")
		// Somebody whom the central CRM knows too, merged.
		a.run(agency, "employeesUpload", "operation { id }", map[string]any{"employees": []any{map[string]any{"externalId": "own-E", "displayName": "zzown Berger"}}})
		a.run(agency, "contactsUpload", "operation { id }", map[string]any{"contacts": []any{
			map[string]any{"externalId": "own-K", "employee": "own-E", "familyName": "zzown"}, map[string]any{"externalId": "own-L", "familyName": "zzown"},
		}})
		a.run(a.live, "contactsUpload", "operation { id }", map[string]any{"contacts": []any{map[string]any{
			"externalId": marker + "S", "employee": marker + "E", "givenName": "Shared",
		}}})
		r := a.must(a.live, fmt.Sprintf(`{crm: contact(externalId: %q) {id} own: contact(externalId: "own-K", source: "agency") {id}}`, marker+"S"))
		a.run(a.live, "contactsMerge", "merge { id }", map[string]any{"keep": r.text("crm.id"), "merge": r.text("own.id")})
		a.run(agency, "requestsCreate", "requests { id }", map[string]any{"contactExternalIds": []string{"own-K"}})
		seen := a.must(agency, `{contacts {nodes {externalId externalIds {source value} givenName sources {source {key} values {field}} provenance {field source}}} sources {key} viewer {source}}`)
		equal(t, "the agency's Contacts", seen.text("contacts.nodes.0.externalId")+" "+seen.text("contacts.nodes.1.externalId"), "own-K own-L")
		equal(t, "what is on file of a shared one", seen.text("contacts.nodes.0.givenName"), "Shared")
		equal(t, "its viewer", seen.text("viewer.source"), "agency")
		equal(t, "its Sources", seen.at("sources"), "[map[key:agency]]")
		equal(t, "the views", seen.text("contacts.nodes.0.sources.0.source.key"), "agency")
		if strings.Contains(seen.body, `"crm"`) {
			t.Errorf("the agency learns who else knows its Contact: %s", seen.body)
		}

		w := walk{api: a, known: known}
		w.learn()
		user := a.user(db.Grant{Role: db.AgencyRole, Source: "agency"})
		for _, all := range []string{w.everything(agency), a.own(agency), w.everything(user), a.own(user)} {
			for _, text := range []string{marker, `"crm"`} {
				// What every caller may see: the wordings that Contacts are asked to agree to.
				if at := strings.Index(all, text); at >= 0 {
					t.Errorf("the agency sees …%s…", all[max(0, at-300):min(len(all), at+200)])
				}
			}
		}
		for _, as := range []*db.Tenant{agency, user} {
			if own := w.everything(as); !strings.Contains(own, "zzown Berger") || !strings.Contains(own, "own-L") {
				t.Errorf("the agency, as %s, does not find its own", as.Viewer.Kind)
			}
		}
	})
}

// agency makes a live key that is bound to a Source.
func (a *api) agency(source string) *db.Tenant {
	a.t.Helper()
	r := a.run(a.live, "apiKeyCreate", "secret apiKey { source scopes }", map[string]any{"name": source, "source": source})
	equal(a.t.(*testing.T), "errors", r.userErrors("payload"), "")
	return a.tenant(r.text("payload.secret"))
}

// own asks for what belongs to the agency's own Contacts.
func (a *api) own(agency *db.Tenant) string {
	a.t.Helper()
	const contact = `id externalId externalIds {source value} employee {externalId displayName} merges {id mergedId}
		sources {source {key} externalId values {field value}} provenance {field source}
		events(first: 20) {nodes {kind source contactExternalId employee {externalId} contact {externalId} operation {id} changes {field before after}}}
		requests(first: 5) {nodes {id employee {externalId} contact {externalId}}} consents {id}`
	r := a.must(agency, `{contacts(first: 10) {nodes {`+contact+`}} events(first: 1000) {nodes {kind source contactExternalId employee {externalId} changes {field before after}}}
		operations(first: 10) {nodes {id source items(first: 10) {nodes {externalId contact {externalId}}}}} employees(first: 10) {nodes {externalId contacts(first: 10) {nodes {externalId}}}}
		requests {nodes {id contact {externalId}}} report {contacts requests}}`)
	return r.body
}

func TestAnAgencyMayNotDecideForTheCompany(t *testing.T) {
	each(t, func(t *testing.T, a *api) {
		a.run(a.live, "sourceSave", "source { key }", map[string]any{"key": "agency", "name": "Agentur"})
		_, secret, err := a.live.CreateKey(t.Context(), db.KeyCreate{Name: "all", Source: ptr("agency"), Scopes: db.AllScopes()})
		if err != nil {
			t.Fatal(err)
		}
		agency := a.tenant(secret)
		for _, query := range []string{
			`{apiKeys {id}}`,
			`{mergeSuggestions {nodes {id}}}`,
			`{contacts {nodes {id}} contact(externalId: "K", source: "crm") {id}}`,
			`mutation {sourceSave(input: {key: "agency", rank: 0}) {source {rank}}}`,
			`mutation {apiKeyCreate(input: {name: "mine"}) {secret}}`,
			`mutation {apiKeyRevoke(input: {id: "key_1"}) {apiKey {id}}}`,
			`mutation {contactsMerge(input: {keep: "a", merge: "b"}) {merge {id}}}`,
			`mutation {contactUnmerge(input: {mergeId: "a"}) {merge {id}}}`,
			`mutation {mergeConfirm(input: {id: "a"}) {merge {id}}}`,
			`mutation {mergeDismiss(input: {id: "a"}) {suggestion {id}}}`,
			`mutation {companyUpdate(input: {name: "Meine"}) {company {id}}}`,
			`mutation {brandUpdate(input: {name: "Meine"}) {brand {name}}}`,
			`mutation {brandPublish {brand {name}}}`,
			`mutation {brandRollback(input: {version: 1}) {brand {name}}}`,
			`mutation {brandImportTokens(input: {tokens: {}}) {brand {name}}}`,
			`mutation {consentDefinitionSave(input: {key: "x", wordings: []}) {definition {id}}}`,
			`mutation {contactsUpload(input: {source: "crm", contacts: [{externalId: "1"}]}) {operation {id}}}`,
			`mutation {employeesUpload(input: {source: "crm", employees: [{externalId: "1"}]}) {operation {id}}}`,
			`mutation {contactsDelete(input: {source: "crm", externalIds: ["1"]}) {operation {id}}}`,
			`mutation {contactStop(input: {source: "crm", externalId: "1"}) {contact {id}}}`,
			`mutation {requestsCreate(input: {source: "crm", contactExternalIds: ["1"]}) {requests {id}}}`,
		} {
			if r := a.call(agency, query); r.code() != "FORBIDDEN" {
				t.Errorf("%s was answered with %s", query, r.body)
			}
		}
	})
}

func TestSuggestionsAreDecidedByAPI(t *testing.T) {
	each(t, func(t *testing.T, a *api) {
		a.run(a.live, "contactsUpload", "operation { id }", map[string]any{"contacts": []any{map[string]any{
			"externalId": "K-1", "familyName": "Kettenis", "title": "Dr.", "emails": []any{map[string]any{"address": "j@example.com"}},
		}}})
		a.run(a.live, "sourceSave", "source { key }", map[string]any{"key": "agency", "name": "Agentur", "identity": "SUGGEST"})
		agency := a.agency("agency")
		a.run(agency, "contactsUpload", "operation { id }", map[string]any{"contacts": []any{map[string]any{
			"externalId": "A-1", "familyName": "Kettenis", "title": "Prof.", "emails": []any{map[string]any{"address": "J@example.com"}},
		}}})
		system, err := a.store.Work(t.Context(), db.TenantRef{CompanyID: a.live.Company.ID, Mode: db.Live})
		if err != nil {
			t.Fatal(err)
		}
		if more, err := system.MatchContacts(t.Context()); err != nil || more {
			t.Fatal(more, err)
		}
		r := a.must(a.live, `{mergeSuggestions(first: 1) {totalCount nodes {id marks status contact {externalId} other {externalId}} edges {cursor}}}`)
		equal(t, "the suggestion", fmt.Sprint(r.at("mergeSuggestions.nodes.0.contact.externalId"), r.at("mergeSuggestions.nodes.0.other.externalId"),
			r.at("mergeSuggestions.nodes.0.marks"), r.at("mergeSuggestions.totalCount")), "K-1A-1[EMAIL]1")
		m := a.run(a.live, "mergeConfirm", "merge { id undoable automatic } contact { externalIds { source value } title merges { id } sources { externalId } provenance { field source by } }",
			map[string]any{"id": r.text("mergeSuggestions.nodes.0.id")})
		equal(t, "errors", m.userErrors("payload"), "")
		equal(t, "the title", m.text("payload.contact.title"), "Dr.")
		equal(t, "the ids", m.at("payload.contact.externalIds"), "[map[source:agency value:A-1] map[source:crm value:K-1]]")
		u := a.run(a.live, "contactUnmerge", "contact { externalId } restored { externalId title } merge { undoneAt }", map[string]any{"mergeId": m.text("payload.merge.id")})
		equal(t, "the restored one", u.text("payload.restored.externalId")+" "+u.text("payload.restored.title"), "A-1 Prof.")
		again := a.run(a.live, "contactUnmerge", "merge { id }", map[string]any{"mergeId": m.text("payload.merge.id")})
		equal(t, "undone twice", again.userErrors("payload"), "CONFLICT input.mergeId")
	})
}

func ptr[T any](v T) *T { return &v }

package graph_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"complero/db"
)

const uploadMutation = `mutation($input: ContactsUploadInput!) {contactsUpload(input: $input) {operation {id total source} userErrors {code path message}}}`

// TestMisfitsRejectTheWholeCall says the same in variables and as literals.
func TestMisfitsRejectTheWholeCall(t *testing.T) {
	a := one(t)
	tests := []struct{ name, json, literal, path string }{
		{"an unknown field", `[{"externalId": "a"}, {"externalID": "b"}]`, `[{externalId: "a"}, {externalID: "b"}]`, "input.contacts.1.externalID"},
		{"an unknown field of an entry", `[{"emails": [{"mail": "x"}]}]`, `[{emails: [{mail: "x"}]}]`, "input.contacts.0.emails.0.mail"},
		{"an unknown enum value", `[{}, {}, {}, {"emails": [{"use": "HOME"}]}]`, `[{}, {}, {}, {emails: [{use: HOME}]}]`, "input.contacts.3.emails.0.use"},
		{"an enum value in small letters", `[{"phones": [{"kind": "mobile"}]}]`, `[{phones: [{kind: mobile}]}]`, "input.contacts.0.phones.0.kind"},
		{"a number for a text", `[{"externalId": 7}]`, `[{externalId: 7}]`, "input.contacts.0.externalId"},
		{"true for a text", `[{"addresses": [{}, {"city": true}]}]`, `[{addresses: [{}, {city: true}]}]`, "input.contacts.0.addresses.1.city"},
		{"a text for a list", `[{"emails": "a@example.com"}]`, `[{emails: "a@example.com"}]`, "input.contacts.0.emails"},
		{"a null item", `[{"externalId": "a"}, null]`, `[{externalId: "a"}, null]`, "input.contacts.1"},
		{"no list", `null`, `null`, "input.contacts"},
		{"a text", `"x"`, `"x"`, "input.contacts"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			body := fmt.Sprintf(`{"query": %q, "variables": {"input": {"contacts": %s}}}`, uploadMutation, tt.json)
			got := a.send(a.live, body, "application/json")
			equal(t, "variables", fmt.Sprint(got.status)+" "+got.code()+" "+got.path(), "400 BAD_VARIABLE "+tt.path)
			got = a.call(a.live, fmt.Sprintf(`mutation {contactsUpload(input: {contacts: %s}) {operation {id}}}`, tt.literal))
			equal(t, "literal", fmt.Sprint(got.status)+" "+got.code()+" "+got.path(), "400 BAD_VARIABLE "+tt.path)
			got = a.send(a.live, fmt.Sprintf(`{"query": "mutation($c: [ContactInput!]!) {contactsUpload(input: {contacts: $c}) {operation {id}}}", "variables": {"c": %s}}`, tt.json), "application/json")
			equal(t, "variable of items", got.path(), strings.Replace(tt.path, "input.contacts", "c", 1))
		})
	}
	for _, tt := range []struct{ name, input, path string }{
		{"no contacts", `{}`, "input.contacts"},
		{"an unknown field of the input", `{"contacts": [], "sauce": "crm"}`, "input.sauce"},
		{"no input", `null`, "input"},
		{"a list for an input", `[]`, "input"},
	} {
		got := a.send(a.live, fmt.Sprintf(`{"query": %q, "variables": {"input": %s}}`, uploadMutation, tt.input), "application/json")
		equal(t, tt.name, got.code()+" "+got.path(), "BAD_VARIABLE "+tt.path)
	}
	if n := len(a.must(a.live, `{operations {nodes {id}}}`).at("operations.nodes").([]any)); n != 0 {
		t.Errorf("%d calls were accepted", n)
	}
}

func TestUploadsAreTheSameHoweverTheyAreWritten(t *testing.T) {
	each(t, func(t *testing.T, a *api) {
		const want = `K-1 Änne "quoted" \ 😀 `
		const item = `{"externalId": "K-1", "givenName": "Änne \"quoted\" \\ 😀", "familyName": null, "emails": [{"address": "a@example.com", "use": "BUSINESS"}], "customFields": {"n": 1.5, "ok": true}}`
		const literal = `{externalId: "K-1", givenName: "Änne \"quoted\" \\ 😀", familyName: null, emails: [{address: "a@example.com", use: BUSINESS}], customFields: {n: 1.5, ok: true}}`
		for i, body := range []string{
			fmt.Sprintf(`{"query": %q, "variables": {"input": {"contacts": [ %s ], "source": "crm"}}}`, uploadMutation, item),
			fmt.Sprintf(`{"variables": {"input": {"contacts": %s}}, "query": %q}`, item, uploadMutation), // one for a list
			fmt.Sprintf(`{"query": %q, "variables": {"in\u0070ut": {"cont\u0061cts": [%s]}}}`, uploadMutation, item),
			fmt.Sprintf(`{"query": "mutation($c: [ContactInput!]!) {contactsUpload(input: {contacts: $c}) {operation {id}}}", "variables": {"c": [%s]}}`, item),
			fmt.Sprintf(`{"query": "mutation($c: ContactInput!) {contactsUpload(input: {contacts: [$c]}) {operation {id}}}", "variables": {"c": %s}}`, item),
			jsonOf(t, map[string]any{"query": fmt.Sprintf(`mutation {contactsUpload(input: {contacts: [%s]}) {operation {id}}}`, literal)}),
			jsonOf(t, map[string]any{"query": fmt.Sprintf(`mutation($i: ContactsUploadInput = {contacts: [%s]}) {contactsUpload(input: $i) {operation {id}}}`, literal)}),
		} {
			r := a.send(a.live, body, "application/json")
			id := r.text("contactsUpload.operation.id")
			if id == "" {
				t.Fatalf("%d: %s", i, r.body)
			}
			a.work(a.live, id)
			r = a.must(a.live, `query($id: ID!) {operation(id: $id) {total processed rejected items {nodes {outcome errors {code path}}}} contact(externalId: "K-1") {externalId givenName familyName emails {address use} customFields}}`, "id", id)
			equal(t, fmt.Sprint(i, " counts"), r.text("operation.total")+r.text("operation.processed")+r.text("operation.rejected"), "110")
			equal(t, fmt.Sprint(i, " Contact"), r.text("contact.externalId")+" "+r.text("contact.givenName")+" "+r.text("contact.familyName"), want)
			equal(t, fmt.Sprint(i, " e-mail"), r.text("contact.emails.0.address")+r.text("contact.emails.0.use"), "a@example.comBUSINESS")
			equal(t, fmt.Sprint(i, " custom fields"), r.text("contact.customFields.n")+r.text("contact.customFields.ok"), "1.5true")
		}
	})
}

func TestUploadsAnswerWhatTheirCallerCanMend(t *testing.T) {
	each(t, func(t *testing.T, a *api) {
		a.fill(a.live, 1)
		const selection = "operation { id }"
		tests := []struct {
			name, mutation, want string
			input                map[string]any
		}{
			{"1,001 Contacts", "contactsUpload", "TOO_MANY_ITEMS input.contacts", map[string]any{"contacts": contacts(1001)}},
			{"no Contacts", "contactsUpload", "REQUIRED input.contacts", map[string]any{"contacts": []any{}}},
			{"an unknown Source", "contactsUpload", "NOT_FOUND input.source", map[string]any{"contacts": contacts(1), "source": "erp"}},
			{"1,001 Employees", "employeesUpload", "TOO_MANY_ITEMS input.employees", map[string]any{"employees": employees(1001)}},
			{"deleting nobody", "contactsDelete", "REQUIRED input.externalIds", map[string]any{"externalIds": []string{}}},
			{"an unknown heir", "employeesDelete", "NOT_FOUND input.reassignTo", map[string]any{"externalIds": []string{"E-1"}, "reassignTo": "E-99"}},
			{"an heir who goes", "employeesDelete", "INVALID input.reassignTo", map[string]any{"externalIds": []string{"E-1"}, "reassignTo": "E-1"}},
		}
		for _, tt := range tests {
			equal(t, tt.name, a.run(a.live, tt.mutation, selection, tt.input).userErrors("payload"), tt.want)
		}
		items := []any{
			map[string]any{},
			map[string]any{"externalId": "a", "employee": "nobody"},
			map[string]any{"externalId": "b", "emails": []any{map[string]any{"address": "no address"}}},
			map[string]any{"externalId": "c", "givenName": "nul\x00"},
			map[string]any{"externalId": "d", "familyName": strings.Repeat("x", 300)},
			map[string]any{"externalId": "e", "birthDate": "0001-01-01"},
			map[string]any{"externalId": "f", "givenName": "مرحبا 😀"},
			map[string]any{"externalId": "f"},
			map[string]any{"externalId": "g", "emails": nil},
		}
		r := a.run(a.live, "contactsUpload", selection, map[string]any{"contacts": items})
		id := r.text("payload.operation.id")
		r = a.must(a.live, `query($id: ID!) {operation(id: $id) {status created rejected items(filter: {outcome: REJECTED}) {totalCount nodes {index errors {code path}}}}}`, "id", id)
		equal(t, "counts", r.text("operation.status")+" "+r.text("operation.created")+" "+r.text("operation.rejected"), "COMPLETED 2 7")
		var rejected []string
		for i := range 7 {
			at := fmt.Sprintf("operation.items.nodes.%d.", i)
			path, _ := r.at(at + "errors.0.path").([]any)
			rejected = append(rejected, r.text(at+"errors.0.code")+" "+joined(path))
		}
		equal(t, "rejected", strings.Join(rejected, "\n"), strings.Join([]string{
			"REQUIRED input.contacts.0.externalId", "NOT_FOUND input.contacts.1.employee", "INVALID_EMAIL input.contacts.2.emails.0.address",
			"INVALID input.contacts.3.givenName", "TOO_LONG input.contacts.4.familyName", "INVALID_DATE input.contacts.5.birthDate",
			"TAKEN input.contacts.7.externalId",
		}, "\n"))
	})
}

func TestABrokenSurrogateIsRefusedAlone(t *testing.T) {
	a := one(t)
	r := a.send(a.live, fmt.Sprintf(`{"query": %q, "variables": {"input": {"contacts": [{"externalId": "a", "givenName": "x\ud800"}, {"externalId": "b"}]}}}`, uploadMutation), "application/json")
	id := r.text("contactsUpload.operation.id")
	a.work(a.live, id)
	r = a.must(a.live, `query($id: ID!) {operation(id: $id) {created rejected items {nodes {errors {code path}}}}}`, "id", id)
	equal(t, "counts", r.text("operation.created")+r.text("operation.rejected"), "11")
	equal(t, "error", fmt.Sprint(r.at("operation.items.nodes.0.errors.0.path")), "[input contacts 0 givenName]")
}

func TestARepeatedCallReturnsTheFirstResult(t *testing.T) {
	each(t, func(t *testing.T, a *api) {
		a.fill(a.live, 2)
		upload := func(n int, key string) map[string]any {
			return map[string]any{"contacts": contacts(n), "idempotencyKey": key}
		}
		first := a.run(a.live, "contactsUpload", "operation { id }", upload(2, "one")).text("payload.operation.id")
		again := a.run(a.live, "contactsUpload", "operation { id }", upload(2, "one")).text("payload.operation.id")
		equal(t, "the same key and input", again, first)
		other := a.run(a.live, "contactsUpload", "operation { id }", upload(1, "one"))
		equal(t, "another input", other.userErrors("payload"), "IDEMPOTENCY_CONFLICT input.idempotencyKey")
		if a.run(a.test, "contactsUpload", "operation { id }", upload(2, "one")).text("payload.operation.id") == first {
			t.Error("test mode knows live mode's key")
		}
		var ids [2]string
		var both sync.WaitGroup
		body := jsonOf(t, map[string]any{"query": uploadMutation, "variables": map[string]any{"input": upload(2, "two")}})
		for i := range ids {
			both.Go(func() { ids[i] = a.send(a.live, body, "application/json").text("contactsUpload.operation.id") })
		}
		both.Wait()
		if ids[0] == "" || ids[0] != ids[1] {
			t.Errorf("two at once got %q", ids)
		}
		stop := map[string]any{"externalId": "K-0001", "idempotencyKey": "stop"}
		a.run(a.live, "contactStop", "contact { id }", stop)
		r := a.run(a.live, "contactStop", "contact { stoppedAt events(filter: {kinds: [STOP]}) { nodes { id } } }", stop)
		equal(t, "stops", len(r.at("payload.contact.events.nodes").([]any)), 1)
	})
}

func TestEmployeesKeepNullAndAbsentApart(t *testing.T) {
	each(t, func(t *testing.T, a *api) {
		a.fill(a.live, 0+1)
		a.run(a.live, "employeesUpload", "operation { id }", map[string]any{"employees": []any{
			map[string]any{"externalId": "E-1", "jobTitle": "Beraterin"}, map[string]any{"externalId": "E-2", "email": nil},
		}})
		r := a.must(a.live, `{a: employee(externalId: "E-1") {email jobTitle} b: employee(externalId: "E-2") {email givenName}}`)
		equal(t, "E-1", r.text("a.email")+" "+r.text("a.jobTitle"), "e1@example.com Beraterin")
		equal(t, "E-2", r.text("b.email")+" "+r.text("b.givenName"), " Erik")
	})
}

func TestTestModeIsApart(t *testing.T) {
	each(t, func(t *testing.T, a *api) {
		a.fill(a.live, 3)
		r := a.must(a.test, `{viewer {test} contacts {totalCount nodes {id}} events {totalCount nodes {id}} operations {nodes {id}} report {contacts}}`)
		want := `{"contacts":{"nodes":[],"totalCount":0},"events":{"nodes":[],"totalCount":0},"operations":{"nodes":[]},"report":{"contacts":0},"viewer":{"test":true}}`
		equal(t, "a test key sees", strings.TrimSpace(jsonOf(t, r.Data)), want)
		for mutation, input := range map[string]map[string]any{
			"companyUpdate":         {"name": "x"},
			"brandUpdate":           {"name": "x"},
			"brandRollback":         {"version": 1},
			"brandImportTokens":     {"tokens": map[string]any{}},
			"customFieldSave":       {"key": "k", "type": "TEXT", "labels": []any{map[string]any{"locale": "de", "label": "l"}}},
			"customFieldDelete":     {"key": "k"},
			"consentDefinitionSave": {"key": "k", "wordings": []any{map[string]any{"locale": "de", "title": "t", "wording": "w"}}},
		} {
			equal(t, mutation, a.run(a.test, mutation, "__typename", input).userErrors("payload"), "LIVE_ONLY")
		}
		equal(t, "sandboxRespond", a.run(a.live, "sandboxRespond", "__typename", map[string]any{"contactExternalId": "K-0001", "confirm": true}).userErrors("payload"), "TEST_ONLY")
	})
}

// limited is a Tenant with certain rights only.
func limited(t *db.Tenant, rights ...db.Right) *db.Tenant {
	narrow := *t
	narrow.Viewer.Rights = rights
	return &narrow
}

func TestMissingRightsAreToldAtTheTop(t *testing.T) {
	a := one(t)
	a.fill(a.live, 2)
	reader := limited(a.live, db.ContactsRead)
	r := a.call(reader, `{contacts {nodes {externalId employee {id}}}}`)
	equal(t, "a nullable field", r.code()+" "+r.text("contacts.nodes.0.externalId"), "FORBIDDEN K-0001")
	for _, query := range []string{
		`{events {nodes {id}}}`, `{requests {nodes {id}}}`, `{operations {nodes {id}}}`, `{report {contacts}}`, `{consents {nodes {id}}}`,
		`{consentDefinitions {id}}`, `{customFields {key}}`, `{fieldPolicies {field}}`, `{company {id}}`, `{employees {nodes {id}}}`, `{contacts {nodes {events {nodes {id}}}}}`,
		`mutation {customFieldDelete(input: {key: "k"}) {customField {key}}}`, `mutation {fieldPolicySave(input: []) {policies {field}}}`,
		`mutation {contactsDelete(input: {externalIds: ["K-0001"]}) {operation {id}}}`, `mutation {companyUpdate(input: {name: "x"}) {company {id}}}`,
		`mutation {contactStop(input: {externalId: "K-0001"}) {contact {id}}}`, `mutation {requestsCreate(input: {contactExternalIds: ["K-0001"]}) {requests {id}}}`,
		`mutation {eventsAcknowledge(input: {consumer: "x", through: "event_1"}) {acknowledged}}`,
	} {
		r := a.call(reader, query)
		equal(t, query, r.code(), "FORBIDDEN")
		if len(r.Errors) > 0 && r.Errors[0].Extensions["requestId"] != "req-1" {
			t.Errorf("%s: no request id", query)
		}
	}
	equal(t, "customer", a.must(reader, `{customer {id} viewer {customer {id} scopes}}`).text("viewer.scopes.0"), "contacts:read")
	a.run(a.live, "requestsCreate", "requests { id }", map[string]any{"contactExternalIds": []string{"K-0001"}})
}

package graph_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"complero/db"
)

func TestPagesJoinUpBothWays(t *testing.T) {
	each(t, func(t *testing.T, a *api) {
		a.fill(a.live, 7)
		a.run(a.live, "contactsUpload", "operation { id }", map[string]any{"contacts": contacts(7)})
		all := []string{"K-0006", "K-0005", "K-0004", "K-0003", "K-0002", "K-0001", "K-0000"}
		const query = `query($first: Int, $after: String, $last: Int, $before: String) {
			list: contacts(first: $first, after: $after, last: $last, before: $before) {
				totalCount pageInfo {hasNextPage hasPreviousPage startCursor endCursor} edges {cursor node {externalId}} nodes {externalId}}}`
		for _, step := range []struct {
			size, from, cursor, more string
			backwards                bool
		}{{"first", "after", "endCursor", "hasNextPage", false}, {"last", "before", "startCursor", "hasPreviousPage", true}} {
			var seen []string
			var cursor any
			for pages := 0; pages < 10; pages++ {
				r := a.must(a.live, query, step.size, 3, step.from, cursor)
				nodes, _ := r.at("list.nodes").([]any)
				var page []string
				for i := range nodes {
					page = append(page, r.text(fmt.Sprintf("list.nodes.%d.externalId", i)))
					equal(t, "edge", r.text(fmt.Sprintf("list.edges.%d.node.externalId", i)), page[i])
				}
				equal(t, "totalCount", r.text("list.totalCount"), "7")
				if step.backwards {
					seen = append(page, seen...)
				} else {
					seen = append(seen, page...)
				}
				cursor = r.at("list.pageInfo." + step.cursor)
				if r.text("list.pageInfo."+step.more) == "false" {
					break
				}
			}
			equal(t, step.size, seen, all)
		}
		for name, list := range map[string]string{
			"contacts": "contacts(%s) {nodes {id}}", "employees": "employees(%s) {nodes {id}}", "events": "events(%s) {nodes {id}}",
			"requests": "requests(%s) {nodes {id}}", "operations": "operations(%s) {nodes {id}}", "consents": "consents(%s) {nodes {id}}",
			"events of a Contact": `contact(externalId: "K-0001") {events(%s) {nodes {id}}}`, "Contacts of an Employee": `employee(externalId: "E-1") {contacts(%s) {nodes {id}}}`,
			"Requests of a Contact": `contact(externalId: "K-0001") {requests(%s) {nodes {id}}}`,
		} {
			for args, want := range map[string]string{
				"first: 0": "BAD_PAGE_SIZE", "last: 1001": "BAD_PAGE_SIZE", "first: -1": "BAD_PAGE_SIZE", "first: 1, last: 1": "BAD_PAGE_SIZE",
				`after: "x"`: "BAD_CURSOR", `before: "!"`: "BAD_CURSOR", `first: 1`: "", `last: 1000`: "",
			} {
				equal(t, name+" "+args, a.call(a.live, "{"+fmt.Sprintf(list, args)+"}").code(), want)
			}
		}
	})
}

func TestCursorsBelongToTheirList(t *testing.T) {
	each(t, func(t *testing.T, a *api) {
		a.fill(a.live, 2)
		event := a.must(a.live, `{events(first: 1) {pageInfo {endCursor}}}`).text("events.pageInfo.endCursor")
		for _, list := range []string{"contacts", "operations", "requests", "consents", "employees"} {
			equal(t, list, a.call(a.live, `query($c: String) {`+list+`(after: $c) {nodes {id}}}`, "c", event).code(), "BAD_CURSOR")
		}
	})
}

func TestWhatIsMissingIsNull(t *testing.T) {
	each(t, func(t *testing.T, a *api) {
		r := a.run(a.live, "contactsUpload", "operation { id }", map[string]any{"contacts": []any{map[string]any{
			"externalId": "K-1", "familyName": "Muster", "addresses": []any{map[string]any{"city": "Mainz"}},
		}}})
		a.work(a.live, r.text("payload.operation.id"))
		r = a.must(a.live, `{contact(externalId: "K-1") {addresses {street houseNumber addition postalCode city region}} events {nodes {changes {field item}}}}`)
		equal(t, "address", strings.TrimSpace(jsonOf(t, r.at("contact.addresses.0"))), `{"addition":null,"city":"Mainz","houseNumber":null,"postalCode":null,"region":null,"street":null}`)
		equal(t, "change", strings.TrimSpace(jsonOf(t, r.at("events.nodes.0.changes.0"))), `{"field":"familyName","item":null}`)
		if r.text("events.nodes.0.changes.1.item") == "" {
			t.Errorf("the address has no id: %s", r.body)
		}
	})
}

func TestEventsOfSeveralContactsArePagedByContact(t *testing.T) {
	each(t, func(t *testing.T, a *api) {
		for range 3 {
			a.fill(a.live, 3)
		}
		const query = `query($first: Int, $after: String, $last: Int, $before: String) {contacts(orderBy: CREATED_AT_ASC) {nodes {
			events(first: $first, after: $after, last: $last, before: $before) {totalCount nodes {number kind} pageInfo {hasNextPage hasPreviousPage startCursor endCursor}}}}}`
		numbers := func(r *reply, contact int) string {
			var list []string
			nodes, _ := r.at(fmt.Sprintf("contacts.nodes.%d.events.nodes", contact)).([]any)
			for i := range nodes {
				list = append(list, r.text(fmt.Sprintf("contacts.nodes.%d.events.nodes.%d.number", contact, i)))
			}
			return strings.Join(list, " ")
		}
		last := a.must(a.live, query, "last", 2)
		first := a.must(a.live, query, "first", 2)
		beyond := a.must(a.live, query, "first", 2, "after", first.at("contacts.nodes.1.events.pageInfo.endCursor"))
		for contact := range 3 {
			own := []int{contact + 1, contact + 4, contact + 7}
			equal(t, "last 2", numbers(last, contact), fmt.Sprintf("%d %d", own[1], own[2]))
			equal(t, "first 2", numbers(first, contact), fmt.Sprintf("%d %d", own[0], own[1]))
			var want []string
			for _, n := range own {
				if n > 5 {
					want = append(want, fmt.Sprint(n))
				}
			}
			equal(t, "after the second Contact's second event", numbers(beyond, contact), strings.Join(want, " "))
			at := fmt.Sprintf("contacts.nodes.%d.events.", contact)
			equal(t, "totalCount", last.text(at+"totalCount"), "3")
			equal(t, "more", last.text(at+"pageInfo.hasPreviousPage")+first.text(at+"pageInfo.hasNextPage"), "truetrue")
		}
	})
}

func TestNodesAreFoundByTheirKind(t *testing.T) {
	each(t, func(t *testing.T, a *api) {
		a.fill(a.live, 2)
		a.saveDefinition(t)
		a.run(a.live, "requestsCreate", "requests { id }", map[string]any{"contactExternalIds": []string{"K-0001"}})
		other := newAPI(t, a.store, "Andere")
		for kind, path := range map[string]string{
			"Contact": "contacts.nodes.0.id", "Employee": "employees.nodes.0.id", "Operation": "operations.nodes.0.id", "Event": "events.nodes.0.id",
			"Request": "requests.nodes.0.id", "ConsentDefinition": "consentDefinitions.0.id", "Company": "company.id", "Customer": "customer.id",
		} {
			r := a.must(a.live, `{contacts {nodes {id}} employees {nodes {id}} operations {nodes {id}} events {nodes {id}} requests {nodes {id}} consentDefinitions {id} company {id} customer {id}}`)
			id := r.text(path)
			const query = `query($id: ID!) {node(id: $id) {id __typename}}`
			r = a.must(a.live, query, "id", id)
			equal(t, kind, r.text("node.__typename")+" "+r.text("node.id"), kind+" "+id)
			equal(t, kind+" to another Company", a.must(other.live, query, "id", id).text("node.id"), "")
			if kind != "ConsentDefinition" && kind != "Company" && kind != "Customer" {
				equal(t, kind+" to a test key", a.must(a.test, query, "id", id).text("node.id"), "")
			}
		}
		for _, id := range []string{"", "x", "contact_", "contact_01h455vb4pex5vsknk084sn02q", "event_zzzzzzzzzzzzzzzzzzzzzzzzzz", "nonsense_1", "Ünïcode_💥", "contact_' OR 1=1"} {
			equal(t, id, a.must(a.live, `query($id: ID!) {node(id: $id) {id}}`, "id", id).text("node.id"), "")
		}
	})
}

func TestRequestsGoTheirWay(t *testing.T) {
	each(t, func(t *testing.T, a *api) {
		a.fill(a.live, 3)
		r := a.run(a.live, "requestsCreate", `requests {id status contact {externalId} employee {externalId} ask link deliveries {status channel} expiresAt}
			items {externalId request {id} errors {code path}}`, map[string]any{"contactExternalIds": []string{"K-0001", "nobody", "K-0002"}, "ask": []string{"ADDRESS"}})
		equal(t, "Requests", len(r.at("payload.requests").([]any)), 2)
		equal(t, "Contact", r.text("payload.requests.0.contact.externalId")+r.text("payload.requests.0.employee.externalId"), "K-0001E-1")
		equal(t, "ask", fmt.Sprint(r.at("payload.requests.0.ask")), "[ADDRESS]")
		equal(t, "Deliveries", r.text("payload.requests.0.deliveries.0.status"), "QUEUED")
		equal(t, "unknown", r.text("payload.items.1.errors.0.code")+fmt.Sprint(r.at("payload.items.1.errors.0.path")), "NOT_FOUND[input contactExternalIds 1]")
		if !strings.HasPrefix(r.text("payload.requests.0.link"), "http://localhost:8080/u/") {
			t.Errorf("link: %q", r.text("payload.requests.0.link"))
		}
		id := r.text("payload.requests.1.id")
		without := slices.DeleteFunc(db.AllScopes(), func(right db.Right) bool { return right == db.RequestsLink })
		equal(t, "link without its scope", a.must(limited(a.live, without...), `query($id: ID!) {request(id: $id) {link ask}}`, "id", id).text("request.link"), "")
		r = a.run(a.live, "requestCancel", "request { status }", map[string]any{"id": id})
		equal(t, "cancelled", r.text("payload.request.status"), "CANCELLED")
		equal(t, "an unknown Request", a.run(a.live, "requestCancel", "request { id }", map[string]any{"id": "request_1"}).userErrors("payload"), "NOT_FOUND input.id")
		r = a.must(a.live, `{requests(filter: {status: CANCELLED, employeeExternalId: "E-2"}) {totalCount nodes {id status}} report {requests contacts responseRate}}`)
		equal(t, "filtered", r.text("requests.nodes.0.id"), id)
		equal(t, "report", r.text("report.requests")+r.text("report.contacts")+r.text("report.responseRate"), "23")
		stopped := a.run(a.live, "contactStop", "contact { stoppedAt }", map[string]any{"externalId": "K-0001", "reason": "by phone"})
		if stopped.text("payload.contact.stoppedAt") == "" {
			t.Error("the Contact was not stopped")
		}
		equal(t, "stopping a stranger", a.run(a.live, "contactStop", "contact { id }", map[string]any{"externalId": "x"}).userErrors("payload"), "NOT_FOUND input.externalId")
		r = a.run(a.live, "contactResume", "contact { stoppedAt }", map[string]any{"externalId": "K-0001"})
		equal(t, "resumed", r.text("payload.contact.stoppedAt"), "")
	})
}

func TestTheSandboxDoesWhatAContactWould(t *testing.T) {
	each(t, func(t *testing.T, a *api) {
		a.saveDefinition(t)
		a.fill(a.test, 3)
		a.run(a.test, "requestsCreate", "requests { id }", map[string]any{"contactExternalIds": []string{"K-0001", "K-0002"}})
		r := a.run(a.test, "sandboxRespond", `events {kind contact {familyName title emails {address}} request {status} consent {state channel wording definition {key} contact {externalId} request {id}} changes {field before after item}}`,
			map[string]any{
				"contactExternalId": "K-0001", "data": map[string]any{"familyName": "Neu", "emails": []any{map[string]any{"address": "neu@example.com"}}},
				"consents": []any{map[string]any{"key": "newsletter", "channel": "EMAIL", "granted": true}},
			})
		kinds := ""
		for i := range r.at("payload.events").([]any) {
			kinds += r.text(fmt.Sprintf("payload.events.%d.kind", i)) + " "
		}
		for _, want := range []string{"UPDATE ", "CONSENT_GRANTED "} {
			if !strings.Contains(kinds, want) {
				t.Errorf("there is no %s: %s", want, r.body)
			}
		}
		r = a.must(a.test, `{contact(externalId: "K-0001") {familyName givenName confirmedAt consents {state wording retainUntil definition {key}} requests {nodes {status}}}
			permission(contactExternalId: "K-0001", channel: EMAIL) {allowed code reason consent {id}} no: permission(contactExternalId: "K-0002", channel: PHONE, key: "newsletter") {allowed code}
			consents(filter: {contactExternalId: "K-0001", state: GRANTED, channel: EMAIL, key: "newsletter"}) {totalCount nodes {version locale documentUrl}}
			report {updated byDay {updated}}}`)
		equal(t, "Contact", r.text("contact.familyName")+r.text("contact.givenName")+r.text("contact.requests.nodes.0.status"), "NeuÄnneUPDATED")
		equal(t, "permission", r.text("permission.allowed")+r.text("permission.code")+r.text("no.allowed")+r.text("no.code"), "trueGRANTEDfalseNEVER_ASKED")
		equal(t, "Consents", r.text("consents.totalCount")+r.text("consents.nodes.0.documentUrl"), "1")
		equal(t, "wording", r.text("contact.consents.0.wording"), "Ja, ich möchte **Neuigkeiten**. Widerruf jederzeit.")
		equal(t, "report", r.text("report.updated")+r.text("report.byDay.0.updated"), "11")
		consent := map[string]any{"contactExternalId": "K-0001", "key": "newsletter", "channel": "EMAIL"}
		r = a.run(a.test, "consentUseRecord", "consents { lastUsedAt state }", consent)
		if r.text("payload.consents.0.lastUsedAt") == "" {
			t.Errorf("the use was not recorded: %s", r.body)
		}
		r = a.run(a.test, "consentWithdraw", "consents { state withdrawnAt }", consent)
		equal(t, "withdrawn", r.text("payload.consents.0.state"), "WITHDRAWN")
		equal(t, "use of what is withdrawn", a.run(a.test, "consentUseRecord", "consents { id }", consent).userErrors("payload"), "CONFLICT input.key")
		bad := map[string]any{"contactExternalId": "K-0001", "notMe": true, "confirm": true}
		equal(t, "a contradiction", a.run(a.test, "sandboxRespond", "events { id }", bad).userErrors("payload"), "INVALID input.notMe")
		// Consents outlive their Contact.
		a.run(a.test, "contactsDelete", "operation { id }", map[string]any{"externalIds": []string{"K-0001"}})
		r = a.must(a.test, `{consents {nodes {contact {id externalId emails {address}}}} contact(externalId: "K-0001") {id} events(last: 1) {nodes {kind contact {id} contactExternalId}}}`)
		equal(t, "Contact of a Consent", r.text("consents.nodes.0.contact.externalId"), "")
		equal(t, "event", r.text("events.nodes.0.kind")+r.text("events.nodes.0.contact.id")+r.text("events.nodes.0.contactExternalId"), "DELETEK-0001")
	})
}

func TestEventsAreAcknowledged(t *testing.T) {
	each(t, func(t *testing.T, a *api) {
		a.fill(a.live, 3)
		r := a.must(a.live, `{events(first: 2, filter: {kinds: [CREATE], consumer: "crm-sync"}) {totalCount nodes {id number}}}`)
		through := r.text("events.nodes.1.id")
		r = a.run(a.live, "eventsAcknowledge", "acknowledged", map[string]any{"consumer": "crm-sync", "through": through, "source": "crm"})
		equal(t, "acknowledged", r.text("payload.acknowledged"), "2")
		r = a.must(a.live, `{events(filter: {consumer: "crm-sync"}) {totalCount nodes {number}}}`)
		equal(t, "left", r.text("events.totalCount")+r.text("events.nodes.0.number"), "13")
		equal(t, "an unknown event", a.run(a.live, "eventsAcknowledge", "acknowledged", map[string]any{"consumer": "c", "through": "event_x"}).userErrors("payload"), "NOT_FOUND input.through")
		equal(t, "an unknown Source", a.run(a.live, "eventsAcknowledge", "acknowledged", map[string]any{"consumer": "c", "through": through, "source": "erp"}).userErrors("payload"), "NOT_FOUND input.source")
	})
}

func TestCompaniesAndBrandsAreChanged(t *testing.T) {
	each(t, func(t *testing.T, a *api) {
		r := a.run(a.live, "companyUpdate", "company { name senderName privacyUrl withEmployees timezone }", map[string]any{
			"name": "Neuer Name", "senderName": nil, "privacyUrl": "https://example.com/p", "withEmployees": false, "timezone": "Europe/Vienna",
		})
		equal(t, "Company", r.text("payload.company.name")+r.text("payload.company.senderName")+r.text("payload.company.withEmployees"), "Neuer Namefalse")
		r = a.run(a.live, "companyUpdate", "company { name }", map[string]any{"name": nil, "locale": "xx-!!", "timezone": "Mars", "withEmployees": true, "senderAddress": "x"})
		equal(t, "errors", r.userErrors("payload"), "REQUIRED input.name, INVALID_LOCALE input.locale, INVALID input.timezone, INVALID_EMAIL input.senderAddress")
		equal(t, "null", a.run(a.live, "companyUpdate", "company { name }", map[string]any{"withEmployees": nil}).userErrors("payload"), "REQUIRED input.withEmployees")
		equal(t, "another Company", a.run(a.live, "companyUpdate", "company { name }", map[string]any{"id": "company_1", "name": "x"}).userErrors("payload"), "NOT_FOUND input.id")
		r = a.run(a.live, "companyUpdate", "company { verification }", map[string]any{"verification": []any{"BIRTH_DATE", "EMAIL_CODE"}})
		equal(t, "Verification", r.text("payload.company.verification.0")+" "+r.text("payload.company.verification.1"), "BIRTH_DATE EMAIL_CODE")
		r = a.run(a.live, "companyUpdate", "company { verification }", map[string]any{"verification": []any{"SMS_CODE"}})
		equal(t, "a code by SMS", r.userErrors("payload"), "INVALID input.verification")
		r = a.run(a.live, "companyUpdate", "company { verification }", map[string]any{"verification": []any{"BIRTH_DATE", "POSTAL_CODE", "PHONE_DIGITS"}})
		equal(t, "three kinds", r.userErrors("payload"), "TOO_MANY_ITEMS input.verification")
		r = a.run(a.live, "companyUpdate", "company { verification }", map[string]any{"name": "Neuer Name"})
		equal(t, "Verification as it was", r.text("payload.company.verification.0"), "BIRTH_DATE")
		r = a.run(a.live, "companyUpdate", "company { verification }", map[string]any{"verification": nil})
		equal(t, "no Verification", r.userErrors("payload")+r.text("payload.company.verification"), "[]")
		r = a.run(a.live, "brandUpdate", "brand { name colors { primary accent } headingFont cornerRadius formality version }", map[string]any{
			"colors": map[string]any{"primary": "#0A5"}, "cornerRadius": "PILL", "formality": "INFORMAL",
		})
		equal(t, "Brand", r.text("payload.brand.colors.primary")+r.text("payload.brand.cornerRadius")+r.text("payload.brand.formality")+r.text("payload.brand.version"), "#00aa55PILLINFORMAL2")
		r = a.run(a.live, "brandUpdate", "brand { version }", map[string]any{"colors": map[string]any{"text": "no colour"}, "headingFont": "Comic Sans", "name": nil})
		for _, want := range []string{"REQUIRED input.name", "INVALID input.colors.text", "INVALID input.headingFont"} {
			if !strings.Contains(r.userErrors("payload"), want) {
				t.Errorf("%s is missing in %s", want, r.userErrors("payload"))
			}
		}
		r = a.run(a.live, "brandUpdate", "brand { version }", map[string]any{"name": strings.Repeat("n", 121)})
		equal(t, "a long name", r.userErrors("payload"), "TOO_LONG input.name")
		equal(t, "Brand as it was", a.must(a.live, `{company {brand {version}}}`).text("company.brand.version"), "2")
	})
}

func TestStrangeValuesGetClearAnswers(t *testing.T) {
	each(t, func(t *testing.T, a *api) {
		a.fill(a.live, 2)
		tests := []struct{ query, code, path string }{
			{`{contact(externalId: "a\u0000b") {id}}`, "BAD_VARIABLE", "externalId"},
			{`{contacts(filter: {search: "\u0000"}) {nodes {id}}}`, "BAD_VARIABLE", "filter.search"},
			{`{node(id: "contact_\u0000") {id}}`, "BAD_VARIABLE", "id"},
			{`{permission(contactExternalId: "a", channel: FAX) {code}}`, "BAD_VARIABLE", "channel"},
			{`{report(filter: {since: "2026-02-30"}) {contacts}}`, "BAD_VARIABLE", "filter.since"},
			{`{report(filter: {since: "2026-02-02", until: "2026-01-01"}) {contacts}}`, "INVALID", "until"},
			{`{report(filter: {since: "0001-01-01", until: "9999-12-31"}) {contacts}}`, "", ""},
			{`{contacts(filter: {updatedSince: "yesterday"}) {nodes {id}}}`, "BAD_VARIABLE", "filter.updatedSince"},
			{`{contacts(filter: {updatedSince: "0001-01-01T00:00:00Z"}) {nodes {id}}}`, "", ""},
			{`{events(filter: {since: "9999-12-31T23:59:59Z"}) {nodes {id}}}`, "", ""},
			{`{contact {id}}`, "REQUIRED", "externalId"},
			{`{contact(id: "a", externalId: "b") {id}}`, "INVALID", "externalId"},
			{`{contact(externalId: "مرحبا\u202e😀", source: "nowhere") {id}}`, "", ""},
			{`{contacts(filter: {search: "%_\\' OR 1=1 --", employeeExternalId: "💥"}) {nodes {id}}}`, "", ""},
			{`{contacts(orderBy: SHOE_SIZE) {nodes {id}}}`, "BAD_VARIABLE", "orderBy"},
			{`{contacts(first: 99999999999999999999) {nodes {id}}}`, "BAD_VARIABLE", "first"},
			{`{contacts(first: 200000) {nodes {id}}}`, "BAD_PAGE_SIZE", "first"},
			{`{contacts(last: 1001) {nodes {id}}}`, "BAD_PAGE_SIZE", "last"},
			{`query($id: ID!) {node(id: $id) {id}}`, "BAD_VARIABLE", "id"},
			{`{events(filter: {consumer: "x", kinds: []}) {nodes {id}}}`, "", ""},
		}
		for _, tt := range tests {
			r := a.call(a.live, tt.query)
			equal(t, tt.query, r.code()+" "+r.path(), tt.code+" "+tt.path)
			if r.status >= 500 {
				t.Errorf("%s: status %d", tt.query, r.status)
			}
		}
		for _, input := range []map[string]any{
			{"contactExternalId": "K-0001", "data": map[string]any{"givenName": "a\x00"}},
			{"contactExternalId": "K-0001", "data": map[string]any{"familyName": strings.Repeat("n", 300)}},
		} {
			a.fill(a.test, 2)
			r := a.run(a.test, "sandboxRespond", "events { id }", input)
			if !strings.Contains(r.userErrors("payload"), " input.data.") {
				t.Errorf("errors: %s", r.body)
			}
		}
		r := a.call(a.test, `mutation($d: ContactAnswerInput) {sandboxRespond(input: {contactExternalId: "K-0001", data: $d}) {events {id}}}`, "d", map[string]any{"givenname": "x"})
		equal(t, "an unknown field", r.code()+" "+r.path(), "BAD_VARIABLE d.givenname")
	})
}

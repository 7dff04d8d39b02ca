package graph_test

import (
	"strings"
	"testing"

	"complero/db"
)

// whole is all that a report tells.
const whole = `{since until contacts requests sent delivered failed updated confirmed declined answered enquiries responseRate updateRate deliveryRate suppressed
	medianHoursToAnswer bySource {key sent} byChannel {key sent bounced stopped deliveryRate} byEmployee(first: 5) {key label sent responseRate}
	consents {key title net} coverage {asOf contacts fields {field filled share ages {fromMonths toMonths contacts}}}
	savings(letterPrice: {amount: 0.5, currency: "EUR"}) {letters amount price {currency}} asOf byDay {date sent failed} previous {requests since until}}`

func (a *api) rollUp(t *db.Tenant) {
	a.t.Helper()
	system, err := a.store.Work(a.t.Context(), db.TenantRef{CompanyID: t.Company.ID, Mode: t.Mode})
	if err == nil {
		_, err = system.RollUpReport(a.t.Context())
	}
	if err == nil {
		_, err = system.MeasureCoverage(a.t.Context())
	}
	if err != nil {
		a.t.Fatal(err)
	}
}

func TestAReportTellsAllOfItsFigures(t *testing.T) {
	each(t, func(t *testing.T, a *api) {
		a.plant(t)
		if r := a.must(a.live, "{report(filter: {since: \"2026-01-31\"}) "+whole+"}"); r.at("report.coverage") != nil || r.text("report.previous.until") != "2026-01-30" {
			t.Errorf("unmeasured: %s", r.body)
		}
		a.rollUp(a.live)
		r := a.must(a.live, "{report "+whole+" customerReport {total {contacts} companies {company {name} report {contacts}}} customer {report {contacts}}}")
		equal(t, "measured", r.text("report.coverage.contacts"), r.text("report.contacts"))
		equal(t, "side by side", r.text("customerReport.companies.0.report.contacts"), r.text("report.contacts"))
		equal(t, "in all", r.text("customerReport.total.contacts"), r.text("customer.report.contacts"))
		if r.text("report.asOf") == "" || r.text("report.byEmployee.0.key") == "" || r.text("report.savings.price.currency") != "EUR" {
			t.Errorf("rolled up: %s", r.body)
		}
		bad := a.call(a.live, "{report {byEmployee(first: 0) {key}}}")
		equal(t, "page", bad.code(), "BAD_PAGE_SIZE")
		bad = a.call(a.live, `{report {savings(letterPrice: {amount: -1, currency: "EUR"}) {letters}}}`)
		equal(t, "price", bad.code()+" "+bad.path(), "INVALID letterPrice.amount")
	})
}

// TestAnAgencyLearnsNothingOfTheWholeCompany looks at a report as an agency.
func TestAnAgencyLearnsNothingOfTheWholeCompany(t *testing.T) {
	each(t, func(t *testing.T, a *api) {
		a.run(a.live, "sourceSave", "source { key }", map[string]any{"key": "agency", "name": "Agentur"})
		a.plant(t)
		a.rollUp(a.live)
		r := a.must(a.user(db.Grant{Role: db.AgencyRole, Source: "agency"}), "{report "+whole+"}")
		for _, none := range []string{"report.bySource.0", "report.byChannel.0", "report.byEmployee.0", "report.coverage", "report.savings", "report.suppressed", "report.deliveryRate"} {
			if r.at(none) != nil {
				t.Errorf("the agency sees %s: %s", none, r.body)
			}
		}
	})
}

func TestACustomersReportAddsItsCompaniesUp(t *testing.T) {
	each(t, func(t *testing.T, a *api) {
		other, err := a.store.CreateAccount(t.Context(), db.Setup{Customer: "Muster Versicherung Gruppe", Company: "Zweite", Country: "DE", Locale: "de"})
		if err != nil {
			t.Fatal(err)
		}
		stranger := newAPI(t, a.store, "Fremd")
		for key, n := range map[*db.Tenant]int{a.live: 2, a.tenant(other.LiveKey): 3, stranger.live: 7} {
			var items []any
			for i := range n {
				items = append(items, map[string]any{"externalId": strings.Repeat("x", i+1), "familyName": "F"})
			}
			a.run(key, "contactsUpload", "operation { id }", map[string]any{"contacts": items})
			a.rollUp(key)
		}
		const query = "{customerReport {total {contacts coverage {contacts}} companies {company {name} report {contacts}}}}"
		equal(t, "an administrator of all", a.must(a.user(db.Grant{Role: db.CustomerAdmin}), query).body,
			`{"data":{"customerReport":{"total":{"contacts":5,"coverage":{"contacts":5}},"companies":[{"company":{"name":"Muster Versicherung"},"report":{"contacts":2}},{"company":{"name":"Zweite"},"report":{"contacts":3}}]}}}`)
		equal(t, "of one", a.must(a.user(db.Grant{Role: db.CompanyAdmin}), query).text("customerReport.total.contacts"), "2")
		equal(t, "a key", a.must(a.live, query).text("customerReport.total.contacts"), "2")
	})
}

func TestACustomReportIsCheckedBeforeItIsSaved(t *testing.T) {
	each(t, func(t *testing.T, a *api) {
		good := map[string]any{
			"name": "Antworten", "chart": "BARS", "rows": "report.byDay", "label": "date", "values": []string{"updated", "confirmed"},
			"document": "query($since: Date!, $until: Date) { report(filter: {since: $since, until: $until}) { byDay { date ...numbers } } } fragment numbers on ReportDay { updated confirmed }",
		}
		with := func(changes ...any) map[string]any {
			in := map[string]any{}
			for k, v := range good {
				in[k] = v
			}
			for i := 0; i < len(changes); i += 2 {
				in[changes[i].(string)] = changes[i+1]
			}
			return in
		}
		save := func(as *db.Tenant, in map[string]any) *reply {
			return a.run(as, "customReportSave", "customReport { id name values }", in)
		}
		made := save(a.live, good)
		id := made.text("payload.customReport.id")
		equal(t, "saved", made.text("payload.customReport.values.1"), "confirmed")
		for want, in := range map[string]map[string]any{
			"INVALID input.document": with("document", "mutation { contactStop(input: {externalId: \"x\"}) { contact { id } } }"),
			"INVALID input.rows":     with("rows", "report"),
			"INVALID input.label":    with("label", "updated.x"),
			"INVALID input.values":   with("values", []string{"id"}),
			"NOT_FOUND input.id":     with("id", "customreport_none"),
			"REQUIRED input.name":    with("name", " "),
		} {
			equal(t, want, save(a.live, in).userErrors("payload"), want)
		}
		for _, document := range []string{
			"{ nothing }", "{", "query A { report { contacts } } query B { report { contacts } }", "query($id: ID!) { contact(id: $id) { id } }",
			"{ contacts(first: 1000) { nodes { events(first: 1000) { nodes { id } } } } }",
		} {
			equal(t, document, save(a.live, with("document", document)).userErrors("payload"), "INVALID input.document")
		}
		reader := a.user(db.Grant{Role: db.CustomerReader})
		forbidden := func(as *db.Tenant, name, input string, in map[string]any) {
			t.Helper()
			equal(t, name, a.call(as, "mutation($input: "+input+"!) { "+name+"(input: $input) { userErrors { code } } }", "input", in).code(), "FORBIDDEN")
		}
		forbidden(reader, "customReportSave", "CustomReportSaveInput", with("id", id))
		schedule := map[string]any{"every": "WEEKLY", "format": "CSV", "recipients": []string{reader.Viewer.UserID}}
		forbidden(a.live, "reportScheduleSave", "ReportScheduleSaveInput", schedule)
		schedule["customReportId"] = id
		forbidden(reader, "reportScheduleSave", "ReportScheduleSaveInput", schedule)
		admin := a.user(db.Grant{Role: db.CompanyAdmin})
		planned := a.run(admin, "reportScheduleSave", "schedule { id ownerId nextAt recipients }", schedule)
		equal(t, "planned", planned.text("payload.schedule.ownerId"), admin.Viewer.UserID)
		schedule["recipients"] = []string{reader.Viewer.UserID, "user_x"}
		equal(t, "nobody", a.run(admin, "reportScheduleSave", "schedule { id }", schedule).userErrors("payload"), "NOT_FOUND input.recipients.1")
		a.run(a.live, "customReportDelete", "customReport { id }", map[string]any{"id": id})
		equal(t, "ended", a.must(admin, "{reportSchedules {id} customReports {id}}").body, `{"data":{"reportSchedules":[],"customReports":[]}}`)
	})
}

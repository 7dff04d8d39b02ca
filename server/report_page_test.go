package main_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"complero/db/dbtest"
)

// TestTheReportIsShownTakenAlongAndPlanned works on the report's pages.
func TestTheReportIsShownTakenAlongAndPlanned(t *testing.T) {
	for _, engine := range []dbtest.Engine{dbtest.SQLite, dbtest.Postgres} {
		t.Run(string(engine), func(t *testing.T) {
			i, c, own, other := onDesk(t, engine)
			const root = "/app/nordlicht-zwei/report"
			c.expect(root, nil, http.StatusOK, `class="empty"`, "Nothing to report yet")
			i.call(own.LiveKey, `mutation { contactsUpload(input: {contacts: [{externalId: "K-1", familyName: "<b>Frohn</b>", emails: [{address: "a@example.net"}]}]}) { operation { id } } }`, nil, &struct{}{})
			contactID(t, i, own.LiveKey)
			c.expect(root, nil, http.StatusOK, "<strong>1</strong>", "<svg role=\"img\" aria-labelledby=\"days-title days-desc\"", root+"/file/report.pdf?")
			c.expect(root+"?since=2026-01-01&until=2026-02-31", nil, http.StatusOK, "no days in their order")
			c.expect(root+"?since=2026-01-01&until=2026-01-31&before=2025-01-01&beforeUntil=2025-01-31", nil, http.StatusOK, "compared with 1 January 2025 to 31 January 2025")
			c.expect(root+"/companies", nil, http.StatusOK, "Nordlicht Zwei", "All together")
			for file, want := range map[string]string{"report.csv": "\uFEFFSection,", "report.xlsx": "PK", "report.pdf": "%PDF-1."} {
				if status, body := c.get(root + "/file/" + file + "?since=2026-01-01&until=2026-12-31"); status != http.StatusOK || !strings.HasPrefix(body, want) {
					t.Errorf("%s is %d %.60q", file, status, body)
				}
			}
			for _, path := range []string{"/app/sudlicht/report", root + "/file/report.exe", root + "/custom/customreport_none", root + "/custom/x.csv"} {
				c.expect(path, nil, http.StatusNotFound)
			}
			c.planned(root)
			c.composed(root)
			i.exported(t, own.LiveKey, other.LiveKey)
			i.stop()
		})
	}
}

var userIDs = regexp.MustCompile(`user_[0-9a-z]{26}`)

// planned has a report mailed, and ends that; and says what a letter costs.
func (c *clerk) planned(root string) {
	c.Helper()
	me := userIDs.FindString(c.expect(root, nil, http.StatusOK, "Nobody is mailed this report yet."))
	status, body := c.post(root+"/schedule", url.Values{"every": {"WEEKLY"}, "format": {"CSV"}})
	if status != http.StatusUnprocessableEntity || !strings.Contains(body, "1 to 20 Users") || !strings.Contains(body, `value="WEEKLY" selected`) {
		c.Errorf("nobody to mail to is answered %d\n%s", status, body)
	}
	if status, body = c.post(root+"/schedule", url.Values{"every": {"MONTHLY"}, "format": {"PDF"}, "to": {me}}); status != http.StatusOK || !strings.Contains(body, "on the first, on the month before, PDF") {
		c.Errorf("a schedule is answered %d\n%s", status, body)
	}
	id := regexp.MustCompile(`reportschedule_[0-9a-z]{26}`).FindString(body)
	if status, body = c.post(root+"/schedule/delete", url.Values{"id": {id}}); status != http.StatusOK || strings.Contains(body, id) {
		c.Errorf("ending it is answered %d", status)
	}
	if status, body = c.post(root+"/price", url.Values{"amount": {"viel"}, "currency": {"EUR"}}); status != http.StatusUnprocessableEntity || !strings.Contains(body, `value="viel"`) {
		c.Errorf("no amount is answered %d", status)
	}
	if status, body = c.post(root+"/price", url.Values{"amount": {"0,385"}, "currency": {"eur"}}); status != http.StatusOK || !strings.Contains(body, "0.385 EUR") {
		c.Errorf("a price is answered %d\n%s", status, body)
	}
}

// composed writes a report, mends it, looks at it and deletes it.
func (c *clerk) composed(root string) {
	c.Helper()
	form := url.Values{
		"name": {"Wer <i>da</i> ist"}, "chart": {"LINE"}, "rows": {"contacts.nodes"}, "label": {"familyName"}, "values": {"externalId"},
		"document": {"{ contacts(first: 5) { nodes { familyName nothing } } }"},
	}
	if status, body := c.post(root+"/custom/new", form); status != http.StatusUnprocessableEntity || !strings.Contains(body, "nothing") || !strings.Contains(body, "Wer &lt;i&gt;") {
		c.Errorf("a wrong query is answered %d\n%s", status, body)
	}
	form.Set("document", "{ contacts(first: 5) { nodes { familyName externalId } } }")
	status, body := c.post(root+"/custom/new", form)
	if status != http.StatusOK || !strings.Contains(body, "&lt;b&gt;Frohn&lt;/b&gt;") || !strings.Contains(body, "K-1") {
		c.Errorf("a report of one's own is answered %d\n%s", status, body)
	}
	id := regexp.MustCompile(`customreport_[0-9a-z]{26}`).FindString(body)
	if status, body = c.get(root + "/custom/" + id + ".csv"); status != http.StatusOK || body != "\uFEFFfamilyName,externalId\r\n<b>Frohn</b>,K-1\r\n" {
		c.Errorf("its file is %d %q", status, body)
	}
	if status, body = c.post(root+"/custom/"+id, url.Values{"delete": {"yes"}}); status != http.StatusOK || strings.Contains(body, id) {
		c.Errorf("deleting it is answered %d", status)
	}
}

// exported takes the report along by API keys.
func (i *installation) exported(t *testing.T, own, other string) {
	t.Helper()
	for path, want := range map[string]int{"report.csv": 200, "report.pdf?since=2026-01-01&until=2026-03-31": 200, "report.xlsx?since=x": 400, "report.csv?since=2026-02-01&until=2026-01-01": 400} {
		for _, key := range []string{own, other} {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, i.URL+"/export/"+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Authorization", "Bearer "+key)
			answer, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			_ = answer.Body.Close() // its status tells
			if answer.StatusCode != want {
				t.Errorf("%s is %d, want %d", path, answer.StatusCode, want)
			}
		}
	}
}

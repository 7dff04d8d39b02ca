package main_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"net/mail"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/jhillyerd/enmime/v2"

	"complero/db/dbtest"
	"complero/server/browsertest"
	"complero/server/deliver/smtptest"
)

// The main job, end to end: a Company uploads its Employees and Contacts,
// asks one Contact by mail, who changes the address and ticks a Consent on
// the page, and everybody learns of it.
func TestTheMainJobFromUploadToEvent(t *testing.T) {
	onEach(t, func(t *testing.T, engine dbtest.Engine) {
		sink := smtptest.Start(t, smtptest.Behaviour{})
		i := install(t, engine, "--smtp", sink.URL())
		a := i.setup("Nordlicht")
		i.start()
		uploadFiles(t, i, a.LiveKey)
		defineConsent(t, i, a.LiveKey)

		before := reportOf(t, i, a.LiveKey)
		askOne(t, i, a.LiveKey, "K-100000")
		message := arrived(t, sink, "juliane.kettenis@mail.example.net")
		checkRequestMail(t, message)
		link := regexp.MustCompile(regexp.QuoteMeta(i.URL) + `/u/[a-z2-7]{26}\b`).FindString(message.Text)
		if link == "" {
			t.Fatalf("no link in the mail:\n%s", message.Text)
		}
		answerInBrowser(t, link)
		checkAnswer(t, i, a.LiveKey)

		notice := arrived(t, sink, "helfried_baum@agentur.example.com", "defne_kupfer@agentur.example.com", employeeOf("K-100000"))
		if !strings.Contains(notice.Text, "Kettenis") || !strings.Contains(notice.Text, "Neue Allee") {
			t.Errorf("the Employee's mail does not tell what changed:\n%s", notice.Text)
		}
		after := reportOf(t, i, a.LiveKey)
		if after.Updated != before.Updated+1 || after.Requests != before.Requests+1 || after.Contacts != 1000 {
			t.Errorf("the report went from %+v to %+v", before, after)
		}
		i.stop()
	})
}

// rows reads one of the example files, by column.
func rows(t testing.TB, file string) []map[string]string {
	t.Helper()
	f, err := os.Open("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var list []map[string]string
	for _, line := range lines[1:] {
		row := map[string]string{}
		for n, name := range lines[0] {
			row[strings.TrimPrefix(name, "\ufeff")] = line[n]
		}
		list = append(list, row)
	}
	return list
}

// exampleContacts are the rows of contacts-1000.csv as the API takes them.
func exampleContacts(t testing.TB) []map[string]any {
	var contacts []map[string]any
	for _, r := range rows(t, "contacts-1000.csv") {
		c := map[string]any{"customFields": map[string]any{"licencePlate": r["customFields.licencePlate"]}}
		for _, field := range []string{"externalId", "salutation", "title", "givenName", "familyName", "birthDate", "employee"} {
			if r[field] != "" {
				c[field] = r[field]
			}
		}
		c["emails"], c["phones"] = []any{}, []any{}
		if r["email"] != "" {
			c["emails"] = []any{map[string]any{"address": r["email"]}}
		}
		if r["mobile"] != "" {
			c["phones"] = []any{map[string]any{"number": r["mobile"]}}
		}
		c["addresses"] = []any{map[string]any{
			"street": r["street"], "houseNumber": r["houseNumber"], "postalCode": r["postalCode"], "city": r["city"], "countryCode": r["countryCode"],
		}}
		contacts = append(contacts, c)
	}
	return contacts
}

func uploadFiles(t testing.TB, i *installation, key string) {
	t.Helper()
	var employees []map[string]any
	for _, r := range rows(t, "employees-12.csv") {
		e := map[string]any{}
		for name, value := range r {
			e[name] = value
		}
		employees = append(employees, e)
	}
	var got struct{ EmployeesUpload uploaded }
	i.call(key, `mutation($input: EmployeesUploadInput!) { employeesUpload(input: $input) { operation { id } userErrors { code message path } } }`,
		map[string]any{"input": map[string]any{"employees": employees}}, &got)
	if len(got.EmployeesUpload.UserErrors) > 0 {
		t.Fatal(got.EmployeesUpload.UserErrors)
	}
	if op := i.finish(key, got.EmployeesUpload.Operation.ID); op.Created != 12 {
		t.Fatalf("Employees: %+v", op)
	}
	id, err := i.upload(key, exampleContacts(t))
	if err != nil {
		t.Fatal(err)
	}
	if op := i.finish(key, id); op.Created != 1000 || op.Status != "COMPLETED" {
		t.Fatalf("Contacts: %+v", op)
	}
}

func defineConsent(t *testing.T, i *installation, key string) {
	t.Helper()
	var got struct {
		ConsentDefinitionSave struct{ UserErrors []userError }
	}
	i.call(key, `mutation { consentDefinitionSave(input: {key: "news", advertising: true, channels: [EMAIL], wordings: [
		{locale: "de", title: "Neuigkeiten", wording: "Ja, die Nordlicht AG darf mir **Neuigkeiten** per E-Mail senden. Ich kann das jederzeit widerrufen."}]})
		{ userErrors { code message path } } }`, nil, &got)
	if len(got.ConsentDefinitionSave.UserErrors) > 0 {
		t.Fatal(got.ConsentDefinitionSave.UserErrors)
	}
}

func askOne(t *testing.T, i *installation, key, externalID string) {
	t.Helper()
	var got struct {
		RequestsCreate struct {
			Requests   []struct{ Status string }
			UserErrors []userError
		}
	}
	i.call(key, `mutation($id: String!) { requestsCreate(input: {contactExternalIds: [$id]}) { requests { status } userErrors { code message path } } }`,
		map[string]any{"id": externalID}, &got)
	if len(got.RequestsCreate.UserErrors) > 0 || len(got.RequestsCreate.Requests) != 1 {
		t.Fatalf("%+v", got)
	}
}

// arrived waits for a message to one of these addresses.
func arrived(t *testing.T, sink *smtptest.Server, to ...string) *enmime.Envelope {
	t.Helper()
	for range 600 {
		for _, m := range sink.Mails() {
			for _, address := range to {
				if strings.EqualFold(m.To, address) {
					e, err := enmime.ReadEnvelope(bytes.NewReader(m.Data))
					if err != nil {
						t.Fatal(err)
					}
					return e
				}
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("no mail to %v", to)
	return nil
}

func employeeOf(externalID string) string {
	f, err := os.ReadFile("testdata/contacts-1000.csv")
	if err != nil {
		return ""
	}
	line := regexp.MustCompile(`(?m)^` + externalID + `,.*,(V-\d+),`).FindSubmatch(f)
	g, err := os.ReadFile("testdata/employees-12.csv")
	if err != nil || line == nil {
		return ""
	}
	found := regexp.MustCompile(`(?m)^` + string(line[1]) + `,[^,]*,[^,]*,([^,]*),`).FindSubmatch(g)
	return strings.ToLower(string(found[1]))
}

func checkRequestMail(t *testing.T, m *enmime.Envelope) {
	t.Helper()
	from, err := mail.ParseAddress(m.GetHeader("From"))
	if err != nil || from.Address != "kontakt@nordlicht.example.com" || !strings.Contains(from.Name, "Nordlicht") {
		t.Errorf("From: %s, %v", m.GetHeader("From"), err)
	}
	if got := m.GetHeader("Reply-To"); !strings.Contains(strings.ToLower(got), employeeOf("K-100000")) {
		t.Errorf("Reply-To: %s, want the Employee %s", got, employeeOf("K-100000"))
	}
	if got := m.GetHeader("List-Unsubscribe-Post"); got != "List-Unsubscribe=One-Click" {
		t.Errorf("List-Unsubscribe-Post: %s", got)
	}
	if !regexp.MustCompile(`^<http.*/u/[a-z2-7]{26}/stop>$`).MatchString(m.GetHeader("List-Unsubscribe")) {
		t.Errorf("List-Unsubscribe: %s", m.GetHeader("List-Unsubscribe"))
	}
	for _, want := range []string{"Sehr geehrte Frau Prof. Dr. Kettenis", "Hafenstraße 1", "/stop"} {
		if !strings.Contains(m.Text, want) {
			t.Errorf("the text part lacks %q:\n%s", want, m.Text)
		}
	}
	if m.HTML == "" {
		t.Error("there is no HTML part")
	}
}

// answerInBrowser does what the Contact does, on a phone without JavaScript.
func answerInBrowser(t *testing.T, link string) {
	t.Helper()
	var log browsertest.Log
	ctx := browsertest.New(t, browsertest.WithoutJavaScript(), browsertest.Record(&log))
	street := chromedp.CSS(`input[name="addresses.0.street"]`)
	steps := []chromedp.Action[chromedp.Void]{
		chromedp.Navigate(link),
		chromedp.Click(chromedp.CSS(`a[href$="/form"]`)),
		chromedp.WaitVisible(street),
		chromedp.Clear(street),
		chromedp.SendKeys(street, "Neue Allee"),
		chromedp.Click(chromedp.CSS(`input[type="checkbox"][name^="consent"]`)),
		chromedp.Click(chromedp.CSS(`button.button[value="review"]`)),
		chromedp.WaitVisible(chromedp.CSS(`button[value="save"]`)),
		chromedp.Click(chromedp.CSS(`button[value="save"]`)),
		chromedp.WaitVisible(chromedp.CSS(`p.inline a`)),
	}
	for n, step := range steps {
		if err := chromedp.Do(ctx, step); err != nil {
			t.Fatalf("step %d: %v", n, err)
		}
	}
	if errs := log.Errors(); len(errs) > 0 {
		t.Errorf("the pages complain: %q", errs)
	}
	if hosts := log.Hosts(); len(hosts) != 1 {
		t.Errorf("the pages asked %v", hosts)
	}
}

func checkAnswer(t *testing.T, i *installation, key string) {
	t.Helper()
	all := i.events(key)
	for n, e := range all {
		if e.Number != int64(n+1) {
			t.Fatalf("event %d has number %d", n+1, e.Number)
		}
	}
	n := kinds(all)
	if n["UPDATE"] != 1 || n["CONSENT_GRANTED"] != 1 || n["CREATE"] != 1000 || n["CONFIRM"] != 0 || n["REQUEST_SENT"] != 1 {
		t.Errorf("events %v", n)
	}
	for _, e := range all {
		if e.Kind != "UPDATE" {
			continue
		}
		if len(e.Changes) != 1 || fmt.Sprint(e.Changes[0].Field, e.Changes[0].Before, e.Changes[0].After) != "addresses[0].streetAlkenrather Str.Neue Allee" {
			t.Errorf("UPDATE says %+v", e.Changes)
		}
	}
	var got struct {
		Contact struct {
			ConfirmedAt *string
			Requests    struct{ Nodes []struct{ Status string } }
		}
		Permission struct {
			Allowed bool
			Code    string
		}
	}
	i.call(key, `{ contact(externalId: "K-100000") { confirmedAt requests(first: 1) { nodes { status } } }
		permission(contactExternalId: "K-100000", channel: EMAIL) { allowed code } }`, nil, &got)
	if !got.Permission.Allowed || got.Permission.Code != "GRANTED" || got.Contact.Requests.Nodes[0].Status != "UPDATED" {
		t.Errorf("%+v", got)
	}
}

type report struct{ Contacts, Requests, Updated, Confirmed, Delivered int }

func reportOf(t *testing.T, i *installation, key string) report {
	t.Helper()
	var got struct{ Report report }
	i.call(key, `{ report { contacts requests updated confirmed delivered } }`, nil, &got)
	return got.Report
}
